"""The store as it is at one moment: a separate read-only connection, for threads and processes that read a lot."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.store.reader import Record, records_of


class Still:
    """One read transaction. It does not see what is written in the meantime, and no writer waits for it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fetch_all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def fetch_rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Return all rows of a query, each as values by the names of its columns."""
        cursor = self._connection.cursor()
        cursor.row_factory = sqlite3.Row
        return [dict(row) for row in cursor.execute(sql, values)]

    def fetch_records(self, kind: type[Record], sql: str, *values: object) -> list[Record]:
        """Return all rows of a query, each as a record."""
        cursor = self._connection.cursor()
        cursor.row_factory = sqlite3.Row
        return records_of(kind, cursor.execute(sql, values))

    def copy_to(self, target: sqlite3.Connection) -> None:
        """Copy the whole database, as this transaction sees it."""
        self._connection.backup(target)


@contextmanager
def still(database: Path, *, is_last: bool = False) -> Generator[Still]:
    """Read a database as it is now; its schema must be up to date. Raises sqlite3.Error if it cannot be read.

    If no one else has it open, `is_last` lets SQLite put away its files beside the database at the end, which it cannot
    do on a read-only connection.
    """
    mode = "rw" if is_last else "ro"
    address = f"file:{quote(str(database))}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield Still(connection)
