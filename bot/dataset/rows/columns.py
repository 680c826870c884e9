"""What a column is: its type in every format, and what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["string", "int32", "int64", "float64", "bool", "list<string>", "object", "rows"]
"""`object` is a JSON object, `rows` a list of rows with columns of their own."""

Names = Literal["targets", "answers", "consensus"]
"""Which of the emotions' names a column can have (`bot.dataset.model.labels.Labels`)."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, what it holds, and whether it can be null. `fields` are the columns of `rows`."""

    name: str
    kind: Kind
    meaning: str = ""
    nullable: bool = False
    names: Names | None = None
    fields: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, what one of its rows is, and its columns in order."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def head(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.columns]


_KINDS: dict[str, tuple[Kind, Names | None]] = {
    "": ("string", None),
    "int": ("int32", None),
    "long": ("int64", None),
    "number": ("float64", None),
    "flag": ("bool", None),
    "strings": ("list<string>", None),
    "object": ("object", None),
    "target": ("string", "targets"),
    "answer": ("string", "answers"),
    "consensus": ("string", "consensus"),
}


def columns(words: str) -> tuple[Column, ...]:
    """Return columns from words such as `take:int` or `role?`: a name, a type if it is not text, `?` if it can be null.

    >>> columns("take:int role?")[1].nullable
    True
    """
    return tuple(map(_column, words.split()))


def rows_of(name: str, words: str) -> Column:
    """Return a column that holds a list of rows."""
    return Column(name, "rows", fields=columns(words))


def _column(word: str) -> Column:
    name, _, kind = word.removesuffix("?").partition(":")
    of_kind, names = _KINDS[kind]
    return Column(name, of_kind, nullable=word.endswith("?"), names=names)
