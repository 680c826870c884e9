"""Characters: who a performer is in several scenes. Each is recognised by a voice that the performer holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.tables import parse_table

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST: Mapping[str, int] = {"name": 40, "temperament": 100, "pitch": 80, "pace": 80, "texture": 80, "quirk": 80}
"""The longest texts, in characters: a card holds all of them, together with the prompt."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character. `pitch`, `pace`, `texture` and `quirk` direct its voice, in a few words each."""

    key: str
    name: str
    temperament: str
    pitch: str
    pace: str
    texture: str
    quirk: str


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """A named set of characters with distinct keys."""

    name: str
    title: str
    characters: tuple[Character, ...]

    def find(self, key: str) -> Character | None:
        """Return the character with a key; None if the set no longer has it."""
        return next((one for one in self.characters if one.key == key), None)


def parse_character_set(name: str, file: str, text: str) -> CharacterSet:
    """Read a character set. Raises DataFileInvalid with the line of the first problem."""
    table = parse_table(file, text)
    table.only("title", "characters")
    found: dict[str, Character] = {}
    for entry in table.tables("characters"):
        entry.only("key", *_LONGEST)
        key = entry.string("key")
        if not _KEY.fullmatch(key):
            raise entry.invalid("key", "'key' must consist of lower-case letters, digits and single hyphens")
        if key in found:
            raise entry.invalid("key", f"the key '{key}' is used twice")
        found[key] = Character(key, **{field: entry.string(field, longest=most) for field, most in _LONGEST.items()})
    return CharacterSet(name, table.string("title", longest=60), tuple(found.values()))
