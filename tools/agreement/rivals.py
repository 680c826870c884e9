"""Bootstrap intervals of α over turns, with which the bot's intervals are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from bot.statistics.alpha import Level, alpha_of, alphas_without
from bot.statistics.answers import Floats, Patterns
from bot.statistics.quantiles import CONFIDENCE, Interval, normal_quantile, normal_share, student_quantile

REPLICATES = 1000


def _resampled(patterns: Patterns, level: Level, rng: np.random.Generator) -> Floats:
    """Return α of as many turns, drawn with replacement, REPLICATES times."""
    drawn = rng.multinomial(patterns.units, patterns.times / patterns.units, size=REPLICATES).astype(float)
    return np.array(
        [
            float(alpha_of(Patterns(patterns.values, patterns.counts, times, 0), level, times @ patterns.counts))
            for times in drawn
        ]
    )


def percentile(value: float, drawn: Floats, without: Floats, times: Floats) -> Interval:
    """Return the quantiles of the replicates."""
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(low), float(high))


def bias_corrected(value: float, drawn: Floats, without: Floats, times: Floats) -> Interval:
    """Return Efron's BCa interval (1987, JASA 82, 171-185)."""
    below = float(np.mean(drawn < value) + np.mean(drawn == value) / 2)
    bias = normal_quantile(min(max(below, 1 / REPLICATES), 1 - 1 / REPLICATES))
    inner = (times @ without) / times.sum() - without
    acceleration = float(times @ inner**3) / (6 * float(times @ inner**2) ** 1.5)

    def share(aim: float) -> float:
        z = bias + normal_quantile(aim)
        return normal_share(bias + z / (1 - acceleration * z))

    low, high = np.quantile(drawn, [share((1 - CONFIDENCE) / 2), share((1 + CONFIDENCE) / 2)])
    return Interval(float(low), float(high))


def plain_jackknife(value: float, drawn: Floats, without: Floats, times: Floats) -> Interval:
    """Return the jackknife's interval of α itself, without a logarithm."""
    units = times.sum()
    variance = (units - 1) / units * float(times @ (without - times @ without / units) ** 2)
    reach = student_quantile((1 + CONFIDENCE) / 2, float(units - 1)) * variance**0.5
    return Interval(value - reach, value + reach)


RIVALS: Mapping[str, Callable[[float, Floats, Floats, Floats], Interval]] = {
    "jackknife of α itself": plain_jackknife,
    "percentile bootstrap": percentile,
    "BCa bootstrap": bias_corrected,
}


def rival_intervals(patterns: Patterns, level: Level, rng: np.random.Generator) -> Mapping[str, Interval]:
    """Return the interval of every rival."""
    value = float(alpha_of(patterns, level, patterns.times @ patterns.counts))
    drawn, without = _resampled(patterns, level, rng), alphas_without(patterns, level)
    return {name: rival(value, drawn, without, patterns.times) for name, rival in RIVALS.items()}
