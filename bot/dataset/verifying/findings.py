"""What a check of a dataset found, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

MOST_EXAMPLES: Final = 5
"""How many of the things that are wrong in the same way are named."""


@dataclass(slots=True)
class Findings:
    """`done` says what was checked and is right, `wrong` what is not. Without anything wrong, the dataset is whole."""

    done: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])

    def check(self, right: str, wrong: str, which: Iterable[str]) -> None:
        """Note one check: `right` if nothing is wrong, otherwise `wrong` with some of the things that are."""
        found = sorted(set(which))
        if not found:
            self.done.append(right)
            return
        more = f" and {len(found) - MOST_EXAMPLES} more" if len(found) > MOST_EXAMPLES else ""
        self.wrong.append(f"{wrong}: {', '.join(found[:MOST_EXAMPLES])}{more}.")
