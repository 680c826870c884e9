"""Removes what SQLite leaves of deleted rows: in free pages, in the rest of pages, and in the write-ahead log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.store.database import WRITING_PATIENCE_SECONDS
from bot.store.errors import DatabaseUnwritable


def scrub(database: Path) -> None:
    """Write the whole database again without anything that was deleted, and empty the write-ahead log.

    Other writers wait for the length of that: about a second for 100 MB. Readers that hold an old state, such as an
    export, prevent it. Raises DatabaseUnwritable then, or if the disk has no room for a second copy; call it again.
    """
    address = f"file:{quote(str(database))}?mode=rw"
    try:
        with closing(
            sqlite3.connect(address, uri=True, isolation_level=None, timeout=WRITING_PATIENCE_SECONDS)
        ) as connection:
            # Without this, SQLite fills new pages from memory that may hold old ones (sqlite.org/pragma.html).
            for pragma in ("secure_delete = ON", "synchronous = FULL"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("VACUUM")
            is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise DatabaseUnwritable(database, error) from error
    if is_busy:
        raise DatabaseUnwritable(database, sqlite3.OperationalError("another program reads an earlier state of it"))
