"""Checks a database file as a whole, without changing it. It blocks: call it from a thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bot.store.errors import DatabaseNewer, DatabaseUnusable
from bot.store.migrating import known_migrations, schema_version

MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class CheckedStore:
    """What a check found: the version of the schema, what is wrong in SQLite's words, and the paths of all tracks."""

    schema: int
    known_schema: int
    faults: Sequence[str]
    tracks: Sequence[str]


def check_store(database: Path, *, is_still: bool = False) -> CheckedStore:
    """Check the pages, indexes and references of a database. `is_still` is for a copy that no one else has open.

    Raises DatabaseNewer if this version does not know its schema, DatabaseUnusable if it cannot be opened at all.
    """
    address = f"file:{quote(str(database))}?mode=ro{'&immutable=1' if is_still else ''}"
    try:
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            return _checked(connection, database)
    except sqlite3.Error as error:
        raise DatabaseUnusable(
            f"The database {database} cannot be read ({error}). Check its owner and permissions; if it is damaged, "
            "stop the bot and restore the newest backup: promptbook restore FILE --replace (docs/backup.md)."
        ) from error


def _checked(connection: sqlite3.Connection, database: Path) -> CheckedStore:
    schema, known = schema_version(connection), len(known_migrations())
    if schema > known:
        raise DatabaseNewer(database, schema, known)
    faults = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({MOST_FAULTS})")]
    faults = [] if faults == ["ok"] else faults
    if schema == 0:
        return CheckedStore(schema, known, faults, ())
    references = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_FAULTS)
    faults += [f"row {row[1]} of {row[0]} refers to a missing row of {row[2]}" for row in references]
    tracks = [str(row[0]) for row in connection.execute("SELECT path FROM tracks ORDER BY path")]
    return CheckedStore(schema, known, faults, tracks)
