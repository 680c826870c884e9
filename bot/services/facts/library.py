"""The troupe's own files: decks, emotion sets, instruments and consent texts, read again at each use."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from bot.domain.calibration import CalibrationText, parse_calibration
from bot.domain.characters import CharacterSet, parse_character_set
from bot.domain.consent import ConsentText
from bot.domain.consent_text import parse_consent_text
from bot.domain.decks import Deck, Prompt, parse_deck
from bot.domain.directions import NO_DIRECTIONS, Directions, parse_directions
from bot.domain.emotions import Emotion, EmotionSet, parse_emotion_set
from bot.domain.errors import DataFileInvalid, DataFileUnknown
from bot.domain.instrument import Instrument, parse_instrument
from bot.domain.interludes import InterludeTexts, parse_interludes
from bot.domain.opt_ins import OptIns, parse_opt_ins
from bot.domain.replays import FixedLines, parse_fixed_lines
from bot.domain.tables import decode_file
from bot.domain.topics import Topics, parse_topics

_TOPICS, _OPT_INS, _SUGGESTION = "topics.toml", "opt_ins.toml", "suggestion.toml"

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _remembering(parse: Callable[_P, _T]) -> Callable[_P, _T]:
    """Parse each text once: files are read again at each use, but seldom change. What comes out is immutable."""
    return cast("Callable[_P, _T]", functools.lru_cache(maxsize=64)(parse))


_deck = _remembering(parse_deck)
_opt_ins = _remembering(parse_opt_ins)
_topics = _remembering(parse_topics)
_directions = _remembering(parse_directions)
_emotion_set = _remembering(parse_emotion_set)
_character_set = _remembering(parse_character_set)
_instrument = _remembering(parse_instrument)
_calibration = _remembering(parse_calibration)
_fixed_lines = _remembering(parse_fixed_lines)
_interludes = _remembering(parse_interludes)
_consent_text = _remembering(parse_consent_text)


class Library:
    """Reads the files below one data folder. Errors name file and line, so that people can fix them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self, kind: str) -> list[str]:
        """The names of all files of a kind ('decks', 'emotions', 'characters', 'instruments'), sorted."""
        # The names of files that editors and file managers leave behind begin with a dot.
        files = (path for path in (self._folder / kind).glob("*.toml") if not path.name.startswith("."))
        return sorted(path.stem for path in files if path.is_file())

    def read_ahead(self) -> None:
        """Parse what scenes are dealt from, in a thread: the first deal would hold the event loop for 50 ms.

        A file that cannot be read is told to those who use it.
        """
        readers: tuple[tuple[str, Callable[[str], object]], ...] = (
            ("decks", self.deck),
            ("emotions", self.emotion_set),
            ("characters", self.character_set),
        )
        for kind, read in readers:
            for name in self.names(kind):
                with suppress(DataFileInvalid):
                    read(name)

    def deck(self, name: str) -> Deck:
        """A deck by its file's name."""
        return _deck(name, *self._read("decks", name), self.topics())

    @property
    def has_frame(self) -> bool:
        """Whether scenes can be dealt from a suggestion: data folders of earlier versions have no frame for them."""
        return (self._folder / _SUGGESTION).is_file()

    def frame(self) -> Prompt:
        """The frame of scenes from a suggestion: roles that fit any situation."""
        if not self.has_frame:
            raise DataFileInvalid(_SUGGESTION, 1, "the file is missing; it has the roles of scenes from a suggestion")
        return _deck("suggestion", _SUGGESTION, self._text(_SUGGESTION), self.topics()).prompts[0]

    def topics(self) -> Topics:
        """The topics that prompts are tagged with and that performers draw lines at."""
        if not (self._folder / _TOPICS).is_file():
            raise DataFileInvalid(_TOPICS, 1, "the file is missing; it lists the topics that prompts may touch")
        return _topics(_TOPICS, self._text(_TOPICS))

    def opt_ins(self) -> OptIns:
        """The kinds of emotions that are off without an opt-in."""
        if not (self._folder / _OPT_INS).is_file():
            raise DataFileInvalid(_OPT_INS, 1, "the file is missing; it lists the emotions that need an opt-in")
        return _opt_ins(_OPT_INS, self._text(_OPT_INS))

    def emotion_set(self, name: str) -> EmotionSet:
        """An emotion set by its file's name, with the directions that all sets share."""
        return _emotion_set(name, *self._read("emotions", name), self.directions())

    def directions(self, language: str = "en") -> Directions:
        """The directions of a language; none if there is no such file, so that a set needs its own."""
        file = f"directions/{language}.toml"
        return _directions(file, self._text(file)) if (self._folder / file).is_file() else NO_DIRECTIONS

    def all_emotions(self) -> tuple[Emotion, ...]:
        """The emotions of every set that can be read, each once by its key."""
        found: dict[str, Emotion] = {}
        for name in self.names("emotions"):
            with suppress(DataFileInvalid):
                for emotion in self.emotion_set(name).emotions:
                    found.setdefault(emotion.key, emotion)
        return tuple(found.values())

    def emotion_keys(self) -> frozenset[str]:
        """The keys of the emotions of every set that can be read."""
        return frozenset(emotion.key for emotion in self.all_emotions())

    def character_set(self, name: str) -> CharacterSet:
        """A character set by its file's name."""
        return _character_set(name, *self._read("characters", name))

    def instrument(self, name: str) -> Instrument:
        """An instrument by its file's name."""
        return _instrument(name, *self._read("instruments", name))

    def calibration(self, language: str = "en") -> CalibrationText:
        """What performers read and talk about in calibration takes."""
        return _calibration(language, *self._read("calibration", language))

    def fixed_lines(self, language: str = "en") -> FixedLines:
        """The lines for replays in which everyone says only one."""
        return _fixed_lines(language, *self._read("replays", language))

    def interludes(self, language: str = "en") -> InterludeTexts:
        """What people read in warm-ups, voice try-outs and debriefs."""
        return _interludes(*self._read("interludes", language))

    def consent_locales(self) -> list[str]:
        """The languages in which there is a consent text, sorted."""
        files = (path for path in (self._folder / "consent").glob("*.md") if not path.name.startswith("."))
        return sorted(path.stem for path in files if path.is_file())

    def consent_text(self, locale: str = "en") -> ConsentText:
        """The wording that people agree to. The hash covers the whole file, including its head."""
        path = self._folder / "consent" / f"{locale}.md"
        if not path.is_file():
            raise DataFileUnknown("consent", locale, sorted(one.stem for one in path.parent.glob("*.md")))
        file = f"consent/{path.name}"
        return _consent_text(locale, file, self._text(file))

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
