"""Characters: who a performer is in several scenes. Each is recognised by a way of speaking that the performer holds.

A character is placement, articulation, rhythm and phrasing, because pitch, pace and loudness are what a performer feels
with. `docs/holding-a-voice.md` explains the features.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.tables import Table, parse_table

FEATURES: Mapping[str, tuple[str, ...]] = {
    "placement": ("front", "mask", "chest", "back"),
    "articulation": ("crisp", "soft", "legato", "staccato"),
    "vowels": ("tall", "round", "small"),
    "rhythm": ("even", "long-short", "front-loaded", "end-weighted"),
    "stress": ("nouns", "verbs", "little-words"),
    "phrasing": ("short-then-long", "long-then-short", "pairs", "asides"),
}
"""What characters are coded by: each has one value of every feature."""

FEWEST_DIFFERENCES = 2
"""In how many features any two characters of a set differ at least, so that listeners can tell them apart."""

STAYS = "stays"
"""The heading of what a character is recognised by: one line that reminds a performer of the whole voice."""

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_LONGEST: Mapping[str, int] = dict.fromkeys(("placement", "articulation", "rhythm", "phrasing", STAYS, "free"), 70)
"""The longest texts, in characters: a card holds all of them, together with the prompt."""

_EARLIER: Mapping[str, int] = {"temperament": 100, "pitch": 80, "pace": 80, "texture": 80, "quirk": 80}
"""The fields of sets that were written for earlier versions. They can still be played, and have no features."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character. `voice` directs its way of speaking: a few words under each heading, in the order of a card.

    `features` are its values of FEATURES, by feature; a character of an earlier version has none.
    """

    key: str
    name: str
    voice: Mapping[str, str]
    features: Mapping[str, str] = field(default_factory=dict[str, str])

    def differences(self, other: Character) -> list[str]:
        """Return the features in which two characters differ."""
        return [name for name in FEATURES if self.features.get(name) != other.features.get(name)]


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
        character = _parse_character(entry)
        if character.key in found:
            raise entry.invalid("key", f"the key '{character.key}' is used twice")
        _require_different(entry, character, found.values())
        found[character.key] = character
    return CharacterSet(name, table.string("title", longest=60), tuple(found.values()))


def _parse_character(entry: Table) -> Character:
    fields = _EARLIER if any(field in entry.values for field in _EARLIER) else _LONGEST
    entry.only("key", "name", *(() if fields is _EARLIER else ("features",)), *fields)
    key = entry.string("key")
    if not _KEY.fullmatch(key):
        raise entry.invalid("key", "'key' must consist of lower-case letters, digits and single hyphens")
    name = entry.string("name", longest=_LONGEST_NAME)
    voice = {field: entry.string(field, longest=most) for field, most in fields.items()}
    return Character(key, name, voice, {} if fields is _EARLIER else _parse_features(entry))


def _parse_features(entry: Table) -> Mapping[str, str]:
    given = entry.strings("features")
    for value in given:
        if not any(value in values for values in FEATURES.values()):
            known = "; ".join(f"{name}: {', '.join(values)}" for name, values in FEATURES.items())
            raise entry.invalid("features", f"'{value}' is no value of a feature ({known})", item=value)
    found: dict[str, str] = {}
    for name, values in FEATURES.items():
        chosen = [value for value in given if value in values]
        if len(chosen) != 1:
            raise entry.invalid("features", f"'features' needs one value for {name}: {', '.join(values)}")
        found[name] = chosen[0]
    return found


def _require_different(entry: Table, character: Character, others: Iterable[Character]) -> None:
    for other in others:
        differences = character.differences(other)
        if character.features and other.features and len(differences) < FEWEST_DIFFERENCES:
            where = f"only in {differences[0]}" if differences else "in no feature"
            problem = f"'{character.key}' differs from '{other.key}' {where}; make them differ in two"
            raise entry.invalid("features", problem)
