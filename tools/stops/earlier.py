"""Earlier sessions of the same server for an export, written straight into an empty store by SQL.

The schema is that of `bot/store/migrations`, applied here: the first ones before the rows, whose columns are those of
the fifth, and the later ones over them. All tracks are one small Ogg Opus file under many names.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from bot.audio.sound import write_ogg_opus
from bot.samples import SAMPLE_RATE_HZ

MIGRATIONS = Path(__file__).parents[2] / "bot" / "store" / "migrations"
DATABASE = "promptbook.sqlite3"
FILLED_AT = 5
"""The migration whose tables are filled here."""

PERFORMERS, TAKES = 3, 2
TAKE_SECONDS, TURN_SECONDS = 6, (1.0, 3.5)
SCOPES = ("record", "store_and_review", "peer_rating", "train_recognition")
EMOTIONS = ("anger", "joy", "sadness")
FIRST_USER_ID, CHANNEL_ID = 712_345_678_901_230_000, 712_345_678_901_239_999
NOW = "2026-01-22T19:30:00.000Z"


def write_earlier_sessions(home: Path, guild_id: int, sessions: int) -> None:
    """Write ended sessions with two takes each, three tracks per take, a turn per track and two ratings per turn."""
    sound = home / "recordings" / "hum.opus"
    sound.parent.mkdir(parents=True, exist_ok=True)
    write_ogg_opus(sound, _hum())
    with closing(sqlite3.connect(home / DATABASE, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        migrations = list(enumerate(sorted(MIGRATIONS.glob("*.sql")), 1))
        _migrate(database, migrations[:FILLED_AT])
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("BEGIN IMMEDIATE")
        people = list(_add_people(database))
        for _ in range(sessions):
            _add_session(database, sound, guild_id, people)
        database.execute("COMMIT")
        database.execute("PRAGMA foreign_keys = OFF")
        _migrate(database, migrations[FILLED_AT:])


def _migrate(database: sqlite3.Connection, migrations: Iterable[tuple[int, Path]]) -> None:
    for number, path in migrations:
        database.executescript(f"BEGIN IMMEDIATE;\n{path.read_text('utf-8')}\nPRAGMA user_version = {number};\nCOMMIT;")


def _add_people(database: sqlite3.Connection) -> Iterator[int]:
    for number in range(PERFORMERS):
        person = _insert(
            database,
            "people",
            discord_user_id=FIRST_USER_ID + number,
            pseudonym=f"spk_{number + 1:08x}",
            created_at=NOW,
        )
        for scope in SCOPES:
            event = {"person_id": person, "scope": scope, "action": "grant", "happened_at": NOW}
            _insert(database, "consent_events", **event, text_version="1", text_sha256="0" * 64, locale="en")
        yield person


def _add_session(database: sqlite3.Connection, sound: Path, guild_id: int, people: list[int]) -> None:
    session = _insert(
        database,
        "sessions",
        guild_id=guild_id,
        voice_channel_id=CHANNEL_ID,
        coordinator_id=people[0],
        deck="everyday",
        emotion_set="basic",
        instrument="core",
        seed=7,
        started_at=NOW,
        ended_at=NOW,
    )
    for number in range(1, TAKES + 1):
        scene = _insert(
            database,
            "scenes",
            session_id=session,
            number=number,
            prompt_id="lost_keys",
            prompt_title="Lost keys",
            prompt_text="Somebody has the keys.",
            dealt_at=NOW,
            ended_at=NOW,
        )
        for person, emotion in zip(people, EMOTIONS, strict=True):
            part = {"role": "the neighbour", "target_emotion": emotion, "target_intensity": 2}
            _insert(database, "castings", scene_id=scene, person_id=person, **part)
        _add_take(database, sound, scene, people)


def _add_take(database: sqlite3.Connection, sound: Path, scene: int, people: list[int]) -> None:
    take = _insert(
        database,
        "takes",
        scene_id=scene,
        number=1,
        state="cut",
        called_at=NOW,
        started_at=NOW,
        cut_at=NOW,
        cut_reason="coordinator",
        duration_samples=TAKE_SECONDS * SAMPLE_RATE_HZ,
    )
    start, end = (round(seconds * SAMPLE_RATE_HZ) for seconds in TURN_SECONDS)
    for person in people:
        path = sound.with_name(f"earlier-{take}-{person}.opus")
        os.link(sound, path)
        track = _insert(
            database,
            "tracks",
            take_id=take,
            person_id=person,
            path=path.relative_to(sound.parents[1]).as_posix(),
            duration_samples=TAKE_SECONDS * SAMPLE_RATE_HZ,
            received_frames=TAKE_SECONDS * 50,
            concealed_frames=0,
            speech_samples=end - start,
        )
        turn = _insert(
            database, "turns", track_id=track, number=1, start_samples=start, end_samples=end, is_for_rating=1
        )
        for rater, emotion in zip(people, EMOTIONS, strict=True):
            if rater != person:
                scales = {"intensity": 2, "valence": 2, "arousal": 4, "authenticity": 3}
                who = {"turn_id": turn, "rater_id": rater, "is_partner": 1}
                _insert(database, "ratings", **who, perceived_emotion=emotion, answered_at=NOW, **scales)


def _insert(database: sqlite3.Connection, table: str, **columns: object) -> int:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    return database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values())).lastrowid or 0


def _hum() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return silence with one hum during the turn."""
    moments = np.arange(TAKE_SECONDS * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    inside = (moments >= TURN_SECONDS[0]) & (moments < TURN_SECONDS[1])
    return (0.2 * inside * np.sin(2 * np.pi * 440 * moments)).astype(np.float32)
