"""What raters agree on about one turn, without self-ratings. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.store.records import Rating

NO_AGREEMENT = "no_agreement"
"""The label of a turn for which no emotion was named by more than half of the raters. It is data, not a gap."""

FEWEST_RATERS = 3
"""The fewest raters whose answers make a label: with two, every difference is a draw, and one is an opinion."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """The label of the majority, the share of raters who named the most frequent emotion, and means over raters.

    Everything except the counts is None if fewer than FEWEST_RATERS answered.
    """

    n_raters: int
    n_partner_raters: int
    emotion: str | None
    agreement: float | None
    intensity: float | None
    valence: float | None
    arousal: float | None
    dominance: float | None
    authenticity: float | None
    naturalness: float | None
    voice_consistency: float | None


def find_consensus(ratings: Sequence[Rating]) -> Consensus:
    """Return the consensus on one turn. All raters weigh the same; partners, who heard it live, are counted as well."""
    counted, partners = len(ratings), sum(rating.is_partner for rating in ratings)
    if counted < FEWEST_RATERS:
        return Consensus(counted, partners, None, None, None, None, None, None, None, None, None)
    emotion, agreement = majority([rating.perceived_emotion for rating in ratings])
    return Consensus(
        counted,
        partners,
        emotion,
        agreement,
        _mean(rating.intensity for rating in ratings),
        _mean(rating.valence for rating in ratings),
        _mean(rating.arousal for rating in ratings),
        _mean(rating.dominance for rating in ratings),
        _mean(rating.authenticity for rating in ratings),
        _mean(rating.naturalness for rating in ratings),
        _mean(rating.voice_consistency for rating in ratings),
    )


def majority(labels: Sequence[str]) -> tuple[str | None, float | None]:
    """Return the label of more than half, or NO_AGREEMENT, and the share of the most frequent label.

    Both are None without labels.
    """
    if not labels:
        return None, None
    label, times = Counter(labels).most_common(1)[0]
    return (label if 2 * times > len(labels) else NO_AGREEMENT), times / len(labels)


def _mean(answers: Iterable[int | None]) -> float | None:
    given = [answer for answer in answers if answer is not None]
    return sum(given) / len(given) if given else None
