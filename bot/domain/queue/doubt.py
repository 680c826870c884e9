"""How much is still open about the label of a turn: the width of an interval for the share of its most frequent one.

Wilson's score interval (1927, JASA 22, 209-212), which has a width for any number of answers: 1 without any, less with
each, and less if they are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from math import sqrt
from statistics import NormalDist
from typing import Final

_Z: Final = NormalDist().inv_cdf(0.975)
"""For an interval of 95 %."""


def doubt(labels: Iterable[Hashable]) -> float:
    """Return the width of the interval for the share of the most frequent label, from 0 to 1."""
    times = Counter(labels)
    answers = times.total()
    if not answers:
        return 1.0
    share = max(times.values()) / answers
    squared = _Z * _Z
    return 2 * _Z * sqrt(share * (1 - share) / answers + squared / (4 * answers * answers)) / (1 + squared / answers)
