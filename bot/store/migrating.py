"""Brings a database up to date: it runs the missing migrations in order, in one transaction, after a copy of the file.

Call it from a thread: it blocks, and needs no event loop.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from bot.store.errors import DatabaseNewer

_MIGRATION = re.compile(r"(\d{4})_\w+\.sql")
_PRIVATE = 0o600

_log = logging.getLogger(__name__)


def known_migrations() -> Sequence[tuple[int, str]]:
    """Return the version and SQL of every migration, ascending from 1 without gaps."""
    found: list[tuple[int, str]] = []
    for resource in files("bot.store").joinpath("migrations").iterdir():
        if match := _MIGRATION.fullmatch(resource.name):
            found.append((int(match[1]), resource.read_text("utf-8")))
    found.sort()
    if [version for version, _ in found] != list(range(1, len(found) + 1)):
        raise RuntimeError("The migrations in bot/store/migrations are not numbered 0001, 0002, … without gaps.")
    return found


def migrate(path: Path, backups: Path) -> None:
    """Create the database, or bring its schema up to date after a copy to `backups`.

    All missing migrations and their number (`user_version`) commit together or not at all. Raises DatabaseNewer for a
    schema that this Promptbook does not know, and sqlite3.Error or OSError if it fails. An error leaves everything
    unchanged.
    """
    migrations = known_migrations()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # WAL first, because the journal mode can only be changed outside a transaction.
        for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        version = schema_version(connection)
        if version > len(migrations):
            raise DatabaseNewer(path, version, len(migrations))
        if version == len(migrations):
            return
        if version:
            _log.info("Copied the database to %s. Its schema is now brought up to date.", _back_up(connection, backups))
        connection.execute("BEGIN IMMEDIATE")
        try:
            _apply(connection, migrations)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the number of the last migration that a database has had; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _apply(connection: sqlite3.Connection, migrations: Sequence[tuple[int, str]]) -> None:
    # The version is read again, because another process may have been faster. Foreign keys are off, as SQLite's
    # documentation requires for tables that are replaced (lang_altertable.html), and are checked afterwards.
    for number, sql in migrations[schema_version(connection) :]:
        for statement in _statements(sql):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.IntegrityError("after the migrations, rows refer to other rows that are missing")


def _statements(sql: str) -> Iterator[str]:
    """Yield one statement after another. `executescript` would commit before the first."""
    statement = ""
    for piece in sql.split(";")[:-1]:
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _back_up(connection: sqlite3.Connection, backups: Path) -> Path:
    """Copy the database as it is. The copy gets its name once it is complete and on disk."""
    backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    copy = backups / f"promptbook-schema-{schema_version(connection)}-{moment}.sqlite3"
    partial = copy.with_suffix(".part")
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, _PRIVATE))
    try:
        with closing(sqlite3.connect(partial)) as target:
            connection.backup(target)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        return partial.rename(copy)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
