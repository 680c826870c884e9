"""What performers said of their own turns after hearing them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, TrackId
from bot.domain.states import Verdict


@dataclass(frozen=True, slots=True)
class TurnReview:
    """A row of `turn_reviews`: what a performer said of a stretch of their own track, and the clip that they heard."""

    track_id: TrackId
    start_samples: int
    end_samples: int
    clip_start_samples: int
    clip_end_samples: int
    verdict: Verdict
    reviewed_at: str


@dataclass(frozen=True, slots=True)
class ReviewFirst:
    """A row of `review_first`: a performer whose turns no one else is to hear before they have."""

    person_id: PersonId
    since: str
