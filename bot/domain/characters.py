"""Characters: who a performer is over several scenes, told apart by a voice that they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.tables import parse_table

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Character:
    """One character. `pitch`, `pace`, `texture` and `quirk` are its voice direction, a few words each."""

    key: str
    name: str
    temperament: str
    pitch: str
    pace: str
    texture: str
    quirk: str


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """Characters with distinct keys."""

    name: str
    title: str
    characters: tuple[Character, ...]

    def find(self, key: str) -> Character | None:
        """The character of a key; None when the set has it no longer."""
        return next((one for one in self.characters if one.key == key), None)


def parse_character_set(name: str, file: str, text: str) -> CharacterSet:
    """Read a character set; DataFileInvalid names the line of the first thing that is wrong."""
    table = parse_table(file, text)
    table.only("title", "characters")
    found: dict[str, Character] = {}
    for entry in table.tables("characters"):
        entry.only("key", "name", "temperament", "pitch", "pace", "texture", "quirk")
        key = entry.string("key")
        if not _KEY.fullmatch(key):
            raise entry.invalid("key", "'key' must be lower-case letters, digits and single hyphens")
        if key in found:
            raise entry.invalid("key", f"the key '{key}' is used twice")
        voice = [entry.string(field) for field in ("name", "temperament", "pitch", "pace", "texture", "quirk")]
        found[key] = Character(key, *voice)
    return CharacterSet(name, table.string("title"), tuple(found.values()))
