"""What an export reads: one consistent snapshot of some sessions, and the question the README answers in SQL.

Nothing Discord knows people or places by is selected, except to be searched for: `Snapshot.private_ids` is what no byte
of an export may contain.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from bot.domain.consent import Scope, in_force
from bot.store.database import Database

WHO_PLAYED_WHAT_SQL = """\
SELECT scenes.session_id        AS session,
       scenes.number            AS scene,
       takes.number             AS take,
       performer.pseudonym      AS performer,
       castings.role,
       castings.character,
       coalesce(target.target_emotion, castings.target_emotion) AS target_emotion,
       coalesce(target.target_intensity, castings.target_intensity) AS target_intensity,
       turns.number             AS turn,
       rater.pseudonym          AS rater,
       ratings.perceived_emotion
FROM castings
JOIN people AS performer ON performer.person_id = castings.person_id
JOIN scenes  ON scenes.scene_id = castings.scene_id
JOIN takes   ON takes.scene_id = scenes.scene_id AND takes.state = 'cut' AND takes.struck_at IS NULL
JOIN tracks  ON tracks.take_id = takes.take_id AND tracks.person_id = castings.person_id
LEFT JOIN turns   ON turns.track_id = tracks.track_id AND turns.is_for_rating
LEFT JOIN turn_targets AS target ON target.turn_id = turns.turn_id
LEFT JOIN ratings ON ratings.turn_id = turns.turn_id
LEFT JOIN people AS rater ON rater.person_id = ratings.rater_id
ORDER BY session, scene, take, performer, turn, rater
"""
"""Who played which target emotion in which take, and what raters perceived: a row a rating, and one with nulls for
a performer nobody has rated."""


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

    `pseudonyms` and `scopes` (what is in force now) hold everyone, by person id. `private_ids` are the numbers
    Discord knows people and places by.
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
    scopes: dict[int, frozenset[Scope]]
    private_ids: frozenset[int]


_UP_FROM_TAKES = "JOIN scenes USING (scene_id)"
_UP_FROM_TRACKS = f"JOIN takes USING (take_id) {_UP_FROM_TAKES}"
_UP_FROM_TURNS = f"JOIN tracks USING (track_id) {_UP_FROM_TRACKS}"
_UP_FROM_RATINGS = f"JOIN turns USING (turn_id) {_UP_FROM_TURNS}"

_PRIVATE_IDS_SQL = """
    SELECT discord_user_id FROM people UNION SELECT guild_id FROM sessions UNION SELECT voice_channel_id FROM sessions
    UNION SELECT panel_message_id FROM sessions WHERE panel_message_id IS NOT NULL
"""

_Record = TypeVar("_Record")


async def read_snapshot(database: Database, session_ids: Sequence[int]) -> Snapshot:
    """Read some sessions as they are at one moment, whatever is written meanwhile; unknown ids are simply absent."""
    chosen = json.dumps(sorted(set(session_ids)))

    async def records(record: type[_Record], table: str, joins: str = "") -> list[_Record]:
        return [record(**dict(row)) for row in await database.fetch_all(_select(record, table, joins), chosen)]

    # A transaction so that all queries see the same state: a take cut in between would be half there.
    async with database.transaction():
        return Snapshot(
            await records(SessionRecord, "sessions"),
            await records(SceneRecord, "scenes"),
            await records(CastingRecord, "castings", _UP_FROM_TAKES),
            await records(TakeRecord, "takes", _UP_FROM_TAKES),
            await records(TrackRecord, "tracks", _UP_FROM_TRACKS),
            await records(HoleRecord, "holes", _UP_FROM_TRACKS),
            await records(CueRecord, "cues", _UP_FROM_TRACKS),
            await records(TurnRecord, "turns", _UP_FROM_TURNS),
            await records(RatingRecord, "ratings", _UP_FROM_RATINGS),
            await records(SelfRatingRecord, "self_ratings", _UP_FROM_RATINGS),
            await records(EventRecord, "events"),
            {row[0]: row[1] for row in await database.fetch_all("SELECT person_id, pseudonym FROM people")},
            await scopes_of_all(database),
            frozenset(row[0] for row in await database.fetch_all(_PRIVATE_IDS_SQL)),
        )


def _select(record: type[Any], table: str, joins: str) -> str:
    # The fields of a record are columns of its table; a rowid is the table's integer key, so rows come as they came.
    columns = ", ".join(f"{table}.{field.name}" for field in fields(record))
    chosen = "session_id IN (SELECT value FROM json_each(?))"
    return f"SELECT {columns} FROM {table} {joins} WHERE {chosen} ORDER BY {table}.rowid"  # noqa: S608 - all literals


async def scopes_of_all(database: Database) -> dict[int, frozenset[Scope]]:
    """What is in force at this moment, for everyone who ever gave or took back a consent, by person id."""
    logs: defaultdict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for row in await database.fetch_all(
        "SELECT person_id, scope, action FROM consent_events ORDER BY consent_event_id"
    ):
        logs[row["person_id"]].append((row["scope"], row["action"]))
    return {person_id: in_force(log) for person_id, log in logs.items()}
