"""How many scenes count for each performer, which decides who goes on stage next. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.domain.ids import PersonId


def counted_scenes(appearances: Mapping[PersonId, Sequence[int]]) -> dict[PersonId, int]:
    """Return how many scenes of this session count for each performer who was in one.

    `appearances` are the numbers of the scenes that each was in. A performer who comes late or comes back has the
    fewest, and is therefore in the next scene. That scene credits them with all rounds that they missed except the
    last. From then on they rotate like everyone else, instead of staying on stage until they have caught up.
    """
    counts: dict[PersonId, int] = {}
    most = 0
    for cast in _casts(appearances):
        for person in cast:
            counts[person] = count_after(counts.get(person, 0), most)
        most = max(most, *(counts[person] for person in cast))
    return counts


def count_after(count: int, most: int) -> int:
    """Return what counts for a performer after one more scene, before which no one had more than `most`."""
    return max(count, most - 1) + 1


def _casts(appearances: Mapping[PersonId, Sequence[int]]) -> list[list[PersonId]]:
    casts: defaultdict[int, list[PersonId]] = defaultdict(list)
    for person, scenes in appearances.items():
        for scene in scenes:
            casts[scene].append(person)
    return [casts[scene] for scene in sorted(casts)]
