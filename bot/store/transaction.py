"""One write: it reads what it decides on inside the same transaction, and is stored whole or not at all."""

from __future__ import annotations

import aiosqlite

from bot.store.reader import Reader, Row, Values


class Transaction(Reader):
    """A transaction that `Database.transaction` has begun. It is the only way to change the store.

    It sees what it has written itself. Raises RuntimeError if it is used after its end.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection: aiosqlite.Connection | None = connection

    async def execute(self, sql: str, *values: object, **named: object) -> int:
        """Run one statement; return the number of rows that it changed."""
        async with self._open().execute(sql, named or values) as cursor:
            return cursor.rowcount

    async def insert(self, table: str, **columns: object) -> int:
        """Insert one row; return its row id. The caller must pass the names as literals."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - table and columns are literals
        async with self._open().execute(sql, tuple(columns.values())) as cursor:
            return int(cursor.lastrowid or 0)

    def end(self) -> None:
        """End the transaction. The database calls this when it commits or rolls back."""
        self._connection = None

    async def _fetch(self, sql: str, values: Values) -> list[Row]:
        return list(await self._open().execute_fetchall(sql, values))

    def _open(self) -> aiosqlite.Connection:
        if self._connection is None:
            raise RuntimeError("This transaction has ended.")
        return self._connection
