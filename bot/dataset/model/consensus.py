"""What raters agree on about one turn, without self-ratings, as a turn's row has it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.statistics.consensus import agree_on_label, agree_on_scale
from bot.store.records import Rating


@dataclass(frozen=True, slots=True)
class Consensus:
    """The label of the majority, the share of raters who named the most frequent emotion, and means over raters.

    A figure is None if fewer raters than make a consensus answered its question.
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
    label = agree_on_label([rating.perceived_emotion for rating in ratings])
    return Consensus(
        len(ratings),
        sum(rating.is_partner for rating in ratings),
        label.label,
        label.agreement,
        _mean(rating.intensity for rating in ratings),
        _mean(rating.valence for rating in ratings),
        _mean(rating.arousal for rating in ratings),
        _mean(rating.dominance for rating in ratings),
        _mean(rating.authenticity for rating in ratings),
        _mean(rating.naturalness for rating in ratings),
        _mean(rating.voice_consistency for rating in ratings),
    )


def _mean(answers: Iterable[int | None]) -> float | None:
    return agree_on_scale([answer for answer in answers if answer is not None]).mean
