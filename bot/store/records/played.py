"""What is played: sessions, their scenes, the parts that were dealt, and the cues that were given."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import CastingId, GuildId, PersonId, SceneId, SessionId, TakeId, UserId
from bot.domain.states import CueCause, PauseCause


@dataclass(frozen=True, slots=True)
class Session:
    """A row of `sessions`: an evening in one voice channel. A guild has at most one open session.

    `guild_id`, `voice_channel_id` and `panel_message_id` are Discord's ids; `coordinator_id` is a person. `deck`,
    `emotion_set` and `instrument` are names of data files. Deals are drawn with `seed`. `paused_at` and `pause_cause`
    ('coordinator' or 'dropout') are set together, and only during a pause.
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
        """Whether it is paused, so that nothing is dealt or recorded."""
        return self.paused_at is not None


@dataclass(frozen=True, slots=True)
class Scene:
    """A row of `scenes`: one prompt that was dealt, with its text at that time.

    `number` counts from 1 within the session. `place` and `relationship` are None if the prompt names none. The deal
    was drawn with `seed`, which is None in scenes from before seeds were stored.
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
    """A row of `castings`: one performer's part in a scene, at most one row per person and scene.

    `role` is who they are in the prompt, `character` the key of the character whose voice they hold. Intensities are 1
    to 3; an emotion without degrees has the lowest. With an arc, `second_emotion`, `second_intensity` and `cue_cause`
    ('time' or 'coordinator') are set; a cue by time also has `cue_after_samples`, planned from the take's start.
    `is_overridden` is 1 if the coordinator chose by hand, otherwise 0. `card_seen_at` is when they first looked at
    their card.
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
    """A row of `cues`: the moment in a take by which a performer had been told to shift to their second emotion.

    `cause` is 'time' or 'coordinator'. A casting has at most one cue per take.
    """

    cue_id: int
    take_id: TakeId
    casting_id: CastingId
    cause: CueCause
    position_samples: int
