"""Judgements of turns: by raters, who do not know the target, and by their performers.

What they were asked is data: a trial is one question to one rater, an answer is one value of one item. `ratings` and
`self_ratings` are views with a column for each item that always had one: `intensity` is 0 to 3, all other scales are 1
to 5, and None if the rater was not asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import InvitationId, PersonId, SceneId, SessionId, TrialId, TrialToken, TurnId
from bot.domain.states import TrialKind, TrialPurpose


@dataclass(frozen=True, slots=True)
class Trial:
    """A row of `trials`: one question to one rater about a turn, a pair of turns or their own turn.

    `number` is its place in this rater's sequence in the session, `items` a JSON list of what was asked, in order; None
    if an earlier version asked. `is_partner` is 1 for a rater who was on stage and heard it live, `knew_prompt` 1 for
    one who knew the scene's prompt, from their own card or because they had asked for it; otherwise 0. `shown_at` is
    when they were given the clip and `response_ms` how long the answers took, None if that is unknown; `answered_at` is
    None until there are answers. No one rates a turn twice, except as a repeat. `token` is random, and names the trial
    in buttons and forms.
    """

    trial_id: TrialId
    session_id: SessionId
    kind: TrialKind
    purpose: TrialPurpose
    rater_id: PersonId
    turn_id: TurnId
    other_turn_id: TurnId | None
    number: int
    instrument_sha256: str | None
    items: str | None
    is_partner: int
    knew_prompt: int
    shown_at: str | None
    answered_at: str | None
    response_ms: int | None
    token: TrialToken


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A row of `answers`: a value of an item, or words that the rater typed. An item can have several values."""

    answer_id: int
    trial_id: TrialId
    item: str
    value: str | None
    words: str | None


@dataclass(frozen=True, slots=True)
class Rating:
    """A row of the view `ratings`: what one rater perceived in someone else's turn, if they could judge it.

    `rating_id` is the trial's id, `asked_at` when they were given the clip; None if that is unknown.
    """

    rating_id: TrialId
    turn_id: TurnId
    rater_id: PersonId
    is_partner: int
    perceived_emotion: str
    secondary_emotion: str | None
    intensity: int | None
    valence: int | None
    arousal: int | None
    dominance: int | None
    authenticity: int | None
    naturalness: int | None
    voice_consistency: int | None
    asked_at: str | None
    answered_at: str
    knew_prompt: int
    instrument_sha256: str | None


@dataclass(frozen=True, slots=True)
class PromptShown:
    """A row of `prompts_shown`: a person without a part in a scene was shown its prompt, for the first time then."""

    scene_id: SceneId
    person_id: PersonId
    shown_at: str


@dataclass(frozen=True, slots=True)
class SelfRating:
    """A row of the view `self_ratings`: what the performer felt in their own turn, at most one row per turn.

    It is never merged with what others perceived. `self_rating_id` is the trial's id.
    """

    self_rating_id: TrialId
    turn_id: TurnId
    person_id: PersonId
    felt_emotion: str
    intensity: int | None
    valence: int | None
    arousal: int | None
    dominance: int | None
    authenticity: int | None
    answered_at: str
    instrument_sha256: str | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A row of `invitations`: a message that invites people to rate a session who were not in its channel.

    `message_id` is None until Discord has the message, `closed_at` until no one can accept it any more.
    """

    invitation_id: InvitationId
    session_id: SessionId
    channel_id: int
    message_id: int | None
    invited_at: str
    closed_at: str | None


@dataclass(frozen=True, slots=True)
class AbsentRater:
    """A row of `absent_raters`: who was not in a session's channel when they were first given a clip of it.

    `is_invited` is 1 for those who came by an invitation, who hear only performers who permit it; otherwise 0.
    """

    session_id: SessionId
    person_id: PersonId
    first_at: str
    is_invited: int
