"""What is played: sessions and their materials, scenes, the parts that were dealt, and the cues that were given."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.domain.cues import CueTimes
from bot.domain.ids import CastingId, GuildId, PersonId, SceneId, SessionId, TakeId, UserId
from bot.domain.languages import ENGLISH
from bot.domain.states import (
    CalibrationPart,
    CalibrationPlace,
    CalibrationVoice,
    CueAnswer,
    CueCause,
    MaterialKind,
    PauseCause,
    PromptSource,
    ReplayMode,
    ShiftManner,
    TakeKind,
)


@dataclass(frozen=True, slots=True)
class Material:
    """A row of `materials`: an emotion set or an instrument as it was used, whatever its data file says now.

    `name` is that of the data file. `content` is canonical JSON with all of its fields, and `sha256` the hash of that.
    """

    sha256: str
    kind: MaterialKind
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Session:
    """A row of `sessions`: an evening in one voice channel. A guild has at most one open session.

    `guild_id`, `voice_channel_id` and `panel_message_id` are Discord's ids; `coordinator_id` is a person.
    `former_panel_message_id` is the panel before that one, until it is deleted. `deck`, `emotion_set` and `instrument`
    are names of data files. Deals are drawn with `seed`. `paused_at` and `pause_cause` ('coordinator', 'dropout' or
    'moved') are set together, and only during a pause.

    `instrument_sha256` is the material that raters are asked with from start to end. `ratings_wanted` is how many
    raters a clip was to have, as it was in force last. `software` is a JSON object: the versions that the session was
    started with. All three are None in sessions from before they were stored. `dealt_emotions` is a JSON array of the
    keys of the emotions that the session deals; None if it deals the whole set.

    `rating_until` is how long it can be rated after its end, `rating_closed_at` when the bot noticed that this time was
    over. Both are None while it is open, and in sessions that ended before they were stored. `language` is the BCP 47
    tag of what it is played in.
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
    instrument_sha256: str | None
    ratings_wanted: int | None
    software: str | None
    former_panel_message_id: int | None
    rating_until: str | None
    rating_closed_at: str | None
    dealt_emotions: str | None
    language: str = ENGLISH

    @property
    def emotions_dealt(self) -> tuple[str, ...]:
        """The keys of the emotions that it deals; nothing if it deals the whole set."""
        return tuple(json.loads(self.dealt_emotions)) if self.dealt_emotions else ()

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
    """A row of `scenes`: one prompt that was dealt, with its text at that time, or one part of a calibration.

    `number` counts from 1 within the session, and from 901 for calibrations. `kind` is the kind of all of its takes.
    Only a calibration has the `calibration_` fields, which say what is said, in which voice and when in the evening.
    Only a replay has `replay_of`, the take that is played again, and `replay_mode`; if the performers say nothing but
    one line, that is `replay_line`. `place` and `relationship` are None if the prompt names none. The deal
    was drawn with `seed`, which is None in scenes from before seeds were stored.

    `emotion_set_sha256` is the material that emotions were dealt from, and that raters choose from. `roles` and `tags`
    are JSON arrays: all roles of the prompt in its order, played or not, and the keys of the topics that it touches,
    sorted. `pull` is a JSON array of the families of emotions that the situation favours, sorted, and `not_emotions`
    one of the families and keys of emotions that must not be dealt into it. All five are None in scenes from before
    they were stored. `prompt_source` is 'deck' or, if a coordinator typed it, 'suggestion'.
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
    emotion_set_sha256: str | None
    roles: str | None
    tags: str | None
    pull: str | None
    prompt_source: PromptSource
    kind: TakeKind
    calibration_part: CalibrationPart | None
    calibration_voice: CalibrationVoice | None
    calibration_place: CalibrationPlace | None
    replay_of: TakeId | None
    replay_mode: ReplayMode | None
    replay_line: str | None
    not_emotions: str | None


@dataclass(frozen=True, slots=True)
class CastingRow:
    """A row of `castings`: one performer's part in a scene, at most one row per person and scene.

    `role` is who they are in the prompt, `want` what they want from the others (None if the deck does not say), and
    `character` the key of the character whose voice they hold. Intensities are 1 to 3; an emotion without degrees has
    the lowest. Emotion and intensity are None in a calibration, for which none is dealt. With an arc,
    `second_emotion`, `second_intensity` and `cue_cause` ('time' or 'coordinator') are set; a cue by time also has
    `cue_after_samples`, planned from the take's start.
    `is_overridden` is 1 if the coordinator chose by hand, otherwise 0. `card_seen_at` is when they first looked at
    their card.

    `direction_number` and `second_direction_number` say which of the directions for the emotion and its intensity were
    dealt, from 1; None if the set has one of its own. `shift` is how an arc is to be played ('gradual' or 'sudden').
    All three are None in castings from before they were stored.

    The other fields are the words on that card. `voice_direction` is a JSON object with what is said about the
    character's voice, by the name of each field. What the part does not have is None, as are all words in castings from
    before they were stored.
    """

    casting_id: CastingId
    scene_id: SceneId
    person_id: PersonId
    role: str
    character: str | None
    target_emotion: str | None
    target_intensity: int | None
    second_emotion: str | None
    second_intensity: int | None
    cue_cause: CueCause | None
    cue_after_samples: int | None
    is_overridden: int
    card_seen_at: str | None
    character_name: str | None
    voice_direction: str | None
    emotion_label: str | None
    emotion_direction: str | None
    second_emotion_label: str | None
    second_emotion_direction: str | None
    want: str | None
    direction_number: int | None
    second_direction_number: int | None
    shift: ShiftManner | None


@dataclass(frozen=True, slots=True)
class PerformerCasting(CastingRow):
    """A casting with the account and the pseudonym of its performer."""

    discord_user_id: UserId
    pseudonym: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A row of `cues`: what is known of a cue that was sent to a performer in a take, to shift to their second emotion.

    `cause` is 'time' or 'coordinator'. A casting has at most one cue per take. `position_samples` is when the bot began
    to send it: the first moment at which it can have been seen. `card_sent_samples` and `dm_sent_samples` are when
    Discord had accepted it in each way: under the card, and as a direct message; both are None in cues of earlier
    versions. `acknowledged_samples` is when its performer pressed the button under it. `asked_at` is when a performer
    who had not was asked after the cut, `answer` ('saw', 'not_seen' or 'unsure') and `answered_at` what they said and
    when.
    """

    cue_id: int
    take_id: TakeId
    casting_id: CastingId
    cause: CueCause
    position_samples: int
    card_sent_samples: int | None
    dm_sent_samples: int | None
    acknowledged_samples: int | None
    asked_at: str | None
    answer: CueAnswer | None
    answered_at: str | None

    @property
    def times(self) -> CueTimes:
        """What decides from when its performer's targets are claimed."""
        sent = (self.position_samples, self.card_sent_samples, self.dm_sent_samples)
        return CueTimes(*sent, self.acknowledged_samples, self.answer)


@dataclass(frozen=True, slots=True)
class SideCoaching:
    """A row of `side_coachings`: what a coordinator told a performer in the middle of a take.

    `position_samples` is when the bot began to send it. `text` has at most 200 characters.
    """

    side_coaching_id: int
    take_id: TakeId
    casting_id: CastingId
    position_samples: int
    text: str


@dataclass(frozen=True, slots=True)
class PerformerCue(Cue):
    """A cue with its performer, the take's place in the evening, and the session.

    `scene` and `take` are numbers. `is_recorded` is 1 if the performer has a track in the take, otherwise 0.
    """

    session_id: SessionId
    scene_id: SceneId
    person_id: PersonId
    discord_user_id: UserId
    scene: int
    take: int
    is_recorded: int
