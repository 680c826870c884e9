"""Fleiss' κ: agreement of the same number of raters on every unit, beyond chance.

Fleiss (1971), Psychological Bulletin 76, 378-382. It needs complete tables; Krippendorff's α does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bot.statistics.answers import Answer, by_unit, find_patterns
from bot.statistics.undefined import Undefined


@dataclass(frozen=True, slots=True)
class Kappa:
    """κ, the agreement that was observed and that which chance would give; all None for `reason`."""

    kappa: float | None
    observed: float | None
    expected: float | None
    reason: Undefined | None


def fleiss_kappa(answers: Iterable[Answer]) -> Kappa:
    """Return κ of categories, if every unit that anyone answered about has the same number of answers, at least two.

    The raters need not be the same. Raises ValueError if a rater answered about a unit twice.
    """
    known = list(answers)
    sizes = {len(given) for given in by_unit(known).values()}
    if not sizes:
        return Kappa(None, None, None, Undefined.NO_ANSWERS)
    if len(sizes) > 1 or sizes == {1}:
        return Kappa(None, None, None, Undefined.UNEQUAL_RATERS if len(sizes) > 1 else Undefined.NO_PAIRS)
    patterns, raters = find_patterns(known), sizes.pop()
    of_units = ((patterns.counts**2).sum(1) - raters) / (raters * (raters - 1))
    observed = float(patterns.times @ of_units) / patterns.units
    shares = patterns.times @ patterns.counts / patterns.answers
    expected = float(np.sum(shares**2))
    if len(patterns.values) == 1:
        return Kappa(None, observed, expected, Undefined.NO_VARIATION)
    return Kappa((observed - expected) / (1 - expected), observed, expected, None)
