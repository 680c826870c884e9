"""What a session left in the store, with Discord's account ids, for a comparison with what people noted.

None of this may be exported, because of the ids. Positions and durations are samples at 48 kHz since the take's start,
times are UTC in ISO 8601.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.ids import SessionId, TakeId, UserId
from bot.domain.states import (
    CalibrationPart,
    CalibrationPlace,
    CalibrationVoice,
    ReplayMode,
    TakeKind,
    TargetClaim,
)
from bot.store.reader import Record
from bot.store.records import (
    Cue,
    Event,
    Hole,
    Note,
    PerformerCasting,
    Rating,
    Scene,
    SideCoaching,
    SignUp,
    Take,
    Track,
    Turn,
)
from bot.store.stillness import still


@dataclass(frozen=True, slots=True)
class TakeLeft(Take):
    """A take with the number of its scene, and its kind."""

    scene: int
    kind: TakeKind = TakeKind.SCENE
    calibration_part: CalibrationPart | None = None
    calibration_voice: CalibrationVoice | None = None
    calibration_place: CalibrationPlace | None = None
    replay_of: TakeId | None = None
    replay_mode: ReplayMode | None = None


@dataclass(frozen=True, slots=True)
class TrackLeft(Track):
    """A track with the account that it was recorded from."""

    discord_user_id: UserId


@dataclass(frozen=True, slots=True)
class CastingLeft(PerformerCasting):
    """A casting with the number of its scene."""

    scene: int


@dataclass(frozen=True, slots=True)
class CueLeft(Cue):
    """A cue with the account of the performer who was told."""

    discord_user_id: UserId


@dataclass(frozen=True, slots=True)
class TurnLeft(Turn):
    """A turn with its take, the account that spoke, and the target that the store claims for it."""

    take_id: TakeId
    discord_user_id: UserId
    claim: TargetClaim | None
    target_emotion: str | None
    target_until_samples: int | None


@dataclass(frozen=True, slots=True)
class EventLeft(Event):
    """An event with the account that it names, if any."""

    discord_user_id: UserId | None


@dataclass(frozen=True, slots=True)
class CoachingLeft(SideCoaching):
    """Side-coaching with the account of the performer who was told."""

    discord_user_id: UserId


@dataclass(frozen=True, slots=True)
class RatingLeft(Rating):
    """A rating with the account of its rater, and the number of the scene."""

    discord_user_id: UserId
    scene: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything of one session."""

    takes: list[TakeLeft]
    tracks: list[TrackLeft]
    castings: list[CastingLeft]
    cues: list[CueLeft]
    turns: list[TurnLeft]
    holes: list[Hole]
    notes: list[Note]
    events: list[EventLeft]
    sign_ups: list[SignUp] = field(default_factory=list[SignUp])
    scenes: list[Scene] = field(default_factory=list[Scene])
    coachings: list[CoachingLeft] = field(default_factory=list[CoachingLeft])
    ratings: list[RatingLeft] = field(default_factory=list[RatingLeft])


_TAKES = """
    SELECT takes.*, scenes.number AS scene, kind, calibration_part, calibration_voice, calibration_place, replay_of,
           replay_mode
    FROM takes JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY take_id
"""
_TRACKS = """
    SELECT tracks.*, discord_user_id
    FROM tracks JOIN people USING (person_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY track_id
"""
_CASTINGS = """
    SELECT castings.*, discord_user_id, pseudonym, scenes.number AS scene
    FROM castings JOIN people USING (person_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY casting_id
"""
_CUES = """
    SELECT cues.*, discord_user_id
    FROM cues JOIN castings USING (casting_id) JOIN people USING (person_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY cue_id
"""
_TURNS = """
    SELECT turns.*, tracks.take_id, discord_user_id, claim, target_emotion, target_until_samples
    FROM turns JOIN tracks USING (track_id) JOIN people USING (person_id) JOIN takes USING (take_id)
    JOIN scenes USING (scene_id) LEFT JOIN turn_targets USING (turn_id)
    WHERE session_id = ? ORDER BY turn_id
"""
_HOLES = """
    SELECT holes.*
    FROM holes JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY hole_id
"""
_NOTES = "SELECT * FROM notes WHERE session_id = ? ORDER BY note_id"
_SCENES = "SELECT * FROM scenes WHERE session_id = ? ORDER BY scene_id"
_COACHINGS = """
    SELECT side_coachings.*, discord_user_id
    FROM side_coachings JOIN castings USING (casting_id) JOIN people USING (person_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY side_coaching_id
"""
_RATINGS = """
    SELECT ratings.*, discord_user_id, scenes.number AS scene
    FROM ratings JOIN people ON people.person_id = rater_id JOIN turns USING (turn_id) JOIN tracks USING (track_id)
    JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY rating_id
"""
_EVENTS = """
    SELECT events.*, discord_user_id
    FROM events LEFT JOIN people USING (person_id)
    WHERE session_id = ? ORDER BY event_id
"""
_SIGN_UPS = """
    SELECT sign_ups.* FROM sign_ups JOIN scheduled_sessions USING (scheduled_id)
    WHERE session_id = ? ORDER BY sign_ups.number
"""


def read_evidence(database: Path, session_id: SessionId) -> Evidence:
    """Read what a session left."""
    with still(database) as store:

        def left(kind: type[Record], sql: str) -> list[Record]:
            return store.fetch_records(kind, sql, session_id)

        return Evidence(
            takes=left(TakeLeft, _TAKES),
            tracks=left(TrackLeft, _TRACKS),
            castings=left(CastingLeft, _CASTINGS),
            cues=left(CueLeft, _CUES),
            turns=left(TurnLeft, _TURNS),
            holes=left(Hole, _HOLES),
            notes=left(Note, _NOTES),
            events=left(EventLeft, _EVENTS),
            sign_ups=left(SignUp, _SIGN_UPS),
            scenes=left(Scene, _SCENES),
            coachings=left(CoachingLeft, _COACHINGS),
            ratings=left(RatingLeft, _RATINGS),
        )
