"""A home of schema version 4, with sessions and consents of two guilds, opens in this version and loses nothing."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from landed.current_code import export, open_home, read_clips, recover, rows_in_store, rows_in_tables
from landed.people import ANNA, BERT, BYSTANDER, EMIL, FRITZ, GRETA, HARBOUR, MILL, RITA

HERE = Path(__file__).parent
LANDED: dict[str, Any] = json.loads((HERE / "clips.json").read_text("utf-8"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with ZipFile(HERE / "home-schema-4.zip") as archive:
        archive.extractall(tmp_path / "home")
    return tmp_path / "home"


async def exported(home: Path, name: str) -> Path:
    """Open and recover a home, and export one session of it, or all."""
    async with open_home(home) as desk:
        await recover(desk)
        await export(desk, None if name == "all" else int(name), home / "exports" / name)
    return home / "exports" / name


def test_it_is_the_home_that_was_landed(home: Path):
    """The old schema, a running take with open tracks, and no log beside the database: the other tests rest on it."""
    assert sorted(path.name for path in home.glob("promptbook.sqlite3*")) == ["promptbook.sqlite3"]
    with closing(sqlite3.connect(home / "promptbook.sqlite3")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (4,)
        guilds = database.execute("SELECT guild_id, ended_at IS NULL FROM sessions ORDER BY session_id").fetchall()
        (folder,) = database.execute(
            "SELECT format('session-%04d/scene-%02d/take-%02d', session_id, scenes.number, takes.number) FROM takes "
            "JOIN scenes USING (scene_id) WHERE state = 'recording'"
        ).fetchone()
        members = {row[0] for row in database.execute("SELECT discord_user_id FROM people")}
    assert guilds == [(HARBOUR, 0), (MILL, 0), (HARBOUR, 1)]
    tracks = sorted(path.stem for path in (home / "recordings" / folder).iterdir())
    assert tracks == sorted([ANNA.pseudonym, GRETA.pseudonym])
    assert {ANNA.user_id, FRITZ.user_id} < members
    assert BYSTANDER not in members


async def test_it_opens_and_the_take_that_was_running_is_kept(home: Path):
    async with open_home(home) as desk:
        assert await recover(desk) == LANDED["recovered_takes"] == 1
        assert await rows_in_store(desk.database, list(LANDED["store"])) == LANDED["store"]
    async with open_home(home) as desk:
        assert await recover(desk) == 0


@pytest.mark.parametrize("name", LANDED["exports"])
async def test_it_exports_the_same_clips_with_the_same_labels(home: Path, name: str):
    landed = LANDED["exports"][name]
    out = await exported(home, name)
    clips = {clip["clip_id"]: clip for clip in read_clips(out)}
    assert list(clips) == [clip["clip_id"] for clip in landed["clips"]]
    for clip in landed["clips"]:
        assert clips[clip["clip_id"]] == clip
    rows = rows_in_tables(out)
    assert {table: rows[table] for table in landed["tables"]} == landed["tables"]


async def test_what_consent_decided_then_it_decides_now(home: Path):
    out = await exported(home, "all")
    sessions: defaultdict[str, set[str]] = defaultdict(set)
    for clip in read_clips(out):
        sessions[clip["speaker_id"]].add(clip["session"])
    assert FRITZ.pseudonym not in sessions, "he withdrew everything"
    assert sessions[GRETA.pseudonym] == {"S0001", "S0003"}, "she granted again"
    assert sessions[ANNA.pseudonym] == {"S0001", "S0002", "S0003"}
    assert sessions[BERT.pseudonym] == {"S0001", "S0002"}, "he was not asked again at the Mill"
    raters = {row["rater_id"] for row in json.loads((out / "tables" / "ratings.json").read_text("utf-8"))}
    assert EMIL.pseudonym in sessions
    assert RITA.pseudonym in raters
    assert EMIL.pseudonym not in raters, "he withdrew peer_rating after he had rated"
