"""Krippendorff's α: one minus observed over expected disagreement, for any number of raters and missing answers.

Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C. The ordinal difference of two values,
Σ n_g − (n_c + n_k)/2, is the difference of their mid-ranks. So all three levels sum squares over the pairs in a unit,
which needs no matrix of coincidences: leaving out each unit in turn costs as much as α itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.statistics.answers import Answer, Floats, Patterns, find_patterns
from bot.statistics.jackknife import jackknife_interval
from bot.statistics.quantiles import Interval
from bot.statistics.undefined import Undefined


class Level(StrEnum):
    """How two values differ: whether at all, by the answers between them, or by their distance."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Alpha:
    """α and its interval over turns, from `units` turns with two answers or more.

    `alpha` is None for `reason`, and `interval` for `interval_reason`, which is never None together with it.
    """

    alpha: float | None
    interval: Interval | None
    units: int
    raters: int
    answers: int
    reason: Undefined | None
    interval_reason: Undefined | None


def krippendorff_alpha(answers: Iterable[Answer], level: Level) -> Alpha:
    """Return α of these answers. Raises ValueError if a rater answered about a unit twice."""
    known = list(answers)
    patterns = find_patterns(known)
    counts = (patterns.units, patterns.raters, patterns.answers)
    if reason := _undefined(patterns, has_answers=bool(known)):
        return Alpha(None, None, *counts, reason, reason)
    value = float(alpha_of(patterns, level, patterns.times @ patterns.counts))
    interval, why = jackknife_interval(value, alphas_without(patterns, level), patterns.times)
    return Alpha(value, interval, *counts, None, why)


def _undefined(patterns: Patterns, *, has_answers: bool) -> Undefined | None:
    if not patterns.units:
        return Undefined.NO_PAIRS if has_answers else Undefined.NO_ANSWERS
    return Undefined.NO_VARIATION if len(patterns.values) == 1 else None


def alpha_of(patterns: Patterns, level: Level, totals: Floats) -> Floats:
    """Return α of all units. `totals` (C) is how often each value was given."""
    scores = _scores(patterns, level, totals)
    observed = patterns.times @ _per_answer(patterns.counts, scores)
    return _alpha(observed, totals, scores)


def alphas_without(patterns: Patterns, level: Level) -> Floats:
    """Return α without one unit of each pattern (P); not finite where what is left does not vary."""
    left = patterns.times @ patterns.counts - patterns.counts
    scores = _scores(patterns, level, left)
    own = _per_answer(patterns.counts, scores)
    if scores is None or scores.ndim == 1:
        everything = patterns.times @ own
    else:
        everything = ((scores @ _form(patterns)) * scores).sum(-1)
    return _alpha(everything - own, left, scores)


def _scores(patterns: Patterns, level: Level, totals: Floats) -> Floats | None:
    """Return the numbers whose squared distance is the difference of two values; None if values only differ or not."""
    match level:
        case Level.NOMINAL:
            return None
        case Level.ORDINAL:
            return np.cumsum(totals, -1) - totals / 2
        case Level.INTERVAL:
            return np.array(patterns.values, np.float64)


def _pairs(counts: Floats, scores: Floats | None) -> Floats:
    """Return the sum of the squared differences over all ordered pairs of answers."""
    given = counts.sum(-1)
    if scores is None:
        return given**2 - (counts**2).sum(-1)
    # Around the mean, so that no difference of large numbers is taken.
    middle = (counts * scores).sum(-1) / np.maximum(given, 1)
    return 2 * given * (counts * (scores - middle[..., None]) ** 2).sum(-1)


def _per_answer(counts: Floats, scores: Floats | None) -> Floats:
    return _pairs(counts, scores) / (counts.sum(-1) - 1)


def _form(patterns: Patterns) -> Floats:
    """Return the matrix (C × C) whose quadratic form with scores is `times @ _per_answer`."""
    given = patterns.counts.sum(-1)
    weights = 2 * patterns.times / (given - 1)
    return np.diag((weights * given) @ patterns.counts) - (patterns.counts.T * weights) @ patterns.counts


def _alpha(observed: Floats, totals: Floats, scores: Floats | None) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - (totals.sum(-1) - 1) * observed / _pairs(totals, scores)
