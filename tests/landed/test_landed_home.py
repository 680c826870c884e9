"""A home folder of schema version 4, with sessions and consents of two guilds, opens in this version without loss."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot.domain.ids import SessionId
from bot.statistics.undefined import FEWEST_RATERS
from tests.landed.current_code import (
    export,
    open_home,
    read_clips,
    recover,
    rows_in_store,
    rows_in_tables,
)
from tests.landed.people import ANNA, BERT, BYSTANDER, FRITZ, GRETA, HARBOUR, HUGO, MILL

HERE = Path(__file__).parent
LANDED: dict[str, Any] = json.loads((HERE / "clips.json").read_text("utf-8"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with ZipFile(HERE / "home-schema-4.zip") as archive:
        archive.extractall(tmp_path / "home")
    return tmp_path / "home"


async def exported(home: Path, name: str) -> Path:
    """Open and recover a home, and export one session of it, or all."""
    async with open_home(home) as services:
        await recover(services)
        await export(services, None if name == "all" else SessionId(int(name)), home / "exports" / name)
    return home / "exports" / name


def test_it_is_the_home_that_was_landed(home: Path):
    """The old schema, a running take with open tracks, and no write-ahead log: the other tests rely on this."""
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
    async with open_home(home) as services:
        assert await recover(services)
        rows = await rows_in_store(services.sessions.database, list(LANDED["store"]))
        # A grant that was given outside sessions belongs to every server on which its person was recorded.
        assert rows.pop("consent_events") >= LANDED["store"]["consent_events"]
        landed = {table: count for table, count in LANDED["store"].items() if table != "consent_events"}
        # One more event says that the turns of the take that was running have been found.
        assert rows == landed | {"events": landed["events"] + 1}
    async with open_home(home) as services:
        assert await recover(services)


async def test_its_cues_count_as_they_did_and_say_that_no_one_was_asked(home: Path):
    with closing(sqlite3.connect(home / "promptbook.sqlite3")) as database:
        landed = database.execute("SELECT cue_id, position_samples FROM cues ORDER BY cue_id").fetchall()
    assert landed
    async with open_home(home) as services:
        database = services.sessions.database
        rows = await database.fetch_all("SELECT * FROM cue_shifts ORDER BY cue_id")
        claims = await database.fetch_all("SELECT DISTINCT claim FROM turn_targets")
    expected = [(cue, "told", at, at, at) for cue, at in landed]
    names = ("cue_id", "basis", "sent_samples", "first_until_samples", "second_from_samples")
    assert [tuple(row[name] for name in names) for row in rows] == expected
    assert "uncertain" not in {row["claim"] for row in claims}


ONLY_ASKED_AT_THE_HARBOUR = {BERT.pseudonym, HUGO.pseudonym}
"""They consented in a session of the Harbour and were recorded at the Mill as well. Schema 4 did not store the server;
now consent on one server says nothing on another, and their sound from the Mill is not exported."""

RUNNING = ("S0003", 2, 1)
OF_TURNS = ("start", "end", "duration", "level_dbfs", "peak_dbfs", "sha256", "samples_sha256")

OF_OTHERS = ("partners", "n_raters", "n_partner_raters", "perceived_emotion", "agreement")
"""Columns of a clip that change if someone else's sound or ratings are left out."""


@pytest.mark.parametrize("name", ["1", "3"])
async def test_it_exports_the_same_clips_with_the_same_labels(home: Path, name: str):
    landed = LANDED["exports"][name]
    out = await exported(home, name)
    assert list(map(as_stored, read_clips(out))) == list(map(as_stored, landed["clips"]))
    rows = rows_in_tables(out)
    found_now = {"events": landed["tables"]["events"] + 1} if name == "3" else {}
    assert {table: rows[table] for table in landed["tables"]} == landed["tables"] | found_now


@pytest.mark.parametrize("name", ["2", "all"])
async def test_of_the_mill_it_exports_the_same_clips_of_everyone_who_was_asked_there(home: Path, name: str):
    clips = read_clips(await exported(home, name))
    landed = [
        clip
        for clip in LANDED["exports"][name]["clips"]
        if clip["session"] != "S0002" or clip["speaker_id"] not in ONLY_ASKED_AT_THE_HARBOUR
    ]
    assert len(landed) < len(LANDED["exports"][name]["clips"])
    assert [own(as_stored(clip)) for clip in clips] == [own(as_stored(clip)) for clip in landed]


def as_stored(clip: dict[str, Any]) -> dict[str, Any]:
    """A clip without what depends on how turns are found now, if it is of the take that was still running."""
    is_found_now = (clip["session"], clip["scene"], clip["take"]) == RUNNING
    return {name: value for name, value in without_split(clip).items() if not (is_found_now and name in OF_TURNS)}


def own(clip: dict[str, Any]) -> dict[str, Any]:
    """The columns of a clip's row that concern only its speaker."""
    return {name: value for name, value in clip.items() if name not in OF_OTHERS}


def without_split(clip: dict[str, Any]) -> dict[str, Any]:
    """What of a landed clip's row is still so: splits are drawn by another rule, and it takes three raters to agree."""
    kept = {name: value for name, value in clip.items() if name != "split"}
    return kept if clip["n_raters"] >= FEWEST_RATERS else kept | {"perceived_emotion": None, "agreement": None}
