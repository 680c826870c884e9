"""Reads from the store. Every query runs on a database or, inside a write, on its transaction."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = sqlite3.Row
Values = Sequence[object] | Mapping[str, object]
Record = TypeVar("Record", bound="DataclassInstance")


def records_of(kind: type[Record], rows: Iterable[Row]) -> list[Record]:
    """Return one record per row, by the names of its columns. Rows can have more columns.

    Raises IndexError if a column is missing. Words of a closed list become members of the record's enum; raises
    ValueError for a word that is not on the list.
    """
    names, words = _columns_of(kind)
    records: list[Record] = []
    for row in rows:
        values = {name: row[name] for name in names}
        for name, word in words:
            if values[name] is not None:
                values[name] = word(values[name])
        records.append(kind(**values))
    return records


@cache
def _columns_of(kind: type[DataclassInstance]) -> tuple[list[str], list[tuple[str, type[StrEnum]]]]:
    """Return the fields of a record, and those whose values are words, with their enums."""
    words: list[tuple[str, type[StrEnum]]] = []
    for name, hint in get_type_hints(kind).items():
        words += [(name, one) for one in (hint, *get_args(hint)) if isinstance(one, type) and issubclass(one, StrEnum)]
    return [one.name for one in fields(kind)], words


class Reader(ABC):
    """Runs queries; rows are `sqlite3.Row`.

    A statement has either positional placeholders (`?`) and values, or named ones (`:name`) and keywords.
    """

    @abstractmethod
    async def _fetch(self, sql: str, values: Values) -> list[Row]:
        """Return all rows of one statement."""

    async def fetch_all(self, sql: str, *values: object, **named: object) -> list[Row]:
        """Return all rows of a query."""
        return await self._fetch(sql, named or values)

    async def fetch_one(self, sql: str, *values: object, **named: object) -> Row | None:
        """Return the first row of a query, or None."""
        rows = await self._fetch(sql, named or values)
        return rows[0] if rows else None

    async def fetch_records(self, kind: type[Record], sql: str, *values: object, **named: object) -> list[Record]:
        """Return all rows of a query, each as a record."""
        return records_of(kind, await self._fetch(sql, named or values))

    async def fetch_record(self, kind: type[Record], sql: str, *values: object, **named: object) -> Record | None:
        """Return the first row of a query as a record, or None."""
        records = records_of(kind, (await self._fetch(sql, named or values))[:1])
        return records[0] if records else None

    async def fetch_value(self, sql: str, *values: object, **named: object) -> Any:
        """Return the first column of the first row, or None."""
        row = await self.fetch_one(sql, *values, **named)
        return row[0] if row else None
