"""Cues: from when a performer's second target is claimed, by what is known about when they saw the cue.

The view `cue_shifts` repeats this rule in SQL. Positions are samples at 48 kHz since the take's start.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.states import CueAnswer, CueBasis, TargetClaim
from bot.samples import SAMPLE_RATE_HZ, Span

SEEN_AFTER_SAMPLES = 5 * SAMPLE_RATE_HZ
"""By when a performer who remembers a cue is taken to have seen it, counted from when it was sent for the last time."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What a cue did to its performer's target in one take.

    The first target is claimed for what begins before `first_until_samples` (None: to the end), but not beyond it, and
    the second one for what begins at `second_from_samples` or later (None: never). Nothing is claimed in between.
    """

    basis: CueBasis
    first_until_samples: int | None
    second_from_samples: int | None

    @property
    def has_shifted(self) -> bool:
        """Whether the second target is known to have been in force."""
        return self.second_from_samples is not None

    def claim_at(self, position_samples: int) -> TargetClaim:
        """Return which target is claimed for speech that begins at a position."""
        if self.first_until_samples is None or position_samples < self.first_until_samples:
            return TargetClaim.FIRST
        if self.second_from_samples is not None and position_samples >= self.second_from_samples:
            return TargetClaim.SECOND
        return TargetClaim.UNCERTAIN

    def claim_ends_in(self, speech: Span) -> int | None:
        """Return where the claim about speech ends within it; None if it holds to the end, or if there is none."""
        until = self.first_until_samples
        return until if until is not None and speech.start_samples < until < speech.end_samples else None


@dataclass(frozen=True, slots=True)
class CueTimes:
    """When a cue was sent, in each way in which it was, and what its performer did about it.

    `position_samples` is when the bot began to send it, so that it can have been seen from then on; earlier versions
    stored only the moment at which Discord had accepted it, in its place.
    """

    position_samples: int
    card_sent_samples: int | None = None
    dm_sent_samples: int | None = None
    acknowledged_samples: int | None = None
    answer: CueAnswer | None = None

    @property
    def basis(self) -> CueBasis:
        """What is known about when the performer saw it."""
        if self.card_sent_samples is None and self.dm_sent_samples is None:
            return CueBasis.TOLD
        if self.acknowledged_samples is not None:
            return CueBasis.ACKNOWLEDGED
        return _BASIS_OF_ANSWER[self.answer]

    @property
    def shift(self) -> Shift:
        """From when to when its performer's targets are claimed."""
        basis, sent = self.basis, self.position_samples
        last_sent = max(sent, self.card_sent_samples or 0, self.dm_sent_samples or 0)
        second_from = {
            CueBasis.TOLD: sent,
            CueBasis.ACKNOWLEDGED: self.acknowledged_samples,
            CueBasis.REMEMBERED: last_sent + SEEN_AFTER_SAMPLES,
        }
        return Shift(basis, None if basis is CueBasis.NOT_SEEN else sent, second_from.get(basis))

    @property
    def likeliest_shift(self) -> Shift:
        """The shift by which turns are put up for rating: as if a performer who may still answer had seen the cue.

        What it places under the second target is after the cue whatever they answer.
        """
        if self.basis is not CueBasis.UNCERTAIN:
            return self.shift
        last_sent = max(self.position_samples, self.card_sent_samples or 0, self.dm_sent_samples or 0)
        return Shift(CueBasis.UNCERTAIN, self.position_samples, last_sent + SEEN_AFTER_SAMPLES)


_BASIS_OF_ANSWER = {
    CueAnswer.SAW: CueBasis.REMEMBERED,
    CueAnswer.NOT_SEEN: CueBasis.NOT_SEEN,
    CueAnswer.UNSURE: CueBasis.UNCERTAIN,
    None: CueBasis.UNCERTAIN,
}
