"""One SQLite database, read by several connections and written by one.

A reader never waits for a writer, in this process or in another (write-ahead log, sqlite.org/wal.html), and sees only
what is committed. All pragmas of a running bot are set here.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

import aiosqlite

from bot.home.places import Home
from bot.store.errors import DatabaseUnusable
from bot.store.migrating import migrate
from bot.store.reader import Reader, Row, Values
from bot.store.transaction import Transaction

READERS = 3
"""The number of connections for reading. A query takes well under 1 ms; a slow one must not delay the others."""

BUSY_TIMEOUT_MS = 500
"""How long SQLite itself waits for another program's lock before it is asked again. This blocks the writer's thread."""

WRITING_PATIENCE_SECONDS = 30.0
"""How long a write waits for another program that holds the lock, such as a database browser or a backup."""


class Database(Reader):
    """An open database. Queries use its read-only connections; use `transaction` for anything that writes."""

    def __init__(self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection], path: Path) -> None:
        self._writer = writer
        self._readers = dict.fromkeys(readers, 0)
        self._writing = asyncio.Lock()
        self.path = path

    async def _fetch(self, sql: str, values: Values) -> list[Row]:
        reader = min(self._readers, key=self._readers.__getitem__)
        self._readers[reader] += 1
        try:
            return list(await reader.execute_fetchall(sql, values))
        finally:
            self._readers[reader] -= 1

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Begin a transaction: it commits at the end, and rolls back on any exception. Not reentrant.

        Only one runs at a time. Raises sqlite3.OperationalError if another program holds the database for longer than
        WRITING_PATIENCE_SECONDS.
        """
        async with self._writing:
            transaction = Transaction(self._writer)
            try:
                await self._begin()
                yield transaction
                transaction.end()
                await asyncio.shield(self._writer.commit())
            except BaseException:
                transaction.end()
                # The statement of a cancelled caller still runs in SQLite's thread, and a full disk can refuse the
                # commit. The rollback queues behind both, and the next writer waits until it is done.
                await _to_its_end(self._roll_back())
                raise

    async def _begin(self) -> None:
        give_up_at = monotonic() + WRITING_PATIENCE_SECONDS
        while True:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > give_up_at:
                    raise

    async def _roll_back(self) -> None:
        if await self._is_in_transaction():
            await self._writer.rollback()

    async def _is_in_transaction(self) -> bool:
        # This query runs in SQLite's own thread, after everything that was sent to it earlier.
        await self._writer.execute("SELECT 1")
        return self._writer.in_transaction

    async def close(self) -> None:
        """Close all connections. When the last one closes, SQLite moves the write-ahead log into the database.

        The writer is last, because a read-only connection cannot do that.
        """
        for connection in (*self._readers, self._writer):
            await connection.close()


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work`, even if the caller is cancelled in the meantime; the cancellation is raised afterwards."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled:
        raise cancelled


async def open_database(home: Home) -> Database:
    """Open or create the home folder's database. An old schema is copied to the backups, then brought up to date.

    Raises DatabaseNewer for a schema unknown to this version, and DatabaseUnusable if the file is not a database
    or cannot be written.
    """
    path, opened = home.database, list[aiosqlite.Connection]()
    try:
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(migrate, path, home.backups)
        opened.append(await _connect(path, "rw"))
        for _ in range(READERS):
            opened.append(await _connect(path, "ro"))
    except BaseException as error:
        for connection in opened:
            await connection.close()
        if isinstance(error, (OSError, sqlite3.Error)):
            raise _unusable(path, error) from error
        raise
    writer, *readers = opened
    return Database(writer, readers, path)


async def _connect(path: Path, mode: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("synchronous = FULL", f"busy_timeout = {BUSY_TIMEOUT_MS}", "foreign_keys = ON"):
        await connection.execute(f"PRAGMA {pragma}")
    return connection


def _unusable(path: Path, error: Exception) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"The database {path} cannot be used ({error}). Check that the folder is writable and that the file is an "
        "SQLite database, or move the file away to start with an empty database."
    )
