"""What people are paid for, and how much: time on stage and time rating, rates, corrections and shares of proceeds.

Times are whole milliseconds, money whole minor units of one currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import PersonId
from bot.domain.states import CutReason

HOUR_MS: Final = 3_600_000
BASIS_POINTS: Final = 10_000

LONGEST_RATING_MS: Final = 5 * 60_000
"""A rating counts for at most this long before its answer: a form that stays open overnight is no night's work."""

ASSUMED_RATING_MS: Final = 30_000
"""What a rating counts for if it is not known when its clip was given, as with self-ratings: clips have up to 15 s."""


@dataclass(frozen=True, slots=True)
class TakeWork:
    """A take that is over: how long it was played, and the people on stage, recorded or not.

    `played_ms` is without pauses. Time in which the bot could not hear counts as played.
    """

    played_ms: int
    reason: CutReason | None
    people: frozenset[PersonId]


@dataclass(frozen=True, slots=True)
class Judging:
    """One rating or self-rating: when it was answered, and when its clip was given, in ms since any fixed moment."""

    answered_ms: int
    asked_ms: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """How long a person worked in one session."""

    stage_ms: int = 0
    rating_ms: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour is paid, in minor units of a currency, and the share of proceeds in basis points."""

    currency: str
    stage_per_hour: int
    rating_per_hour: int
    share_basis_points: int = 0


def stage_times(takes: Sequence[TakeWork]) -> dict[PersonId, int]:
    """Return how long each person was on stage in the takes of one session.

    Every take counts, whatever became of it: struck takes and calibrations were work. A take that an X-card ended
    counts at least as long as the session's other takes do on average, so that stopping costs no one pay.
    """
    others = [take.played_ms for take in takes if take.reason is not CutReason.X_CARD and take.played_ms > 0]
    usual = sum(others) // len(others) if others else 0
    found: dict[PersonId, int] = {}
    for take in takes:
        counted = max(take.played_ms, usual) if take.reason is CutReason.X_CARD else take.played_ms
        for person in take.people:
            found[person] = found.get(person, 0) + counted
    return found


def rating_time(judgings: Iterable[Judging]) -> int:
    """Return how long one person rated. Times that overlap count once."""
    spans = sorted((_begun(one), one.answered_ms) for one in judgings)
    total, until = 0, None
    for start, end in spans:
        begin = start if until is None else max(start, until)
        total += max(end - begin, 0)
        until = end if until is None else max(until, end)
    return total


def _begun(judging: Judging) -> int:
    """Return from when on a rating counts."""
    if judging.asked_ms is None:
        return judging.answered_ms - ASSUMED_RATING_MS
    return max(min(judging.asked_ms, judging.answered_ms), judging.answered_ms - LONGEST_RATING_MS)


def wage(worked_ms: int, per_hour: int) -> int:
    """Return what a time is worth, rounded once to the nearest minor unit, half up."""
    return (2 * worked_ms * per_hour + HOUR_MS) // (2 * HOUR_MS)


def shares(proceeds: int, basis_points: int, weights: Mapping[PersonId, int]) -> dict[PersonId, int]:
    """Divide a share of proceeds by weights. The parts add up to the share, rounded down, exactly.

    Units that are left go to the largest remainders, among equal ones to the lowest id. Without weights, or if nothing
    was earned on the whole, no one gets anything.
    """
    total = sum(weights.values())
    pool = proceeds * basis_points // BASIS_POINTS
    if total <= 0 or pool <= 0:
        return dict.fromkeys(weights, 0)
    parts = {person: pool * weight // total for person, weight in weights.items()}
    rest = pool - sum(parts.values())
    for person in sorted(weights, key=lambda one: (-(pool * weights[one] % total), one))[:rest]:
        parts[person] += 1
    return parts


@dataclass(frozen=True, slots=True)
class PayLine:
    """What one person earned in one session, in minor units: for stage and rating, corrections, and the share."""

    work: Work
    stage: int
    rating: int
    corrections: int
    share: int

    @property
    def total(self) -> int:
        """The sum of all parts. Nothing is rounded again."""
        return self.stage + self.rating + self.corrections + self.share


def pay_lines(
    rate: Rate | None, works: Mapping[PersonId, Work], corrections: Mapping[PersonId, int], proceeds: int
) -> dict[PersonId, PayLine]:
    """Return everyone's line of one session. Without a rate, time is worth nothing.

    Each kind of time is rounded once per person and session (`wage`).
    """
    rate = rate or Rate("", 0, 0)
    stage = {person: work.stage_ms for person, work in works.items()}
    parts = shares(proceeds, rate.share_basis_points, stage)
    return {
        person: PayLine(
            work := works.get(person, Work()),
            wage(work.stage_ms, rate.stage_per_hour),
            wage(work.rating_ms, rate.rating_per_hour),
            corrections.get(person, 0),
            parts.get(person, 0),
        )
        for person in sorted(works.keys() | corrections.keys())
    }
