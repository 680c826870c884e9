"""What the store remembers of exports, and writes of a process beside the bot."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.ids import ReleaseId
from bot.domain.splits import Split
from bot.home.places import Home
from bot.store.database import Database, open_database
from bot.store.errors import DatabaseUnwritable
from bot.store.records import Release, SpeakerSplit
from bot.store.releases import add_release, find_release, last_release
from bot.store.speaker_splits import add_splits, newest_drawing, redraw_splits, sides_in, speaker_splits
from bot.store.stillness import still
from bot.store.writing import writing

WRITE_VERSION = 18
"""The offset of the header's byte above whose value 2 SQLite only reads a file (sqlite.org/fileformat.html)."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(Home(tmp_path))
    yield opened
    await opened.close()


async def test_a_side_is_stored_once_and_outlives_its_person(database: Database):
    async with database.transaction() as tx:
        await tx.insert("people", discord_user_id=1, pseudonym="spk_1", created_at="then")
    with writing(database.path) as tx:
        add_splits(tx, {"spk_1": Split.TEST, "spk_2": Split.TRAIN}, "now")
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM people")
    with still(database.path) as store:
        assert sides_in(store) == {"spk_1": Split.TEST, "spk_2": Split.TRAIN}
        assert newest_drawing(store) == 1
    with pytest.raises(sqlite3.IntegrityError), writing(database.path) as tx:
        add_splits(tx, {"spk_3": Split.TRAIN, "spk_1": Split.TRAIN}, "later")
    with still(database.path) as store:
        assert sides_in(store) == {"spk_1": Split.TEST, "spk_2": Split.TRAIN}, "all or nothing"


async def test_the_first_drawing_is_1_whether_an_export_or_a_person_begins_it(database: Database):
    with still(database.path) as store:
        assert newest_drawing(store) == 0
    with writing(database.path) as tx:
        assert redraw_splits(tx, {"spk_1": Split.TRAIN}, "now") == 1
        add_splits(tx, {"spk_2": Split.TRAIN}, "now")
    with still(database.path) as store:
        assert {row.drawing for row in speaker_splits(store).values()} == {1}


async def test_a_new_drawing_has_the_next_number_and_leaves_out_who_is_not_in_it(database: Database):
    with writing(database.path) as tx:
        add_splits(tx, {"spk_1": Split.TRAIN, "spk_2": Split.TEST}, "first")
        assert redraw_splits(tx, {"spk_1": Split.TEST}, "second") == 2
        add_splits(tx, {"spk_3": Split.TRAIN}, "third")
    with still(database.path) as store:
        assert list(speaker_splits(store).values()) == [
            SpeakerSplit("spk_1", Split.TEST, "second", 2),
            SpeakerSplit("spk_2", Split.TEST, "first", 1),
            SpeakerSplit("spk_3", Split.TRAIN, "third", 2),
        ]


async def test_a_version_is_numbered_and_found_by_its_content(database: Database):
    with still(database.path) as store:
        assert last_release(store) is None
    facts = {"selection": {"sessions": [2, 1]}, "clips": {"b": "02", "a": "01"}, "software": {"promptbook": "0.1"}}
    with writing(database.path) as tx:
        first = add_release(tx, parent_id=None, content_sha256="aa", now="then", **facts)
        second = add_release(tx, parent_id=first.release_id, content_sha256="bb", now="now", **facts)
    assert first == Release(
        ReleaseId(1), None, '{"sessions": [2, 1]}', "aa", '{"a": "01", "b": "02"}', '{"promptbook": "0.1"}', "then"
    )
    with still(database.path) as store:
        assert find_release(store, "aa") == first
        assert find_release(store, "cc") is None
        assert last_release(store) == second
    assert (second.release_id, second.parent_id) == (2, 1)
    with pytest.raises(sqlite3.IntegrityError), writing(database.path) as tx:
        add_release(tx, parent_id=ReleaseId(2), content_sha256="aa", now="later", **facts)
    with pytest.raises(sqlite3.IntegrityError), writing(database.path) as tx:
        add_release(tx, parent_id=ReleaseId(9), content_sha256="dd", now="later", **facts)


async def test_it_waits_for_the_bot_and_sees_what_the_bot_wrote(database: Database):
    def draw() -> list[str]:
        with writing(database.path) as tx:
            add_splits(tx, {"spk_2": Split.TEST}, "now")
            return [name for (name,) in tx.fetch_all("SELECT pseudonym FROM people")]

    async with database.transaction() as tx:
        drawing = asyncio.create_task(asyncio.to_thread(draw))
        await tx.insert("people", discord_user_id=1, pseudonym="spk_1", created_at="then")
        await asyncio.sleep(0.3)
        assert not drawing.done()
    assert await drawing == ["spk_1"]
    assert await database.fetch_value("SELECT count(*) FROM speaker_splits") == 1


async def test_a_lock_that_does_not_end_is_said(database: Database):
    began = time.monotonic()
    async with database.transaction():
        with pytest.raises(DatabaseUnwritable, match=r"cannot be written \(database is locked\)\. Check its perm"):
            await asyncio.to_thread(_draw_within, database.path, 0.2)
    assert time.monotonic() - began >= 0.2


async def test_a_copy_that_cannot_be_written_is_said_and_can_be_read(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    await database.close()
    content = bytearray(database.path.read_bytes())
    content[WRITE_VERSION] = 3
    database.path.write_bytes(content)
    with pytest.raises(DatabaseUnwritable, match="if it is a read-only copy, use the original"):
        _draw_within(database.path, 5)
    with still(database.path) as store:
        assert sides_in(store) == {}


def _draw_within(database: Path, seconds: float) -> None:
    with writing(database, seconds) as tx:
        add_splits(tx, {"spk_1": Split.TRAIN}, "now")
