"""What the simulation must show."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Final

from tools.simulation.measures import PARTS, Served
from tools.simulation.serving import WANTED
from tools.simulation.voices import CHARACTERS, Held

REACHED: Final = 0.95
WASTE: Final = 0.05
COVERED: Final = 0.9
FOUND: Final = 0.9


def missed(served: Sequence[Served], held: Sequence[Held]) -> list[str]:
    """Return a sentence for each target that this queue or the statistics miss."""
    inside = sum(one.inside for one in held) / (len(held) * (CHARACTERS - 1))
    said = {
        f"fewer than {REACHED:.0%} of turns reach {WANTED} answers": mean(one.reached for one in served) < REACHED,
        f"more than {WASTE:.0%} of answers are waste": mean(one.waste for one in served) > WASTE,
        f"a turn has more than {WANTED + 1} answers": max(one.most for one in served) > WANTED + 1,
        f"d′ is in less than {COVERED:.0%} of its intervals": inside < COVERED,
        f"less than {FOUND:.0%} of breaks are found": mean(one.is_found for one in held) < FOUND,
    }
    for place, share in enumerate(PARTS):
        covered = mean(one.parts[place].is_covered for one in served)
        said[f"at {share:.0%} of the budget, α is in less than {COVERED:.0%} of its intervals"] = covered < COVERED
    return [sentence for sentence, is_missed in said.items() if is_missed]
