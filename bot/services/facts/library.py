"""The troupe's own files: decks, emotion sets, instruments and consent texts, read again at each use."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import yaml

from bot.domain.characters import CharacterSet, parse_character_set
from bot.domain.consent import ConsentText
from bot.domain.decks import Deck, parse_deck
from bot.domain.directions import NO_DIRECTIONS, Directions, parse_directions
from bot.domain.emotions import EmotionSet, parse_emotion_set
from bot.domain.errors import DataFileInvalid, DataFileUnknown
from bot.domain.instrument import Instrument, parse_instrument
from bot.domain.plain_text import problem_of
from bot.domain.tables import decode_file
from bot.domain.topics import Topics, parse_topics

LONGEST_CONSENT_TEXT = 2000
"""Discord's limit for a message, in characters: people read the whole text above the button that they press."""

LONGEST_VERSION_BYTES = 40
"""The version of a text goes into the journal with every request, in a slot of one disk sector."""

_FENCE = "---\n"
_TOPICS = "topics.toml"


class Library:
    """Reads the files below one data folder. Errors name file and line, so that people can fix them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self, kind: str) -> list[str]:
        """The names of all files of a kind ('decks', 'emotions', 'characters', 'instruments'), sorted."""
        # The names of files that editors and file managers leave behind begin with a dot.
        files = (path for path in (self._folder / kind).glob("*.toml") if not path.name.startswith("."))
        return sorted(path.stem for path in files if path.is_file())

    def deck(self, name: str) -> Deck:
        """A deck by its file's name."""
        return parse_deck(name, *self._read("decks", name), self.topics())

    def topics(self) -> Topics:
        """The topics that prompts are tagged with and that performers draw lines at."""
        if not (self._folder / _TOPICS).is_file():
            raise DataFileInvalid(_TOPICS, 1, "the file is missing; it lists the topics that prompts may touch")
        return parse_topics(_TOPICS, self._text(_TOPICS))

    def emotion_set(self, name: str) -> EmotionSet:
        """An emotion set by its file's name, with the directions that all sets share."""
        return parse_emotion_set(name, *self._read("emotions", name), self.directions())

    def directions(self, language: str = "en") -> Directions:
        """The directions of a language; none if there is no such file, so that a set needs its own."""
        file = f"directions/{language}.toml"
        return parse_directions(file, self._text(file)) if (self._folder / file).is_file() else NO_DIRECTIONS

    def emotion_keys(self) -> frozenset[str]:
        """The keys of the emotions of every set that can be read."""
        found: set[str] = set()
        for name in self.names("emotions"):
            with suppress(DataFileInvalid):
                found.update(emotion.key for emotion in self.emotion_set(name).emotions)
        return frozenset(found)

    def character_set(self, name: str) -> CharacterSet:
        """A character set by its file's name."""
        return parse_character_set(name, *self._read("characters", name))

    def instrument(self, name: str) -> Instrument:
        """An instrument by its file's name."""
        return parse_instrument(name, *self._read("instruments", name))

    def consent_text(self, locale: str = "en") -> ConsentText:
        """The wording that people agree to. The hash covers the whole file, including its head."""
        path = self._folder / "consent" / f"{locale}.md"
        if not path.is_file():
            raise DataFileUnknown("consent", locale, sorted(one.stem for one in path.parent.glob("*.md")))
        whole = self._text(f"consent/{path.name}").replace("\r\n", "\n")
        parts = whole.split(_FENCE, 2)
        try:
            head = yaml.safe_load(parts[1]) if whole.startswith(_FENCE) and len(parts) > 2 else None
        except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
            raise DataFileInvalid(f"consent/{path.name}", 1, "the head of the text is not valid YAML") from error
        if not isinstance(head, dict) or "version" not in head:
            raise DataFileInvalid(f"consent/{path.name}", 1, "the text must begin with a head that names its 'version'")
        version = str(head["version"])  # pyright: ignore[reportUnknownArgumentType]
        if len(version.encode()) > LONGEST_VERSION_BYTES:
            raise DataFileInvalid(
                f"consent/{path.name}", 1, f"its 'version' is longer than {LONGEST_VERSION_BYTES} bytes: shorten it"
            )
        text = parts[2].strip()
        if len(text) > LONGEST_CONSENT_TEXT:
            raise DataFileInvalid(
                f"consent/{path.name}",
                1,
                f"the text has {len(text)} characters, but at most {LONGEST_CONSENT_TEXT} fit into a message",
            )
        # A link under other words is the operator's own here, for example to a privacy policy.
        if (deceit := problem_of(text, may_link=True)) is not None:
            raise DataFileInvalid(f"consent/{path.name}", 1, f"the text cannot be shown: {deceit}")
        digest = hashlib.sha256(whole.encode()).hexdigest()
        return ConsentText(version, digest, locale, text)

    def _read(self, kind: str, name: str) -> tuple[str, str]:
        known = self.names(kind)
        if name not in known:
            raise DataFileUnknown(kind, name, known)
        file = f"{kind}/{name}.toml"
        return file, self._text(file)

    def _text(self, file: str) -> str:
        try:
            data = (self._folder / file).read_bytes()
        except OSError as error:
            raise DataFileInvalid(file, 1, f"the file cannot be read: {error.strerror}") from error
        return decode_file(file, data)
