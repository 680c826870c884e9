"""α compared with the `krippendorff` package on random tables with missing answers."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import krippendorff
import numpy as np

from bot.statistics.alpha import Level, krippendorff_alpha
from bot.statistics.answers import Answer


@dataclass(frozen=True)
class Compared:
    """How many tables have an α, and the greatest difference at any level."""

    tables: int
    greatest: float


def compare(tables: int) -> Compared:
    """Compare α at all levels, on so many tables that have one."""
    rng, compared, greatest = np.random.default_rng(2026), 0, 0.0
    while compared < tables:
        table = _table(rng)
        given = [(unit, rater, float(value)) for (rater, unit), value in np.ndenumerate(table)]
        answers = [Answer(unit, rater, value) for unit, rater, value in given if not isnan(value)]
        for level in Level:
            found = krippendorff_alpha(answers, level).alpha
            if found is not None:
                other = float(krippendorff.alpha(reliability_data=table, level_of_measurement=level.value))
                greatest = max(greatest, abs(found - other))
                compared += level is Level.NOMINAL
    return Compared(compared, greatest)


def _table(rng: np.random.Generator) -> np.ndarray:
    """Return a table of raters × units on up to seven points; up to 60 % of the answers are missing."""
    raters, units, top = rng.integers(2, 7), rng.integers(2, 31), rng.integers(2, 8)
    table = rng.integers(1, top + 1, size=(raters, units)).astype(float)
    table[rng.random(table.shape) < rng.uniform(0, 0.6)] = np.nan
    return table
