"""Everything that the test of the stored home calls in the code under test. Change it here if that code changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bot.app import open_services
from bot.audio import sound
from bot.config import load_settings
from bot.dataset.export import export_dataset
from bot.dataset.model.options import Layout, Options
from bot.domain.ids import SessionId, UserId
from bot.live.apart import in_thread
from bot.live.ports import SystemClock
from bot.services.assembly import Services
from bot.services.exports import plan_export
from bot.store.database import Database, open_database
from tests.landed.people import CHANNELS
from tests.paper import PaperStage

LABELS = (
    *("clip_id", "session", "scene", "take", "turn", "speaker_id", "partners", "prompt_id", "role"),
    *("character", "target_emotion", "target_intensity", "arc_first_emotion", "arc_second_emotion", "cue_at"),
    *("self_emotion", "n_raters", "n_partner_raters", "perceived_emotion", "agreement", "start", "end"),
)
"""The columns of a clip that mean the same in every later version."""


@asynccontextmanager
async def open_home(home: Path) -> AsyncGenerator[Services]:
    """The services over a home folder whose database is brought up to date, without Discord."""
    settings = load_settings({}, home / "no.env", home)
    database = await open_database(settings.home)
    stage = PaperStage({channel: set[UserId]() for channel in CHANNELS.values()})
    try:
        async with open_services(settings, database, SystemClock(), stage, in_thread) as services:
            yield services
    finally:
        await database.close()


async def recover(services: Services) -> bool:
    """Close takes that an ended process left running, as the bot does; returns whether all could be closed."""
    recovered = await services.starting.recovery.recover_takes()
    await services.turns.search_left_over()
    return recovered


async def export(services: Services, session_id: SessionId | None, out: Path) -> None:
    """Export one session of any guild, or, with None, all sessions of all guilds."""
    order = await plan_export(
        services.sessions.database,
        services.turns.search.home,
        services.library,
        guild_id=None,
        session_id=session_id,
        out=out,
        options=Options(Layout.AUDIOFOLDER),
    )
    export_dataset(order)


async def rows_in_store(database: Database, tables: Sequence[str]) -> dict[str, int]:
    """How many rows these tables of the store have."""
    return {table: await database.fetch_value(f"SELECT count(*) FROM {table}") for table in tables}


async def tables_in_store(database: Database) -> list[str]:
    """The names of all tables of the store."""
    rows = await database.fetch_all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [row[0] for row in rows]


def read_clips(out: Path) -> list[dict[str, Any]]:
    """The clips of an export by their ids: the labels, and a hash of each file's decoded sound."""
    rows = [row | {"folder": path.parent} for path in out.glob("clips/*/metadata.parquet") for row in _rows(path)]
    return [_clip(row) for row in sorted(rows, key=lambda row: row["clip_id"])]


def read_splits(out: Path) -> dict[str, str]:
    """The split of every speaker in an export."""
    rows = [row for path in out.glob("clips/*/metadata.parquet") for row in _rows(path)]
    return {row["speaker_id"]: row["split"] for row in rows}


def rows_in_tables(out: Path) -> dict[str, int]:
    """How many rows the tables of an export have."""
    paths = sorted(out.glob("tables/*.json"))
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in paths}
    return {name: len(rows) for name, rows in found.items() if isinstance(rows, list)}


def _rows(path: Path) -> list[dict[str, Any]]:
    return pq.read_table(path).to_pylist()


def _clip(row: Mapping[str, Any]) -> dict[str, Any]:
    samples = sound.read(row["folder"] / row["file_name"]).astype("<f4")
    return {name: row[name] for name in LABELS} | {"samples_sha256": hashlib.sha256(samples.tobytes()).hexdigest()}
