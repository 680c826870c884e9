"""Finds the lines of tables and fields in a TOML file, so that an error can name a line."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# Texts in three quotes can end in up to two more of them (TOML 1.0, "String").
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)


MOST_DOTS = 50
"""The most dots in a name: the time that Python's own parser takes grows with the square of their number."""

_NAME = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*+{_NAME}(?:\.[ \t]*+{_NAME}){{{MOST_DOTS + 1}}}", re.MULTILINE)


def deep_key_line(text: str) -> int | None:
    """Return the first line with a name of more than MOST_DOTS dots; None if no line has one. Takes any text."""
    found = _DEEP_KEY.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


@dataclass(frozen=True, slots=True)
class Lines:
    """A file's lines, and the numbers (from 1) of those that begin a statement.

    A line within a text or a list that spans several lines does not begin a statement, whatever it looks like.
    """

    lines: Sequence[str]
    statements: Sequence[int]

    def heads(self, key: str) -> Sequence[int]:
        """Return the lines of all `[[key]]` heads, in order."""
        head = re.compile(rf"\s*\[\[\s*{_key_pattern(key)}\s*\]\]")
        return [number for number in self.statements if head.match(self.lines[number - 1])]

    def nested_heads(self, parent: str, key: str, first_line: int) -> Sequence[int]:
        """Return the lines of the `[[parent.key]]` heads that belong to the `[[parent]]` table at `first_line`."""
        outer = re.compile(rf"\s*\[\[\s*{_key_pattern(parent)}\s*\]\]")
        head = re.compile(rf"\s*\[\[\s*{_key_pattern(parent)}\s*\.\s*{_key_pattern(key)}\s*\]\]")
        found: list[int] = []
        for number in self.statements[bisect_right(self.statements, first_line) :]:
            line = self.lines[number - 1]
            if outer.match(line):
                break
            found += [number] if head.match(line) else []
        return found

    def field(self, key: str, first_line: int, *, has_head: bool = True) -> int | None:
        """Return the line of `key = ...` in the table that begins at `first_line`; None if it has no such field."""
        field = re.compile(rf"\s*{_key_pattern(key)}\s*=")
        for number in self.statements[bisect_left(self.statements, first_line) :]:
            line = self.lines[number - 1]
            if (number > first_line or not has_head) and line.lstrip().startswith("["):
                return None
            if field.match(line):
                return number
        return None

    def subtable(self, key: str, first_line: int) -> int | None:
        """Return the line of the first table of that name from `first_line` on, below any parent; None without one."""
        head = re.compile(rf"\s*\[+([^\]]*\.)?\s*{_key_pattern(key)}\s*\]")
        found = (number for number in self.statements if head.match(self.lines[number - 1]))
        return next((number for number in found if number >= first_line), None)

    def item(self, text: str, field_line: int) -> int:
        """Return the line within a field's value that holds a text; the field's own line if none does."""
        following = bisect_right(self.statements, field_line)
        end = self.statements[following] if following < len(self.statements) else len(self.lines) + 1
        return next((number for number in range(field_line, end) if text in self.lines[number - 1]), field_line)


def lines_of(text: str) -> Lines:
    """Find the lines and statements of valid TOML. Lines end only at a newline, as TOML defines it."""
    statements, line, depth = [1], 1, 0
    for found in _TOKEN.findall(text):
        line += found.count("\n")
        depth += (found in "[{") - (found in "]}")
        if found == "\n" and depth == 0:
            statements.append(line)
    return Lines([line.rstrip("\r") for line in text.split("\n")], statements)


def _key_pattern(key: str) -> str:
    return rf"[\"']?{re.escape(key)}[\"']?"
