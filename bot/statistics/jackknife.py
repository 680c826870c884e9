"""Intervals over turns by leaving out each turn once (the delete-one jackknife), with Student's t.

Tukey (1958), Annals of Mathematical Statistics 29, 614; Efron (1982), The Jackknife, the Bootstrap and Other Resampling
Plans, chapter 3. Coefficients of agreement end at 1, so the interval is made for log(1 − coefficient), where their
distribution is nearly symmetrical, and taken back. docs/rating.md compares its coverage with bootstrap intervals.
"""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from bot.statistics.answers import Floats
from bot.statistics.quantiles import UPPER, Interval, student_quantile
from bot.statistics.undefined import FEWEST_TURNS, Undefined


def jackknife_interval(value: float, without: Floats, times: Floats) -> tuple[Interval, None] | tuple[None, Undefined]:
    """Return the interval of a coefficient of agreement, or why there is none.

    `without` (P) are the coefficients without one unit of each pattern, `times` (P) how many units have the pattern.
    """
    units = float(times.sum())
    if units < FEWEST_TURNS:
        return None, Undefined.TOO_FEW_TURNS
    if value >= 1 or not np.all(without < 1):
        return None, Undefined.NO_DISAGREEMENT
    logs = np.log1p(-without)
    variance = (units - 1) / units * float(times @ (logs - times @ logs / units) ** 2)
    reach = student_quantile(UPPER, units - 1) * sqrt(variance)
    return Interval(1 - exp(log(1 - value) + reach), 1 - exp(log(1 - value) - reach)), None
