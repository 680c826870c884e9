"""What was heard when something was played: target × perceived counts, and how often the target was heard.

Answers about the same turn resemble each other, so a hit rate's interval is Wilson's with the number of answers divided
by the design effect, the ratio of the variance over turns to that of independent answers (Rao & Scott 1992, Biometrics
48, 577-585). Unbiased hit rates are Wagner's (1993, Journal of Nonverbal Behavior 17, 3-28): the hit rate times the
share of right answers among all answers with that label, so that a label that raters like gains nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bot.statistics.quantiles import Interval, wilson
from bot.statistics.undefined import FEWEST_TURNS, Undefined


class Heard(NamedTuple):
    """One rater's answer about a unit (a turn) that was to be the target."""

    unit: Hashable
    target: str
    perceived: str


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often a target was heard: as a share of the answers, and unbiased. `turns` and `answers` are those about it.

    `unbiased` is None for all targets together, `interval` for `interval_reason`.
    """

    turns: int
    answers: int
    hits: int
    rate: float
    interval: Interval | None
    unbiased: float | None
    interval_reason: Undefined | None


def confusion(heard: Iterable[Heard]) -> Mapping[tuple[str, str], int]:
    """Return how many answers there are for each target and perceived label that occur together."""
    return Counter((one.target, one.perceived) for one in heard)


def hit_rates(heard: Iterable[Heard]) -> Mapping[str, HitRate]:
    """Return the hit rate of every target that someone answered about."""
    known = list(heard)
    named = Counter(one.perceived for one in known)
    units: defaultdict[str, defaultdict[Hashable, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one in known:
        units[one.target][one.unit].append(one.perceived == one.target)
    return {target: _rate(list(of_units.values()), named[target]) for target, of_units in units.items()}


def hit_rate(heard: Iterable[Heard]) -> HitRate | None:
    """Return the hit rate over all targets; None without answers."""
    units: defaultdict[Hashable, list[bool]] = defaultdict(list)
    for one in heard:
        units[one.unit].append(one.perceived == one.target)
    return _rate(list(units.values()), None) if units else None


def _rate(units: list[list[bool]], named: int | None) -> HitRate:
    hits = np.array([sum(one) for one in units], np.float64)
    answers = np.array([len(one) for one in units], np.float64)
    total, found = answers.sum(), hits.sum()
    rate = float(found / total)
    counts = (len(units), int(total), int(found), rate)
    unbiased = None if named is None else rate * float(found) / max(named, 1)
    if len(units) < FEWEST_TURNS:
        return HitRate(*counts, None, unbiased, Undefined.TOO_FEW_TURNS)
    residuals = hits - rate * answers
    variance = len(units) / (len(units) - 1) * float(residuals @ residuals) / total**2
    single = rate * (1 - rate) / total
    effect = max(1.0, float(variance / single)) if single else float(total / len(units))
    return HitRate(*counts, wilson(rate, float(total / effect)), unbiased, None)
