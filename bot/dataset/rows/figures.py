"""The figures of statistics as cells of tables: rounded, with the reason where one is undefined."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

from bot.dataset.rows.columns import Row
from bot.statistics.alpha import Alpha
from bot.statistics.answers import Answer, Value
from bot.statistics.confusion import HitRate
from bot.statistics.consensus import agree_on_label, agree_on_scale
from bot.statistics.detection import Sensitivity
from bot.statistics.intraclass import intraclass
from bot.statistics.kappa import fleiss_kappa
from bot.statistics.quantiles import Interval
from bot.statistics.repeats import Consistency
from bot.statistics.undefined import Undefined
from bot.statistics.weighting import weighted_mean

Weights = Mapping[Hashable, float | None]
"""The weight of every rater; None for one who has none."""

_DIGITS: Final = 9


def alpha_figures(alpha: Alpha) -> Row:
    """Return α, its interval, and from how much they are."""
    return {
        "alpha": figure(alpha.alpha),
        **_ends("alpha_low", "alpha_high", alpha.interval),
        "turns": alpha.units,
        "n_raters": alpha.raters,
        "answers": alpha.answers,
        "alpha_reason": word(alpha.reason),
        "interval_reason": word(alpha.interval_reason),
    }


def category_figures(answers: list[Answer]) -> Row:
    """Return what is defined for categories if every turn has equally many answers."""
    kappa = fleiss_kappa(answers)
    none = {"icc": None, "icc_mean": None, "icc_reason": word(Undefined.NOT_A_SCALE)}
    return {"kappa": figure(kappa.kappa), "kappa_reason": word(kappa.reason)} | none


def scale_figures(answers: list[Answer]) -> Row:
    """Return what is defined for scales if every turn has equally many answers."""
    found = intraclass(answers)
    case = found.any_raters
    return {
        "kappa": None,
        "kappa_reason": word(Undefined.NOT_CATEGORIES),
        "icc": figure(case and case.single),
        "icc_mean": figure(case and case.mean),
        "icc_reason": word(found.reason),
    }


def label_figures(item: str, given: Mapping[Hashable, Value]) -> Row:
    """Return the consensus on one turn's label for an item, from its answers by rater."""
    found = agree_on_label([str(label) for label in given.values()])
    return {
        "item": item,
        "n_raters": found.n_raters,
        "label": found.label,
        "agreement": found.agreement,
        "soft_label": found.shares and dict(found.shares),
        "mean": None,
        "deviation": None,
        "weighted_mean": None,
        "reason": word(found.reason),
        "weighted_reason": word(Undefined.NOT_A_SCALE),
    }


def mean_figures(item: str, given: Mapping[Hashable, Value], weights: Weights) -> Row:
    """Return the consensus on one turn's place on a scale, from its answers by rater."""
    found = agree_on_scale([float(value) for value in given.values()])
    weighted = weighted_mean(given, weights)
    return {
        "item": item,
        "n_raters": found.n_raters,
        "label": None,
        "agreement": None,
        "soft_label": None,
        "mean": found.mean,
        "deviation": found.deviation,
        "weighted_mean": figure(weighted.mean),
        "reason": word(found.reason),
        "weighted_reason": word(weighted.reason),
    }


def hit_figures(rate: HitRate) -> Row:
    """Return a hit rate, and from how much it is."""
    return {
        "turns": rate.turns,
        "answers": rate.answers,
        "hits": rate.hits,
        "hit_rate": rate.rate,
        **_ends("hit_rate_low", "hit_rate_high", rate.interval),
        "unbiased": figure(rate.unbiased),
        "interval_reason": word(rate.interval_reason),
    }


def sensitivity_figures(found: Sensitivity) -> Row:
    """Return d′ and criterion with the rates that they are made of, and from how much they are."""
    hits, alarms = found.hit_rate, found.false_alarm_rate
    return {
        "signals": found.signals,
        "noises": found.noises,
        "hit_rate": figure(hits and hits.share),
        **_ends("hit_rate_low", "hit_rate_high", hits and hits.interval),
        "false_alarm_rate": figure(alarms and alarms.share),
        **_ends("false_alarm_rate_low", "false_alarm_rate_high", alarms and alarms.interval),
        "d_prime": figure(found.d_prime),
        **_ends("d_prime_low", "d_prime_high", found.d_prime_interval),
        "criterion": figure(found.criterion),
        **_ends("criterion_low", "criterion_high", found.criterion_interval),
        "reason": word(found.reason),
    }


def consistency_figures(found: Consistency) -> Row:
    """Return how far a rater's answers to repeats are those of the first time."""
    return {
        "repeats": found.repeats,
        "same": figure(found.same),
        "agreement": figure(found.agreement),
        "reason": word(found.reason),
    }


def _ends(low: str, high: str, interval: Interval | None) -> Row:
    return {low: figure(interval and interval.low), high: figure(interval and interval.high)}


def figure(value: float | None) -> float | None:
    """Return a figure with as many digits as are the same on every machine: libraries add in different orders."""
    return None if value is None else round(value, _DIGITS)


def word(reason: Undefined | None) -> str | None:
    """Return a reason as tables have it."""
    return reason and str(reason)
