"""A write by a process beside the bot, which has no event loop: one transaction on a connection of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from bot.store.database import WRITING_PATIENCE_SECONDS
from bot.store.errors import DatabaseUnwritable
from bot.store.stillness import Still


class BlockingTransaction(Still):
    """A transaction that `writing` has begun. It sees what it has written itself; every call blocks its thread."""

    def execute(self, sql: str, *values: object) -> int:
        """Run one statement; return the id of the row that it inserted last."""
        return int(self._connection.execute(sql, values).lastrowid or 0)

    def change(self, sql: str, **values: object) -> int:
        """Run a statement with placeholders (`:name`), which need not name all values; return how many rows changed."""
        return self._connection.execute(sql, values).rowcount


@contextmanager
def writing(database: Path, patience_seconds: float = WRITING_PATIENCE_SECONDS) -> Generator[BlockingTransaction]:
    """Begin a transaction in a database whose schema is up to date: it commits at the end, or rolls back on an error.

    It waits for other writers, such as a running bot, which wait for it in turn: keep it short. Raises
    DatabaseUnwritable if the database cannot be written, or is locked for longer than `patience_seconds`.
    """
    try:
        address = f"file:{quote(str(database))}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience_seconds)) as connection:
            for pragma in ("synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
            # Immediate, because a transaction that begins with a read cannot wait for the lock later.
            connection.execute("BEGIN IMMEDIATE")
            # Closing the connection rolls back what an exception interrupts.
            yield BlockingTransaction(connection)
            connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise DatabaseUnwritable(database, error) from error
