"""A prompt with the lines of its file, and a piece of advice about one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto

from bot.domain.prompts import Prompt
from bot.domain.roles import role_entries
from bot.domain.tables import Table


class Rule(StrEnum):
    """What a piece of advice is about."""

    WANT = auto()
    ALIKE = auto()
    SECRET = auto()
    REQUIRED = auto()
    PULL = auto()
    BALANCE = auto()
    EYES = auto()
    NOT_EMOTIONS = auto()
    TAGS = auto()


@dataclass(frozen=True, slots=True)
class Advice:
    """What would make a deck better, at a line of its file. The deck can be used all the same."""

    line: int
    rule: Rule
    sentence: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a prompt and its line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A prompt as it is written: `roles` and `wants` are in the order of its roles; a want can be empty."""

    prompt: Prompt
    table: Table
    roles: tuple[Passage, ...]
    wants: tuple[Passage, ...]

    def line_of(self, field: str) -> int:
        """Return the line of one of the prompt's fields, or its first one if the field is absent."""
        return self.table.line_of(field)

    @property
    def text(self) -> Passage:
        """What everyone on stage knows."""
        return Passage(self.line_of("text"), self.prompt.text)

    @property
    def relationship(self) -> Passage:
        """Who the roles are to each other."""
        return Passage(self.line_of("relationship"), self.prompt.relationship)

    def passages(self) -> Iterator[Passage]:
        """Yield everything that performers read, but for title and place."""
        yield from (self.text, self.relationship, *self.roles, *self.wants)

    def first(self, pattern: re.Pattern[str]) -> tuple[int, str] | None:
        """Return the line of the first match in a passage and the words that match; None if nothing matches."""
        for passage in self.passages():
            if found := pattern.search(passage.text):
                return passage.line, found[0]
        return None


def written(prompt: Prompt, table: Table) -> Written:
    """Return a prompt with the lines of the table that it was read from."""
    entries = role_entries(table)
    lines = [table.line_of("roles", item=one) if isinstance(one, str) else one.line_of("text") for one in entries]
    want_lines = [
        line if isinstance(one, str) else one.line_of("want") for line, one in zip(lines, entries, strict=True)
    ]
    return Written(
        prompt,
        table,
        tuple(Passage(line, role.text) for line, role in zip(lines, prompt.roles, strict=True)),
        tuple(Passage(line, role.want) for line, role in zip(want_lines, prompt.roles, strict=True)),
    )
