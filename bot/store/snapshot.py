"""What an export reads of some sessions: a record a row, with the columns' names, and all of them as one snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.consent import Scope


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session, without the places Discord knows it by."""

    session_id: int
    deck: str
    emotion_set: str
    instrument: str
    seed: int
    started_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class SceneRecord:
    """One prompt that was dealt."""

    scene_id: int
    session_id: int
    number: int
    prompt_id: str
    prompt_title: str
    prompt_text: str
    place: str | None
    relationship: str | None
    seed: str | None
    dealt_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class CastingRecord:
    """What one performer was dealt in a scene; `is_overridden` is 0 or 1: 1 where the coordinator chose by hand."""

    casting_id: int
    scene_id: int
    person_id: int
    role: str
    character: str | None
    target_emotion: str
    target_intensity: int | None
    second_emotion: str | None
    second_intensity: int | None
    cue_cause: str | None
    is_overridden: int
    card_seen_at: str | None


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """One recorded run of a scene, in whatever state it is."""

    take_id: int
    scene_id: int
    number: int
    state: str
    called_at: str
    started_at: str | None
    cut_at: str | None
    cut_reason: str | None
    struck_at: str | None
    duration_samples: int | None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """One performer's file in a take; `path` is below the home folder."""

    track_id: int
    take_id: int
    person_id: int
    path: str
    duration_samples: int
    received_frames: int
    concealed_frames: int
    speech_samples: int
    lost_frames: int | None
    loudness_lufs: float | None
    peak_dbfs: float | None
    speech_dbfs: float | None
    noise_dbfs: float | None
    clipped_share: float | None


@dataclass(frozen=True, slots=True)
class HoleRecord:
    """A stretch of a take in which nobody could be heard, because of the 'connection' or a 'pause'."""

    take_id: int
    cause: str
    start_samples: int
    end_samples: int


@dataclass(frozen=True, slots=True)
class CueRecord:
    """The moment of a take at which a performer was told to shift to their second emotion."""

    take_id: int
    casting_id: int
    cause: str
    position_samples: int


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A stretch of speech in a track; `is_for_rating` is 0 or 1."""

    turn_id: int
    track_id: int
    number: int
    start_samples: int
    end_samples: int
    is_for_rating: int


@dataclass(frozen=True, slots=True)
class RatingRecord:
    """What one rater perceived in a turn; `is_partner` is 0 or 1."""

    turn_id: int
    rater_id: int
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
class SelfRatingRecord:
    """What the performer felt in their own turn."""

    turn_id: int
    person_id: int
    felt_emotion: str
    intensity: int
    valence: int
    arousal: int
    dominance: int | None
    authenticity: int
    answered_at: str


@dataclass(frozen=True, slots=True)
class EventRecord:
    """What happened when; `detail` is a JSON object as it was logged, not yet fit for strangers."""

    session_id: int
    scene_id: int | None
    take_id: int | None
    person_id: int | None
    kind: str
    detail: str
    happened_at: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything about some sessions at one moment, in the order it came to be.

    `pseudonyms` hold everyone, by person id. `scopes` are what is in force on the server of each session, by session
    and person id, for everyone who ever consented to anything. `private_ids` are the numbers that Discord knows people
    and places by.
    """

    sessions: list[SessionRecord]
    scenes: list[SceneRecord]
    castings: list[CastingRecord]
    takes: list[TakeRecord]
    tracks: list[TrackRecord]
    holes: list[HoleRecord]
    cues: list[CueRecord]
    turns: list[TurnRecord]
    ratings: list[RatingRecord]
    self_ratings: list[SelfRatingRecord]
    events: list[EventRecord]
    pseudonyms: dict[int, str]
    scopes: dict[tuple[int, int], frozenset[Scope]]
    private_ids: frozenset[int]

    def scopes_of(self, person_id: int) -> frozenset[Scope]:
        """What a person consents to on the servers of all sessions here that know them; nothing where none does."""
        found = [scopes for (_, person), scopes in self.scopes.items() if person == person_id]
        return frozenset(scope for scope in Scope if found and all(scope in scopes for scopes in found))
