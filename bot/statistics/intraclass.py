"""Intraclass correlations: which share of the variance on a scale is between turns rather than between their answers.

Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428. Case 1 needs equally many answers about every turn, by
whichever raters; cases 2 (raters as a sample) and 3 (these raters) need the same raters throughout.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bot.statistics.answers import Answer, Floats, Value, by_unit
from bot.statistics.undefined import Undefined


@dataclass(frozen=True, slots=True)
class Case:
    """The reliability of one rater's answer, and of the mean of all."""

    single: float
    mean: float


@dataclass(frozen=True, slots=True)
class Intraclass:
    """One case each; all None for `reason`, cases 2 and 3 also if not every rater answered about every unit."""

    any_raters: Case | None
    sampled_raters: Case | None
    these_raters: Case | None
    reason: Undefined | None


def intraclass(answers: Iterable[Answer]) -> Intraclass:
    """Return the correlations of answers on a scale. Raises ValueError if a rater answered about a unit twice."""
    units = list(by_unit(answers).values())
    if reason := _undefined(units):
        return Intraclass(None, None, None, reason)
    raters = sorted({rater for given in units for rater in given}, key=repr)
    if len(raters) == len(units[0]):
        table = np.array([[float(given[rater]) for rater in raters] for given in units])
        return _cases(table, is_crossed=True)
    return _cases(np.array([[float(value) for value in given.values()] for given in units]), is_crossed=False)


def _undefined(units: list[Mapping[Hashable, Value]]) -> Undefined | None:
    if not units:
        return Undefined.NO_ANSWERS
    sizes = {len(given) for given in units}
    if len(sizes) > 1:
        return Undefined.UNEQUAL_RATERS
    if sizes == {1}:
        return Undefined.NO_PAIRS
    values = {value for given in units for value in given.values()}
    return Undefined.NO_VARIATION if len(values) == 1 or len(units) == 1 else None


def _cases(table: Floats, *, is_crossed: bool) -> Intraclass:
    units, raters = table.shape
    of_units = table.mean(1, keepdims=True)
    between = raters * float(np.var(of_units, ddof=1))
    within = float(((table - of_units) ** 2).sum()) / (units * (raters - 1))
    one = Case((between - within) / (between + (raters - 1) * within), _of_mean(between, within, 0.0))
    if not is_crossed:
        return Intraclass(one, None, None, None)
    judges = units * float(np.var(table.mean(0), ddof=1))
    rest = (within * units * (raters - 1) - judges * (raters - 1)) / ((units - 1) * (raters - 1))
    apart = (judges - rest) / units
    two = Case((between - rest) / (between + (raters - 1) * rest + raters * apart), _of_mean(between, rest, apart))
    three = Case((between - rest) / (between + (raters - 1) * rest), _of_mean(between, rest, 0.0))
    return Intraclass(one, two, three, None)


def _of_mean(between: float, error: float, apart: float) -> float:
    return (between - error) / (between + apart) if between + apart else 0.0
