"""The store as it is at one moment: a read-only connection of its own, for threads and processes that read much."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.store.reader import Record, records_of


class Still:
    """One read transaction: whatever is written meanwhile is not seen, and keeps no writer waiting."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fetch_all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def fetch_records(self, kind: type[Record], sql: str, *values: object) -> list[Record]:
        """All rows of a query, each as a record."""
        cursor = self._connection.cursor()
        cursor.row_factory = sqlite3.Row
        return records_of(kind, cursor.execute(sql, values))


@contextmanager
def still(database: Path) -> Generator[Still]:
    """Read a database that is up to date, as it is now. sqlite3.Error if it is not there or cannot be read."""
    with closing(sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield Still(connection)
