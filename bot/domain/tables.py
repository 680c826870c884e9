"""Reads TOML that people edit by hand: every error names the file, the line and what to write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from bot.domain.errors import DataFileInvalid
from bot.domain.plain_text import problem_of
from bot.domain.toml_lines import MOST_DOTS, Lines, deep_key_line, lines_of

LARGEST_FILE_BYTES = 256 * 1024
"""A deck of 60 prompts takes about 50 KiB."""

MOST_PROBLEMS = 100
"""No one reads more, and finding the line of each takes time."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Table:
    """One TOML table and its place in the file. It reads fields, and makes errors that name their lines."""

    file: str
    lines: Lines
    first_line: int
    values: Mapping[str, Any]
    has_head: bool = True
    """False for the top table, whose first line can be the head of another table."""
    is_inline: bool = False
    """True for a table in braces, all of whose fields are on its first line."""

    def string(self, key: str, default: str | None = None, *, longest: int | None = None) -> str:
        """Return a non-empty text of at most `longest` characters, or `default` unchanged if the field is absent.

        Line breaks and runs of spaces become single spaces. Invisible characters and masked links are refused.
        """
        if default is not None and key not in self.values:
            return default
        value = self._get(key, None)
        if not isinstance(value, str) or not value.strip():
            raise self.invalid(key, f"'{key}' must be a non-empty text")
        return self.fitting(key, value, longest)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number within inclusive bounds."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            wanted = f"a whole number from {low} to {high}" if low < high else f"{low}"
            raise self.invalid(key, f"'{key}' must be {wanted}")
        return value

    def number(self, key: str, low: float, high: float) -> float | None:
        """Return a number within inclusive bounds; None if the field is absent."""
        if key not in self.values:
            return None
        value = self.values[key]
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise self.invalid(key, f"'{key}' must be a number from {low:g} to {high:g}")
        return float(value)

    def boolean(self, key: str, *, default: bool) -> bool:
        """Return true or false; `default` if the field is absent."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.invalid(key, f"'{key}' must be true or false")
        return value

    def strings(self, key: str, default: Iterable[str] | None = None, *, longest: int | None = None) -> tuple[str, ...]:
        """Return a list of non-empty texts, each read as `string` does."""
        value = self._get(key, list(default) if default is not None else None)
        if not isinstance(value, list):
            raise self.invalid(key, f"'{key}' must be a list of texts")
        items = cast(list[Any], value)
        if not all(isinstance(item, str) and item.strip() for item in items):
            raise self.invalid(key, f"'{key}' must be a list of non-empty texts")
        return tuple(self.fitting(key, str(item), longest, item=str(item)) for item in items)

    def only(self, *keys: str) -> None:
        """Refuse unknown fields: a mistyped name must not pass silently."""
        for key in self.values:
            if key not in keys:
                line = self._line_of(key) or self.lines.subtable(key, self.first_line)
                problem = f"'{key}' is not a field here; the fields are {', '.join(keys)}"
                raise DataFileInvalid(self.file, line or self.first_line, problem)

    def tables(self, key: str) -> list[Table]:
        """Return the `[[key]]` tables below this one, at least one, each with its own first line."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value:
            raise self.invalid(key, f"at least one [[{key}]] table is needed")
        heads = self.lines.heads(key)
        found: list[Table] = []
        for index, item in enumerate(cast(list[Any], value)):
            line = heads[index] if index < len(heads) else self.first_line
            if not isinstance(item, dict):
                raise DataFileInvalid(self.file, line, f"'{key}' must be written as [[{key}]] tables")
            found.append(Table(self.file, self.lines, line, cast(dict[str, Any], item)))
        return found

    def items(self, key: str, parent: str, field: str) -> list[str | Table]:
        """Return a list of texts and tables; the tables are written in braces, or as `[[parent.key]]` below this one.

        `field` is one that every table of the list has, by whose text a table in braces is found in the file.
        """
        value = self._get(key, None)
        if not isinstance(value, list):
            raise self.invalid(key, f"'{key}' must be a list of texts or tables")
        heads = self.lines.nested_heads(parent, key, self.first_line)
        return [self._item(key, field, item, heads[at : at + 1]) for at, item in enumerate(cast(list[Any], value))]

    def invalid(self, key: str, problem: str, *, item: str | None = None) -> DataFileInvalid:
        """Return the error to raise about a field, at the field's line or that of an item of it (`line_of`)."""
        return DataFileInvalid(self.file, self.line_of(key, item=item), problem)

    def line_of(self, key: str, *, item: str | None = None) -> int:
        """Return a field's line, or the table's if the field is absent.

        `item` is a text within a list; its own line is returned if the list spans several.
        """
        line = self._line_of(key) or self.first_line
        return line if item is None else self.lines.item(item, line)

    def _item(self, key: str, field: str, item: object, head: Sequence[int]) -> str | Table:
        if isinstance(item, str) and item.strip():
            return item
        if not isinstance(item, dict):
            raise self.invalid(key, f"'{key}' must be a list of non-empty texts or tables")
        values = cast(dict[str, Any], item)
        line = head[0] if head else self.line_of(key, item=str(values.get(field, "")))
        return Table(self.file, self.lines, line, values, is_inline=not head)

    def _line_of(self, key: str) -> int | None:
        return None if self.is_inline else self.lines.field(key, self.first_line, has_head=self.has_head)

    def _get(self, key: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise self.invalid(key, f"'{key}' is missing")
        return value

    def fitting(self, key: str, value: str, longest: int | None, item: str | None = None) -> str:
        """Return a text with single spaces for line breaks and runs of spaces; it has at most `longest` characters."""
        text = " ".join(value.split())
        subject = f"'{key}'" if item is None else f"a text in '{key}'"
        if longest is not None and len(text) > longest:
            problem = f"{subject} has {len(text)} characters; shorten it to at most {longest}"
            raise self.invalid(key, problem, item=item)
        if (deceit := problem_of(text)) is not None:
            raise self.invalid(key, f"{subject} cannot be shown: {deceit}", item=item)
        return text


def decode_file(file: str, data: bytes) -> str:
    """Return a file's text without a byte order mark. Raises DataFileInvalid if it is too large or not UTF-8."""
    check_size(file, len(data))
    data = data.removeprefix(_BOM)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataFileInvalid(file, line, "the text is not UTF-8; save the file with the encoding UTF-8") from error


def check_size(file: str, size_bytes: int) -> None:
    """Raise DataFileInvalid if a file of this size is too large to be read."""
    if size_bytes > LARGEST_FILE_BYTES:
        limit = LARGEST_FILE_BYTES // 1024
        raise DataFileInvalid(file, 1, f"the file is larger than {limit} KiB; split it into several files")


def parse_table(file: str, text: str) -> Table:
    """Return the top table of a file. Raises DataFileInvalid with the parser's own words if it is not TOML."""
    if line := deep_key_line(text):
        raise DataFileInvalid(file, line, f"a key or table has more than {MOST_DOTS} dots in its name")
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise DataFileInvalid(file, 1, "lists or tables are nested too deeply in this file") from error
    except ValueError as error:
        # Not every error is a TOMLDecodeError: for a number of thousands of digits it is Python's own ValueError.
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        words = re.sub(r" \(at [^()]*\)$", "", str(error))
        raise DataFileInvalid(file, line, f"this is not valid TOML: {words}") from error
    return Table(file, lines_of(text), 1, values, has_head=False)


@contextmanager
def noting(problems: list[DataFileInvalid]) -> Generator[None]:
    """Add the problem of one part of a file to a list, so that the rest is checked, too. It stops at MOST_PROBLEMS."""
    try:
        yield
    except DataFileInvalid as problem:
        if len(problems) < MOST_PROBLEMS:
            problems.append(problem)
