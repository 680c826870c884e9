"""Reading TOML that people edit by hand: every complaint names the file, the line and what to write instead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.domain.errors import DataFileInvalid


@dataclass(frozen=True, slots=True)
class Table:
    """One TOML table and where it stands, so that its fields can be asked for and complained about."""

    file: str
    text: str
    first_line: int
    values: Mapping[str, Any]

    def string(self, key: str, default: str | None = None) -> str:
        """A non-empty text without surrounding space; `default` as it is where there is none."""
        if default is not None and key not in self.values:
            return default
        value = self._get(key, None)
        if not isinstance(value, str) or not value.strip():
            raise self.invalid(key, f"'{key}' must be a text that is not empty")
        return value.strip()

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number within inclusive bounds."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.invalid(key, f"'{key}' must be a whole number from {low} to {high}")
        return value

    def boolean(self, key: str, *, default: bool) -> bool:
        """true or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.invalid(key, f"'{key}' must be true or false")
        return value

    def strings(self, key: str, default: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of non-empty texts."""
        value = self._get(key, list(default) if default is not None else None)
        if not isinstance(value, list):
            raise self.invalid(key, f"'{key}' must be a list of texts")
        items = cast(list[Any], value)
        if not all(isinstance(item, str) and item.strip() for item in items):
            raise self.invalid(key, f"'{key}' must be a list of texts, none of them empty")
        return tuple(str(item).strip() for item in items)

    def only(self, *keys: str) -> None:
        """Refuse fields that nobody reads: a mistyped name must not pass silently."""
        for key in self.values:
            if key not in keys:
                raise self.invalid(key, f"'{key}' is not known here; known are {', '.join(keys)}")

    def tables(self, key: str) -> list[Table]:
        """The `[[key]]` tables below this one, at least one, each with its own first line."""
        value = self._get(key, None)
        if not isinstance(value, list) or not value:
            raise self.invalid(key, f"at least one [[{key}]] table is needed")
        heads = [
            number
            for number, line in enumerate(self.text.splitlines(), 1)
            if re.match(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]", line)
        ]
        found: list[Table] = []
        for index, item in enumerate(cast(list[Any], value)):
            line = heads[index] if index < len(heads) else self.first_line
            if not isinstance(item, dict):
                raise DataFileInvalid(self.file, line, f"'{key}' must be made of [[{key}]] tables")
            found.append(Table(self.file, self.text, line, cast(dict[str, Any], item)))
        return found

    def invalid(self, key: str, problem: str) -> DataFileInvalid:
        """The error to raise about a field, at its line where it stands, else at the table's."""
        lines = self.text.splitlines()
        for number in range(self.first_line, len(lines) + 1):
            line = lines[number - 1]
            if number > self.first_line and re.match(r"\s*\[", line):
                break
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                return DataFileInvalid(self.file, number, problem)
        return DataFileInvalid(self.file, self.first_line, problem)

    def _get(self, key: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise self.invalid(key, f"'{key}' is missing")
        return value


def parse_table(file: str, text: str) -> Table:
    """The top table of a file; DataFileInvalid with TOML's own words when it is not TOML."""
    try:
        return Table(file, text, 1, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else max(len(text.splitlines()), 1)
        raise DataFileInvalid(file, line, f"this is not valid TOML: {error}") from error
