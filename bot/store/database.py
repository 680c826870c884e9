"""One SQLite database: how it is opened, brought up to date and spoken to.

All pragmas are set here. Every write goes through `transaction`, which serialises writers of this process, so a
use case sees and changes a consistent state.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiosqlite

from bot.store.errors import DatabaseNewer, DatabaseUnusable

Row = sqlite3.Row
_MIGRATION = re.compile(r"(\d{4})_\w+\.sql")


class Database:
    """An open database. Rows come back as `sqlite3.Row`; use `transaction` for anything that writes."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        self._connection = connection
        self._writing = asyncio.Lock()
        self.path = path

    async def fetch_all(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query."""
        return list(await self._connection.execute_fetchall(sql, values))

    async def fetch_one(self, sql: str, *values: object) -> Row | None:
        """The first row of a query, or None."""
        rows = await self.fetch_all(sql, *values)
        return rows[0] if rows else None

    async def fetch_value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        row = await self.fetch_one(sql, *values)
        return row[0] if row else None

    async def execute(self, sql: str, *values: object) -> int:
        """Run one statement inside `transaction`; returns the rows it changed."""
        async with self._connection.execute(sql, values) as cursor:
            return cursor.rowcount

    async def insert(self, table: str, **columns: object) -> int:
        """Insert one row inside `transaction`; returns its row id. Names are the caller's literals."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - table and columns are literals
        async with self._connection.execute(sql, tuple(columns.values())) as cursor:
            return int(cursor.lastrowid or 0)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        """All or nothing: commits at the end, rolls back on any exception. Not reentrant."""
        async with self._writing:
            try:
                await self._connection.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                # Whoever is cancelled here leaves a statement behind that still runs in SQLite's thread: the rollback
                # queues behind it, and must not be cancelled itself.
                await asyncio.shield(self._roll_back())
                raise
            await asyncio.shield(self._connection.commit())

    async def _roll_back(self) -> None:
        if await self._is_in_transaction():
            await self._connection.rollback()

    async def _is_in_transaction(self) -> bool:
        # Asked in SQLite's own thread, behind everything that was sent to it before.
        await self._connection.execute("SELECT 1")
        return self._connection.in_transaction

    async def close(self) -> None:
        """Close the connection; the write-ahead log is folded in by SQLite."""
        await self._connection.close()


async def open_database(path: Path) -> Database:
    """Open (or create) the database and bring its schema up to date.

    Raises DatabaseNewer for a schema this Promptbook does not know, DatabaseUnusable for a file that is no
    database or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = await aiosqlite.connect(path, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    try:
        connection.row_factory = sqlite3.Row
        await _set_pragmas(connection)
        await _migrate(connection, path)
        await connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error as error:
        await connection.close()
        raise _unusable(path, error) from error
    except BaseException:
        await connection.close()
        raise
    return Database(connection, path)


def known_migrations() -> Sequence[tuple[int, str]]:
    """Version and SQL of every migration, ascending, without gaps from 1."""
    found: list[tuple[int, str]] = []
    for resource in files("bot.store").joinpath("migrations").iterdir():
        if match := _MIGRATION.fullmatch(resource.name):
            found.append((int(match[1]), resource.read_text("utf-8")))
    found.sort()
    if [version for version, _ in found] != list(range(1, len(found) + 1)):
        raise RuntimeError("The migrations in bot/store/migrations are not numbered 0001, 0002, … without gaps.")
    return found


async def _set_pragmas(connection: aiosqlite.Connection) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
        await connection.execute(f"PRAGMA {pragma}")


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    migrations = known_migrations()
    version = await _schema_version(connection)
    if version > len(migrations):
        raise DatabaseNewer(path, version, len(migrations))
    for number, sql in migrations[version:]:
        # `user_version` is part of the same transaction: a migration and its record commit together or not at all.
        # Foreign keys are still off, as SQLite's documentation wants it for tables made anew (lang_altertable.html).
        await connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")
    if version < len(migrations) and list(await connection.execute_fetchall("PRAGMA foreign_key_check")):
        raise sqlite3.IntegrityError("after bringing it up to date, rows refer to others that are missing")


async def _schema_version(connection: aiosqlite.Connection) -> int:
    rows = list(await connection.execute_fetchall("PRAGMA user_version"))
    return int(rows[0][0])


def _unusable(path: Path, error: Exception) -> DatabaseUnusable:
    return DatabaseUnusable(
        f"The database {path} cannot be used ({error}). Check that the folder can be written and that the file is "
        "an SQLite database, or move it away to start with an empty one."
    )
