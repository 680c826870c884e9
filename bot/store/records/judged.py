"""What is judged of a turn: by raters, who do not know the target, and by its performer.

`intensity` is 0 to 3, all other scales are 1 to 5, as the session's instrument asks for them; None is what it did not
ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, TurnId


@dataclass(frozen=True, slots=True)
class Rating:
    """A row of `ratings`: what one rater perceived in a turn of somebody else's. Nobody rates a turn twice.

    `is_partner` is 1 for a rater who was on stage and heard it live, else 0. `asked_at` is when they were given the
    clip, None where that is not known.
    """

    rating_id: int
    turn_id: TurnId
    rater_id: PersonId
    is_partner: int
    perceived_emotion: str
    secondary_emotion: str | None
    intensity: int
    valence: int
    arousal: int
    dominance: int | None
    authenticity: int
    naturalness: int | None
    voice_consistency: int | None
    asked_at: str | None
    answered_at: str


@dataclass(frozen=True, slots=True)
class SelfRating:
    """A row of `self_ratings`: what the performer felt in their own turn, at most one for each turn.

    It is never folded into what others perceived.
    """

    self_rating_id: int
    turn_id: TurnId
    person_id: PersonId
    felt_emotion: str
    intensity: int
    valence: int
    arousal: int
    dominance: int | None
    authenticity: int
    answered_at: str
