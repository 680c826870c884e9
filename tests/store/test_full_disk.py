"""A database on a full disk: what was not committed is gone, and writing continues once there is space."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.domain.events.catalogue import TakeCalled, TakeStarted
from bot.home.places import Home
from bot.store.database import open_database
from bot.store.events import log_event


async def test_a_commit_that_fails_leaves_no_transaction_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    database = await open_database(Home(tmp_path))

    async def full() -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        # A full disk shows here, because the commit writes the write-ahead log.
        patched.setattr(database._writer, "commit", full)
        with pytest.raises(sqlite3.OperationalError):
            async with database.transaction() as tx:
                await log_event(tx, TakeCalled(), "now")
    async with database.transaction() as tx:
        await log_event(tx, TakeStarted(), "now")
    assert [row["kind"] for row in await database.fetch_all("SELECT kind FROM events")] == ["take_started"]
    await database.close()
