"""The evaluator-weighted estimator: a mean in which raters weigh as much as they follow the others.

Grimm & Kroschel (2005), IEEE Workshop on Automatic Speech Recognition and Understanding, 381-385. A rater's weight is
the correlation of their answers with the means over all raters of the same turns; negative ones count as 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bot.statistics.answers import Answer, Value, by_unit
from bot.statistics.undefined import FEWEST_OF_RATER, FEWEST_RATERS, Undefined


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """The weighted mean of a turn from `n_raters` with a weight above 0; None for `reason`."""

    n_raters: int
    mean: float | None
    reason: Undefined | None


def evaluator_weights(answers: Iterable[Answer]) -> Mapping[Hashable, float | None]:
    """Return each rater's weight, from 0 to 1.

    It is None for raters who shared fewer than FEWEST_OF_RATER turns with others, and if their answers or the means do
    not vary.
    """
    pairs: defaultdict[Hashable, list[tuple[float, float]]] = defaultdict(list)
    for given in by_unit(answers).values():
        middle = sum(map(float, given.values())) / len(given)
        for rater, value in given.items():
            pairs[rater] += [(float(value), middle)] if len(given) > 1 else []
    return {rater: _correlation(of_rater) for rater, of_rater in pairs.items()}


def weighted_mean(given: Mapping[Hashable, Value], weights: Mapping[Hashable, float | None]) -> WeightedMean:
    """Return the weighted mean of one turn's answers, by rater. Raters without a weight do not count."""
    weighed = [(weight, float(value)) for rater, value in given.items() if (weight := weights.get(rater))]
    if len(given) < FEWEST_RATERS:
        return WeightedMean(len(weighed), None, Undefined.TOO_FEW_RATERS if given else Undefined.NO_ANSWERS)
    if len(weighed) < FEWEST_RATERS:
        return WeightedMean(len(weighed), None, Undefined.TOO_FEW_WEIGHTS)
    total = sum(weight for weight, _ in weighed)
    return WeightedMean(len(weighed), sum(weight * value for weight, value in weighed) / total, None)


def _correlation(pairs: list[tuple[float, float]]) -> float | None:
    if len(pairs) < FEWEST_OF_RATER:
        return None
    own, middle = np.array(pairs).T - np.mean(pairs, 0)[:, None]
    spread = float(np.sqrt((own @ own) * (middle @ middle)))
    return max(0.0, float(own @ middle) / spread) if spread > 1e-12 else None
