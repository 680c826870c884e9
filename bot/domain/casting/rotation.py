"""Whose turn it is to go on stage, as this session went so far. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.domain.ids import PersonId


def turns_on_stage(appearances: Mapping[PersonId, Sequence[int]]) -> dict[PersonId, int]:
    """How many scenes of this session count for each performer who was in one; whoever is not named has none.

    `appearances` are the numbers of the scenes that each was in. Whoever comes late, or comes back, has fewest and goes
    on with the next scene. With that one they are credited what they missed but for the last round, and from then on
    take turns like everybody else, instead of staying on stage until they have caught up.
    """
    turns: dict[PersonId, int] = {}
    most = 0
    for cast in _casts(appearances):
        for person in cast:
            turns[person] = turn_after(turns.get(person, 0), most)
        most = max(most, *(turns[person] for person in cast))
    return turns


def turn_after(turns: int, most: int) -> int:
    """What counts for a performer after one more scene, when nobody had more than `most` before it."""
    return max(turns, most - 1) + 1


def _casts(appearances: Mapping[PersonId, Sequence[int]]) -> list[list[PersonId]]:
    casts: defaultdict[int, list[PersonId]] = defaultdict(list)
    for person, scenes in appearances.items():
        for scene in scenes:
            casts[scene].append(person)
    return [casts[scene] for scene in sorted(casts)]
