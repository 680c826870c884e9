"""Whether raters answer the same about the same clip again: agreement of raters with themselves.

It is α with the first and the second time in place of two raters, so that a rater who nearly always gives the same
answer gains nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.statistics.alpha import Level, krippendorff_alpha
from bot.statistics.answers import Answer, Value
from bot.statistics.undefined import FEWEST_OF_RATER, Undefined


class Repeat(NamedTuple):
    """What a rater answered about a clip the first and the second time."""

    rater: Hashable
    first: Value
    second: Value


@dataclass(frozen=True, slots=True)
class Consistency:
    """The share of repeats with the same answer, and the agreement of both times; None for `reason`."""

    repeats: int
    same: float | None
    agreement: float | None
    reason: Undefined | None


def repeat_consistency(repeats: Iterable[Repeat], level: Level) -> Mapping[Hashable, Consistency]:
    """Return the consistency of every rater who was given a clip again."""
    of_rater: defaultdict[Hashable, list[Repeat]] = defaultdict(list)
    for repeat in repeats:
        of_rater[repeat.rater].append(repeat)
    return {rater: _consistency(found, level) for rater, found in of_rater.items()}


def _consistency(repeats: list[Repeat], level: Level) -> Consistency:
    count = len(repeats)
    if count < FEWEST_OF_RATER:
        return Consistency(count, None, None, Undefined.TOO_FEW_TURNS)
    twice = [(repeat.first, repeat.second) for repeat in repeats]
    answers = (Answer(unit, time, value) for unit, pair in enumerate(twice) for time, value in enumerate(pair))
    found = krippendorff_alpha(answers, level)
    same = sum(repeat.first == repeat.second for repeat in repeats) / count
    return Consistency(count, same, found.alpha, found.reason)
