"""The people present, as casting sees them: numbered places, groups of places, and how often each pair met. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from bot.domain.casting.rotation import count_after, counted_scenes
from bot.domain.casting.types import History
from bot.domain.ids import PersonId


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the people present: their `places`, ascending, as bits of `mask`, and the numbers of their pairs."""

    places: tuple[int, ...]
    mask: int
    pairs: tuple[int, ...]


@lru_cache(maxsize=64)
def groups_of(people: int, size: int) -> tuple[Group, ...]:
    """Return all groups of `size` among `people` places, in order."""
    number = {pair: at for at, pair in enumerate(combinations(range(people), 2))}
    return tuple(
        Group(places, sum(1 << place for place in places), tuple(number[pair] for pair in combinations(places, 2)))
        for places in combinations(range(people), size)
    )


def group_at(people: int, places: Sequence[int]) -> Group:
    """Return the group at these places, ascending, among `people` places. Pairs are numbered as in `groups_of`."""
    pairs = tuple(one * (2 * people - one - 1) // 2 + other - one - 1 for one, other in combinations(places, 2))
    return Group(tuple(places), sum(1 << place for place in places), pairs)


def places_of(mask: int) -> list[int]:
    """Return the places of a mask, ascending."""
    return [place for place in range(mask.bit_length()) if mask >> place & 1]


@dataclass(frozen=True, slots=True)
class Company:
    """The people present, ascending; how many scenes count for each; and how often each pair met, in order.

    A pair's meetings are counted from its fair share on, so that newcomers and regulars can be compared.
    """

    people: tuple[PersonId, ...]
    scenes: tuple[int, ...]
    met: tuple[int, ...]

    def who_is_next(self, size: int) -> tuple[int, int]:
        """Return who must be in the next group of `size`, and who can be, as masks: the fewest scenes go first."""
        must = may = 0
        for number in sorted(set(self.scenes)):
            must = may
            may |= sum(1 << place for place, count in enumerate(self.scenes) if count == number)
            if may.bit_count() >= size:
                break
        return must, may

    def waiting_after(self, group: Group) -> int:
        """Return, as a mask, who is still to be on stage in this round after this group; everyone in a new round."""
        most = max(self.scenes)
        counts = [
            count_after(count, most) if group.mask >> place & 1 else count for place, count in enumerate(self.scenes)
        ]
        waiting = sum(1 << place for place, count in enumerate(counts) if count < max(counts))
        return waiting or (1 << len(counts)) - 1


def company_of(present: Sequence[PersonId], history: History) -> Company:
    """Return the company of the people present (person ids, ascending), with what they played before."""
    scenes = counted_scenes(history.appearances)
    return Company(
        tuple(present),
        tuple(scenes.get(person, 0) for person in present),
        tuple(_met(pair, history) for pair in combinations(present, 2)),
    )


def _met(pair: tuple[PersonId, PersonId], history: History) -> int:
    # Rounded to whole numbers, so that pairs with the same share keep exactly the difference of their counts.
    return history.pairs.get(pair, 0) - round(history.shares.get(pair, 0.0))
