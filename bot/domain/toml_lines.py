"""Where things stand in a TOML file, so that a complaint can name a line."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# Texts in three quotes may end in up to two more of them (TOML 1.0, "String").
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
"""What a name in a file may have: Python's own reader takes time with the square of it."""

_NAME = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*+{_NAME}(?:\.[ \t]*+{_NAME}){{{MOST_DOTS + 1}}}", re.MULTILINE)


def deep_key_line(text: str) -> int | None:
    """The first line with a name of more than MOST_DOTS dots; None when there is none. Any text, TOML or not."""
    found = _DEEP_KEY.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


@dataclass(frozen=True, slots=True)
class Lines:
    """A file's lines, and the numbers (from 1) of those that begin a statement.

    A line within a text or a list that goes over several lines begins none, whatever it looks like.
    """

    lines: Sequence[str]
    statements: Sequence[int]

    def heads(self, key: str) -> Sequence[int]:
        """The lines of all `[[key]]`, in order."""
        head = re.compile(rf"\s*\[\[\s*{_key_pattern(key)}\s*\]\]")
        return [number for number in self.statements if head.match(self.lines[number - 1])]

    def field(self, key: str, first_line: int, *, has_head: bool = True) -> int | None:
        """The line of `key = ...` in the table that begins at a line, with its head; None when it has no such line."""
        field = re.compile(rf"\s*{_key_pattern(key)}\s*=")
        for number in self.statements[bisect_left(self.statements, first_line) :]:
            line = self.lines[number - 1]
            if (number > first_line or not has_head) and line.lstrip().startswith("["):
                return None
            if field.match(line):
                return number
        return None

    def subtable(self, key: str, first_line: int) -> int | None:
        """The line of the first table of that name, whatever it is below, from a line on; None when there is none."""
        head = re.compile(rf"\s*\[+([^\]]*\.)?\s*{_key_pattern(key)}\s*\]")
        found = (number for number in self.statements if head.match(self.lines[number - 1]))
        return next((number for number in found if number >= first_line), None)

    def item(self, text: str, field_line: int) -> int:
        """The line within a field's value that holds a text; the field's own line when none does."""
        following = bisect_right(self.statements, field_line)
        end = self.statements[following] if following < len(self.statements) else len(self.lines) + 1
        return next((number for number in range(field_line, end) if text in self.lines[number - 1]), field_line)


def lines_of(text: str) -> Lines:
    """Find the lines and statements of valid TOML. Lines end where TOML says so: at a newline."""
    statements, line, depth = [1], 1, 0
    for found in _TOKEN.findall(text):
        line += found.count("\n")
        depth += (found in "[{") - (found in "]}")
        if found == "\n" and depth == 0:
            statements.append(line)
    return Lines([line.rstrip("\r") for line in text.split("\n")], statements)


def _key_pattern(key: str) -> str:
    return rf"[\"']?{re.escape(key)}[\"']?"
