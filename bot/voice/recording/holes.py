"""Stretches of a recording in which someone or everyone could not be heard, each with its cause. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.domain.states import HoleCause
from bot.samples import Span


@dataclass(frozen=True, slots=True, order=True)
class Hole(Span):
    """A stretch of silence in the tracks in which something may have been said.

    `user_id` is the only person who could not be heard; None means everyone.
    """

    cause: HoleCause = HoleCause.CONNECTION
    user_id: UserId | None = None


def merged(holes: Iterable[Hole], duration_samples: int) -> tuple[Hole, ...]:
    """Return the holes in order, none beyond the end, and none that overlaps an earlier one of the same people.

    Holes of one cause that touch become one. If causes overlap, the hole that began first keeps its length.
    """
    result: list[Hole] = []
    newest: dict[UserId | None, int] = {}
    for hole in sorted(holes, key=lambda one: (one.start_samples, one.end_samples)):
        end = min(hole.end_samples, duration_samples)
        at = newest.get(hole.user_id)
        before = None if at is None else result[at]
        start = hole.start_samples if before is None else max(hole.start_samples, before.end_samples)
        if before is not None and at is not None and before.cause == hole.cause and start == before.end_samples:
            result[at] = Hole(before.start_samples, max(end, before.end_samples), hole.cause, hole.user_id)
        elif end > start:
            newest[hole.user_id] = len(result)
            result.append(Hole(start, end, hole.cause, hole.user_id))
    return tuple(result)


def holes_of(user_id: UserId, holes: Iterable[Hole]) -> tuple[Hole, ...]:
    """Return the holes in this person's track."""
    return tuple(hole for hole in holes if hole.user_id in (None, user_id))
