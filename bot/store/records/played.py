"""What is played: sessions, their scenes, who was dealt what, and when they were told to shift."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import CastingId, GuildId, PersonId, SceneId, SessionId, TakeId, UserId
from bot.domain.states import CueCause, PauseCause


@dataclass(frozen=True, slots=True)
class Session:
    """A row of `sessions`: an evening in one voice channel. A guild has at most one that is open.

    `guild_id`, `voice_channel_id` and `panel_message_id` are Discord's ids, `coordinator_id` is a person. `deck`,
    `emotion_set` and `instrument` are names of data files, `seed` is what its deals are drawn by. `paused_at` and
    `pause_cause` ('coordinator' or 'dropout') are set together, and only during a pause.
    """

    session_id: SessionId
    guild_id: GuildId
    voice_channel_id: int
    coordinator_id: PersonId
    deck: str
    emotion_set: str
    instrument: str
    seed: int
    panel_message_id: int | None
    started_at: str
    ended_at: str | None
    paused_at: str | None
    pause_cause: PauseCause | None

    @property
    def is_open(self) -> bool:
        """Whether it has not been ended."""
        return self.ended_at is None

    @property
    def is_paused(self) -> bool:
        """Whether nothing may be dealt or recorded now."""
        return self.paused_at is not None


@dataclass(frozen=True, slots=True)
class Scene:
    """A row of `scenes`: one prompt that was dealt, as it stood in its deck then.

    `number` counts from 1 within the session. `place` and `relationship` are None where the prompt names none. `seed`
    is what the deal was drawn by, None in scenes of before that was kept.
    """

    scene_id: SceneId
    session_id: SessionId
    number: int
    prompt_id: str
    prompt_title: str
    prompt_text: str
    dealt_at: str
    ended_at: str | None
    place: str | None
    relationship: str | None
    seed: str | None


@dataclass(frozen=True, slots=True)
class CastingRow:
    """A row of `castings`: one performer's part in a scene, which has at most one for each person.

    `role` is who they are by the prompt, `character` the key of the character whose voice they hold. Intensities are 1
    to 3; an emotion that has no degrees has the lowest. With an arc, `second_emotion`, `second_intensity` and
    `cue_cause` ('time' or 'coordinator') are set, and for a cue by time `cue_after_samples`, planned from the take's
    start on. `is_overridden` is 1 where the coordinator chose by hand, else 0. `card_seen_at` is when they first looked
    at their card.
    """

    casting_id: CastingId
    scene_id: SceneId
    person_id: PersonId
    role: str
    character: str | None
    target_emotion: str
    target_intensity: int
    second_emotion: str | None
    second_intensity: int | None
    cue_cause: CueCause | None
    cue_after_samples: int | None
    is_overridden: int
    card_seen_at: str | None


@dataclass(frozen=True, slots=True)
class PerformerCasting(CastingRow):
    """A casting with the account and the pseudonym of its performer."""

    discord_user_id: UserId
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A row of `cues`: the moment of a take at which a performer had been told to shift to their second emotion.

    `cause` is 'time' or 'coordinator'. A casting has at most one in each take.
    """

    cue_id: int
    take_id: TakeId
    casting_id: CastingId
    cause: CueCause
    position_samples: int
