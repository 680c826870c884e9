"""Those present as casting sees them: places in a row, groups of these, how often each two have met. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from bot.domain.casting.rotation import turn_after, turns_on_stage
from bot.domain.casting.types import History
from bot.domain.ids import PersonId


@dataclass(frozen=True, slots=True)
class Group:
    """Some of those present: their `places` ascending, the same as bits of `mask`, and the numbers of their pairs."""

    places: tuple[int, ...]
    mask: int
    pairs: tuple[int, ...]


@lru_cache(maxsize=64)
def groups_of(people: int, size: int) -> tuple[Group, ...]:
    """All groups of that many, in order."""
    number = {pair: at for at, pair in enumerate(combinations(range(people), 2))}
    return tuple(
        Group(places, sum(1 << place for place in places), tuple(number[pair] for pair in combinations(places, 2)))
        for places in combinations(range(people), size)
    )


@dataclass(frozen=True, slots=True)
class Company:
    """Those present, ascending; for each how many scenes count; for each pair, in order, how often they met.

    Meetings are counted from the pair's fair share on, so that newcomers and regulars can be compared.
    """

    people: tuple[PersonId, ...]
    turns: tuple[int, ...]
    met: tuple[int, ...]

    def whose_turn(self, size: int) -> tuple[int, int]:
        """Who has to be in the next group of that many, and who may be, as masks: fewest scenes go first."""
        must = may = 0
        for number in sorted(set(self.turns)):
            must = may
            may |= sum(1 << place for place, turns in enumerate(self.turns) if turns == number)
            if may.bit_count() >= size:
                break
        return must, may

    def waiting_after(self, group: Group) -> int:
        """Who, as a mask, has not been on stage in the round that goes on after this group; everybody in a new one."""
        most = max(self.turns)
        turns = [
            turn_after(count, most) if group.mask >> place & 1 else count for place, count in enumerate(self.turns)
        ]
        waiting = sum(1 << place for place, count in enumerate(turns) if count < max(turns))
        return waiting or (1 << len(turns)) - 1


def company_of(present: Sequence[PersonId], history: History) -> Company:
    """Those present (person ids, ascending) with what they played before."""
    turns = turns_on_stage(history.appearances)
    return Company(
        tuple(present),
        tuple(turns.get(person, 0) for person in present),
        tuple(_met(pair, history) for pair in combinations(present, 2)),
    )


def _met(pair: tuple[PersonId, PersonId], history: History) -> int:
    # Whole numbers, so that pairs with the same share stay exactly as far apart as they are.
    return history.pairs.get(pair, 0) - round(history.shares.get(pair, 0.0))
