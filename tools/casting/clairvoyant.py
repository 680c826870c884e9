"""Brute force over an evening: could all pairs have ended within one, if it had been known who comes and goes?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from tools.casting.evenings import Dealt
from tools.casting.measures import Pair, kinds_of

MOST_STEPS = 3_000
"""An evening that takes longer to search stays undecided."""


@dataclass(slots=True)
class Search:
    """All evenings with the same people present and the same number on stage in each scene."""

    scenes: Sequence[Dealt]
    kinds: list[list[Pair]] = field(default_factory=list[list[Pair]])
    seen: set[tuple[object, ...]] = field(default_factory=set[tuple[object, ...]])
    steps: int = 0

    def __post_init__(self) -> None:
        there: defaultdict[Pair, list[int]] = defaultdict(list)
        for number, scene in enumerate(self.scenes):
            for pair in combinations(scene.present, 2):
                there[pair].append(number)
        self.kinds = kinds_of(there)

    def succeeds(self, number: int, played: Counter[int], met: Counter[Pair]) -> bool:
        """Whether some continuation ends with all pairs with the same scenes within one of each other."""
        if not self._can_still_even_out(number, met):
            return False
        if number == len(self.scenes):
            return True
        key = (number, *sorted(played.items()), *sorted(met.items()))
        if key in self.seen:
            return False
        self.seen.add(key)
        scene = self.scenes[number]
        groups = next_groups(scene.present, len(scene.cast), played)
        for group in sorted(groups, key=lambda one: sum(met[pair] for pair in combinations(one, 2))):
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise TimeoutError
            if self.succeeds(number + 1, played_after(played, group), met + Counter(combinations(group, 2))):
                return True
        return False

    def _can_still_even_out(self, number: int, met: Counter[Pair]) -> bool:
        """Whether enough meetings remain to lift every pair to one less than the most of its kind."""
        left = sum(len(scene.cast) * (len(scene.cast) - 1) // 2 for scene in self.scenes[number:])
        for kind in self.kinds:
            most = max(met[pair] for pair in kind)
            left -= sum(max(most - 1 - met[pair], 0) for pair in kind)
        return left >= 0


def can_end_within_one(scenes: Sequence[Dealt]) -> bool | None:
    """Whether it is possible. Returns None if the search would take too long."""
    try:
        return Search(scenes).succeeds(0, Counter(), Counter())
    except TimeoutError:
        return None


def next_groups(present: Sequence[int], size: int, played: Counter[int]) -> list[tuple[int, ...]]:
    """Return all groups in which no one is on stage before someone who was on stage less often."""
    groups = combinations(present, size)
    return [group for group in groups if _most(played, group) <= _fewest(played, set(present).difference(group))]


def played_after(played: Counter[int], group: Sequence[int]) -> Counter[int]:
    """Return scenes on stage after one more. A latecomer counts as having missed only the last round."""
    most = max(played.values(), default=0)
    return played + Counter({one: max(played[one], most - 1) + 1 - played[one] for one in group})


def _most(played: Counter[int], people: Iterable[int]) -> int:
    return max(played[one] for one in people)


def _fewest(played: Counter[int], people: Iterable[int]) -> int:
    return min((played[one] for one in people), default=played.total())
