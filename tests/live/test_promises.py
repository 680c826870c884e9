"""Promises on a real journal: each is put on disk, none is lost, and none blocks those after it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.live.journal import Journal
from bot.live.promises import Promises
from bot.live.workers import Workers


class SlowDisk(Journal):
    """A journal whose disk takes 50 ms; `log` holds what was put, and "sync" for the start of each sync."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.log: list[str] = []

    def put(self, kind: str, facts: dict[str, Any]) -> Any:
        self.log.append(kind)
        return super().put(kind, facts)

    def sync(self) -> None:
        self.log.append("sync")
        time.sleep(0.05)
        super().sync()


@pytest.fixture
def journal(tmp_path: Path) -> SlowDisk:
    return SlowDisk(tmp_path / "journal")


@pytest.fixture
async def promises(journal: SlowDisk) -> AsyncGenerator[Promises]:
    workers = Workers()
    promises = Promises(journal, workers)
    yield promises
    await promises.close()
    workers.close()


async def test_what_is_put_while_the_journal_is_synced_is_synced_as_well(promises: Promises, journal: SlowDisk):
    promises.make("pause", {})
    await asyncio.sleep(0.02)
    promises.make("withdrawal", {})
    await asyncio.sleep(0.2)
    assert journal.log == ["pause", "sync", "withdrawal", "sync"]


async def test_what_is_done_is_synced(promises: Promises, journal: SlowDisk):
    promises.settle(promises.make("pause", {}))
    await asyncio.sleep(0.2)
    assert journal.log[-1] == "sync"


@pytest.mark.parametrize("defect", [sqlite3.IntegrityError("FOREIGN KEY constraint failed"), KeyError("session")])
async def test_a_promise_that_can_never_be_stored_counts_and_blocks_no_one(promises: Promises, defect: Exception):
    stored: list[object] = []

    async def store(facts: Mapping[str, Any]) -> None:
        if facts["who"] == "unknown":
            raise defect
        stored.append(facts["who"])

    promises.keep_by("stop", store)
    never, kept = promises.make("stop", {"who": "unknown"}), promises.make("stop", {"who": "known"})
    async with asyncio.timeout(2.0):
        await kept.kept
        await promises.all_kept()
    with pytest.raises(type(defect)):
        await never.kept
    assert stored == ["known"]
    assert list(promises) == [never]


async def test_what_the_disk_refuses_is_tried_until_it_takes_it(promises: Promises):
    tries: list[int] = []

    async def store(_: Mapping[str, Any]) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise sqlite3.OperationalError("database or disk is full")

    promises.keep_by("stop", store)
    async with asyncio.timeout(5.0):
        await promises.make("stop", {}).kept
    assert len(tries) == 3


async def test_no_two_requests_have_the_same_moment(promises: Promises):
    now = datetime(2026, 11, 28, 20, tzinfo=UTC)
    moments = [promises.moment(now + timedelta(milliseconds=late)) for late in (0, 0, 0, 1, 2)]
    assert sorted(set(moments)) == moments
    hour_earlier = now - timedelta(hours=1)
    assert promises.moment(hour_earlier) == hour_earlier
