"""Sensitivity: how well raters tell trials with a signal from those without, whatever they prefer to answer.

For a yes-or-no question about each trial, such as "Is this the voice of the same character?". d′ = z(H) − z(F) and the
criterion c = −(z(H) + z(F))/2 of the equal-variance Gaussian model (Macmillan & Creelman, Detection Theory, chapters 1
and 2). Half a hit and half a false alarm are added, and one trial of each kind (the log-linear correction: Hautus 1995,
Behavior Research Methods 27, 46-51), so that rates of 0 and 1 have finite z. The variances are Gourevitch & Galanter's
(1967, Psychometrika 32, 25-33).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import exp, pi, sqrt
from typing import NamedTuple

from bot.statistics.quantiles import UPPER, Interval, normal_quantile, wilson
from bot.statistics.undefined import FEWEST_TRIALS, Undefined


class Trial(NamedTuple):
    """One answer: of which group it is (such as a performer and a character), what was true, and what was said."""

    group: Hashable
    has_signal: bool
    said_signal: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval, not corrected."""

    share: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Hit and false-alarm rates, d′ and criterion, with intervals; all None for `reason`."""

    signals: int
    noises: int
    hit_rate: Rate | None
    false_alarm_rate: Rate | None
    d_prime: float | None
    d_prime_interval: Interval | None
    criterion: float | None
    criterion_interval: Interval | None
    reason: Undefined | None


def sensitivities(trials: Iterable[Trial]) -> Mapping[Hashable, Sensitivity]:
    """Return the sensitivity in every group of trials."""
    counts = Counter(trials)
    groups = dict.fromkeys(trial.group for trial in counts)
    return {
        group: sensitivity(
            hits=counts[Trial(group, True, True)],
            misses=counts[Trial(group, True, False)],
            false_alarms=counts[Trial(group, False, True)],
            rejections=counts[Trial(group, False, False)],
        )
        for group in groups
    }


def sensitivity(*, hits: int, misses: int, false_alarms: int, rejections: int) -> Sensitivity:
    """Return the sensitivity that these counts of trials show."""
    signals, noises = hits + misses, false_alarms + rejections
    if min(signals, noises) < FEWEST_TRIALS:
        return Sensitivity(signals, noises, None, None, None, None, None, None, Undefined.TOO_FEW_TRIALS)
    hit, hit_variance = _corrected(hits, signals)
    alarm, alarm_variance = _corrected(false_alarms, noises)
    reach = normal_quantile(UPPER) * sqrt(hit_variance + alarm_variance)
    d_prime, criterion = hit - alarm, -(hit + alarm) / 2
    return Sensitivity(
        signals,
        noises,
        Rate(hits / signals, wilson(hits / signals, signals)),
        Rate(false_alarms / noises, wilson(false_alarms / noises, noises)),
        d_prime,
        Interval(d_prime - reach, d_prime + reach),
        criterion,
        Interval(criterion - reach / 2, criterion + reach / 2),
        None,
    )


def _corrected(said: int, trials: int) -> tuple[float, float]:
    """Return z of the corrected rate, and its variance."""
    rate = (said + 0.5) / (trials + 1)
    z = normal_quantile(rate)
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return z, rate * (1 - rate) / ((trials + 1) * density**2)
