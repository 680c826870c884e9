"""Judgements of a turn: by raters, who do not know the target, and by its performer.

`intensity` is 0 to 3; all other scales are 1 to 5. A scale is None if the session's instrument does not ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, TurnId


@dataclass(frozen=True, slots=True)
class Rating:
    """A row of `ratings`: what one rater perceived in someone else's turn. No one rates a turn twice.

    `is_partner` is 1 for a rater who was on stage and heard it live, otherwise 0. `knew_prompt` is 1 for one who knew
    the scene's prompt, from their own card or because they had asked for it. `asked_at` is when they were given
    the clip; None if that is unknown.
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
    knew_prompt: int


@dataclass(frozen=True, slots=True)
class PromptShown:
    """A row of `prompts_shown`: a person without a part in a scene was shown its prompt, for the first time then."""

    scene_id: SceneId
    person_id: PersonId
    shown_at: str


@dataclass(frozen=True, slots=True)
class SelfRating:
    """A row of `self_ratings`: what the performer felt in their own turn, at most one row per turn.

    It is never merged with what others perceived.
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
