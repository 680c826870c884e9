"""What a session left in the store, beside the accounts it was left by: for holding it against what people noted.

Nothing of this is for export: it names accounts by Discord's ids. Positions and durations are samples at 48 kHz since
the take's start, times are UTC in ISO 8601.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.store.stillness import still


@dataclass(frozen=True, slots=True)
class TakeLeft:
    """A take; `number` counts within its `scene`, which counts within the session."""

    take_id: int
    scene: int
    number: int
    state: str
    started_at: str | None
    cut_reason: str | None
    duration_samples: int | None
    struck_at: str | None


@dataclass(frozen=True, slots=True)
class TrackLeft:
    """One account's track in a take."""

    take_id: int
    discord_user_id: int
    duration_samples: int


@dataclass(frozen=True, slots=True)
class CastingLeft:
    """What one account was dealt in a scene."""

    scene: int
    discord_user_id: int
    role: str
    target_emotion: str
    second_emotion: str | None


@dataclass(frozen=True, slots=True)
class CueLeft:
    """When one account was told, in a take, to shift to its second emotion."""

    take_id: int
    discord_user_id: int
    position_samples: int


@dataclass(frozen=True, slots=True)
class TurnLeft:
    """One account's turn, with the target that the store says was in force."""

    turn_id: int
    take_id: int
    discord_user_id: int
    start_samples: int
    end_samples: int
    target_emotion: str


@dataclass(frozen=True, slots=True)
class HoleLeft:
    """A stretch of a take in which nothing was recorded; `cause` is 'connection' or 'pause'."""

    take_id: int
    start_samples: int
    end_samples: int
    cause: str


@dataclass(frozen=True, slots=True)
class NoteLeft:
    """A coordinator's note."""

    take_id: int | None
    position_samples: int | None
    text: str


@dataclass(frozen=True, slots=True)
class EventLeft:
    """An event; `discord_user_id` is the account it names, if any."""

    event_id: int
    kind: str
    discord_user_id: int | None
    detail: str
    happened_at: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of a session."""

    takes: list[TakeLeft]
    tracks: list[TrackLeft]
    castings: list[CastingLeft]
    cues: list[CueLeft]
    turns: list[TurnLeft]
    holes: list[HoleLeft]
    notes: list[NoteLeft]
    events: list[EventLeft]


_TAKES = """
    SELECT take_id, scenes.number AS scene, takes.number, state, started_at, cut_reason, duration_samples, struck_at
    FROM takes JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY take_id
"""
_TRACKS = """
    SELECT take_id, discord_user_id, tracks.duration_samples
    FROM tracks JOIN people USING (person_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY track_id
"""
_CASTINGS = """
    SELECT number AS scene, discord_user_id, role, target_emotion, second_emotion
    FROM castings JOIN people USING (person_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY casting_id
"""
_CUES = """
    SELECT take_id, discord_user_id, position_samples
    FROM cues JOIN castings USING (casting_id) JOIN people USING (person_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY cue_id
"""
_TURNS = """
    SELECT turn_id, take_id, discord_user_id, start_samples, end_samples, target_emotion
    FROM turn_targets JOIN turns USING (turn_id) JOIN people USING (person_id) JOIN takes USING (take_id)
    JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY turn_id
"""
_HOLES = """
    SELECT take_id, start_samples, end_samples, cause
    FROM holes JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? ORDER BY hole_id
"""
_NOTES = "SELECT take_id, position_samples, text FROM notes WHERE session_id = ? ORDER BY note_id"
_EVENTS = """
    SELECT event_id, kind, discord_user_id, detail, happened_at
    FROM events LEFT JOIN people USING (person_id)
    WHERE session_id = ? ORDER BY event_id
"""
_Left = TypeVar("_Left")


def read_evidence(database: Path, session_id: int) -> Evidence:
    """What a session left."""
    with still(database) as store:

        def left(kind: type[_Left], sql: str) -> list[_Left]:
            return store.records(kind, sql, session_id)

        return Evidence(
            takes=left(TakeLeft, _TAKES),
            tracks=left(TrackLeft, _TRACKS),
            castings=left(CastingLeft, _CASTINGS),
            cues=left(CueLeft, _CUES),
            turns=left(TurnLeft, _TURNS),
            holes=left(HoleLeft, _HOLES),
            notes=left(NoteLeft, _NOTES),
            events=left(EventLeft, _EVENTS),
        )
