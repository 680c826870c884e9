"""What raters agree on about one turn: the label of the majority, the shares of all labels, mean and deviation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import Final

from bot.statistics.undefined import FEWEST_RATERS, Undefined

NO_AGREEMENT: Final = "no_agreement"
"""The label of a turn for which no emotion was named by more than half of the raters. It is data, not a gap."""


@dataclass(frozen=True, slots=True)
class LabelConsensus:
    """The label of the majority or NO_AGREEMENT, the share of the most frequent label, and the share of each label.

    All three are None for `reason`.
    """

    n_raters: int
    label: str | None
    agreement: float | None
    shares: Mapping[str, float] | None
    reason: Undefined | None


@dataclass(frozen=True, slots=True)
class ScaleConsensus:
    """The mean of the answers and their standard deviation (with n − 1); both None for `reason`."""

    n_raters: int
    mean: float | None
    deviation: float | None
    reason: Undefined | None


def agree_on_label(labels: Sequence[str]) -> LabelConsensus:
    """Return the consensus of raters who each named one label. All weigh the same."""
    if len(labels) < FEWEST_RATERS:
        return LabelConsensus(len(labels), None, None, None, too_few(labels))
    label, share = majority(labels)
    return LabelConsensus(len(labels), label, share, soft_label(labels), None)


def agree_on_scale(values: Sequence[float]) -> ScaleConsensus:
    """Return the consensus of raters who each chose a number. All weigh the same."""
    if len(values) < FEWEST_RATERS:
        return ScaleConsensus(len(values), None, None, too_few(values))
    return ScaleConsensus(len(values), sum(values) / len(values), stdev(values), None)


def too_few(answers: Sequence[object]) -> Undefined:
    """Return why these answers make no consensus."""
    return Undefined.TOO_FEW_RATERS if answers else Undefined.NO_ANSWERS


def majority(labels: Sequence[str]) -> tuple[str | None, float | None]:
    """Return the label of more than half, or NO_AGREEMENT, and the share of the most frequent label.

    Both are None without labels.
    """
    if not labels:
        return None, None
    label, times = Counter(labels).most_common(1)[0]
    return (label if 2 * times > len(labels) else NO_AGREEMENT), times / len(labels)


def soft_label(labels: Sequence[str]) -> Mapping[str, float]:
    """Return the share of raters who named each label, of those that were named, sorted by name."""
    return {label: times / len(labels) for label, times in sorted(Counter(labels).items())}
