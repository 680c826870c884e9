"""The records match the schema: one field per column, of its type, and None exactly if the table allows it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import FrozenInstanceError, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_type_hints

import pytest

from bot.domain.ids import PersonId, UserId
from bot.home.places import Home
from bot.store import records
from bot.store.database import open_database
from bot.store.reader import records_of
from bot.store.records import CastingRow, Person

TABLES = {
    "absent_raters": records.AbsentRater,
    "answers": records.AnswerRow,
    "attendance": records.Attendance,
    "castings": records.CastingRow,
    "consent_events": records.ConsentRow,
    "consent_texts": records.ConsentTextRow,
    "cue_choices": records.CueChoice,
    "cues": records.Cue,
    "erasures": records.Erasure,
    "events": records.Event,
    "guild_settings": records.GuildChoices,
    "holes": records.Hole,
    "invitations": records.Invitation,
    "materials": records.Material,
    "notes": records.Note,
    "notices": records.Notice,
    "operator_acts": records.OperatorAct,
    "operators": records.Operator,
    "pay_corrections": records.PayCorrection,
    "pay_proceeds": records.PayProceeds,
    "pay_rates": records.PayRate,
    "pay_work": records.PayWork,
    "people": records.Person,
    "profiles": records.ProfileAnswer,
    "prompts_shown": records.PromptShown,
    "receipts": records.ReceiptRow,
    "released_sounds": records.ReleasedSound,
    "releases": records.Release,
    "reminders": records.Reminder,
    "retentions": records.Retention,
    "review_first": records.ReviewFirst,
    "scenes": records.Scene,
    "scheduled_sessions": records.ScheduledSession,
    "sessions": records.Session,
    "side_coachings": records.SideCoaching,
    "sign_ups": records.SignUp,
    "sound_checks": records.SoundCheckRow,
    "speaker_splits": records.SpeakerSplit,
    "takes": records.Take,
    "targets_seen": records.TargetsSeen,
    "tracks": records.Track,
    "transcripts": records.Transcript,
    "trials": records.Trial,
    "turn_reviews": records.TurnReview,
    "turns": records.Turn,
    "unreminded": records.Unreminded,
    "use_people": records.UsePerson,
    "uses": records.Use,
}

VIEWS = {"ratings": records.Rating, "self_ratings": records.SelfRating}
"""Records of views: SQLite knows neither types nor whether a column can be null."""

PARTS = {"tracks": records.TrackFacts, "sound_checks": records.SoundFacts}
"""Records that are written before the row has its ids."""

JOINS = {
    records.PerformerCasting: records.CastingRow,
    records.PerformerCue: records.Cue,
    records.PlacedNote: records.Note,
    records.TargetedTurn: records.Turn,
}

TYPES = {"INTEGER": int, "TEXT": str, "REAL": float}


@pytest.fixture
async def database(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    await database.close()
    with closing(sqlite3.connect(database.path)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def fields_of(record: type) -> dict[str, Any]:
    """The types of a record's fields at run time, at which every id is an int."""
    return {name: _at_run_time(kind) for name, kind in get_type_hints(record).items()}


def _at_run_time(kind: Any) -> Any:
    if parts := get_args(kind):
        return Union[tuple(_at_run_time(part) for part in parts)]  # noqa: UP007 - of any number
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return str
    return getattr(kind, "__supertype__", kind)


def columns_of(database: sqlite3.Connection, table: str) -> Iterator[tuple[str, Any]]:
    for row in database.execute(f"PRAGMA table_info({table})"):
        kind = TYPES[row["type"]]
        yield row["name"], kind if row["notnull"] or row["pk"] else kind | None


@pytest.mark.parametrize("table", TABLES)
async def test_a_record_has_the_columns_of_its_table(database: sqlite3.Connection, table: str):
    assert fields_of(TABLES[table]) == dict(columns_of(database, table))


@pytest.mark.parametrize("view", VIEWS)
async def test_a_record_has_the_columns_of_its_view(database: sqlite3.Connection, view: str):
    assert list(fields_of(VIEWS[view])) == [row["name"] for row in database.execute(f"PRAGMA table_info({view})")]


@pytest.mark.parametrize("table", PARTS)
async def test_what_is_written_are_columns_of_its_table(database: sqlite3.Connection, table: str):
    assert fields_of(PARTS[table]).items() <= dict(columns_of(database, table)).items()


def test_every_record_is_of_one_table_or_of_a_join():
    of_tables, parts = [*TABLES.values(), *VIEWS.values()], list(PARTS.values())
    assert len(set(of_tables)) == len(of_tables)
    assert {getattr(records, name) for name in records.__all__} == {*of_tables, *parts, *JOINS}
    assert all(issubclass(join, record) for join, record in JOINS.items())


@pytest.mark.parametrize("name", records.__all__)
def test_a_record_can_be_neither_changed_nor_widened(name: str):
    kind = getattr(records, name)
    record = kind(*[None] * len(fields(kind)))
    with pytest.raises(FrozenInstanceError):
        setattr(record, fields(kind)[0].name, 1)
    assert not hasattr(record, "__dict__")


async def test_rows_are_read_by_the_names_of_their_columns(database: sqlite3.Connection):
    row = "SELECT 'x' AS created_at, 3 AS more, 'spk_1' AS pseudonym, 2 AS discord_user_id, 1 AS person_id"
    assert records_of(Person, database.execute(row)) == [Person(PersonId(1), UserId(2), "spk_1", "x")]
    with pytest.raises(IndexError):
        records_of(CastingRow, database.execute(row))
