"""The troupe's own files: decks, emotion sets, instruments and consent texts, read again at each use."""

from __future__ import annotations

import functools
import logging
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
from bot.domain.errors import DataFileInvalid, DataFileUnknown, LanguageIncomplete, LanguageUnknown
from bot.domain.instrument import Instrument
from bot.domain.instrument_files import parse_instrument
from bot.domain.interludes import InterludeTexts, parse_interludes
from bot.domain.languages import ENGLISH, is_language_tag
from bot.domain.opt_ins import OptIns, parse_opt_ins
from bot.domain.replays import FixedLines, parse_fixed_lines
from bot.domain.tables import decode_file
from bot.domain.topics import Topics, parse_topics
from bot.services.facts.phrases import IN_ENGLISH, Phrases, read_phrases

_log = logging.getLogger(__name__)

_TOPICS, _OPT_INS, _SUGGESTION = "topics.toml", "opt_ins.toml", "suggestion.toml"
_LANGUAGES, _PHRASES, _CORE = "languages", "screens.po", "core"

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

    def __init__(self, folder: Path, language: str = ENGLISH) -> None:
        """A library of one language: English is in the data folder itself, others in folders below `languages`."""
        self._data = folder
        self.language = language
        self._place = "" if language == ENGLISH else f"{_LANGUAGES}/{language}/"
        self._folder = folder / self._place

    def in_language(self, language: str) -> Library:
        """The same troupe's files in another language. What is not there is an error of each use."""
        return self if language == self.language else Library(self._data, language)

    def languages(self) -> list[str]:
        """The tags of the languages that sessions can be held in: English, and each folder below `languages`."""
        folders = (path for path in (self._data / _LANGUAGES).glob("*") if path.is_dir())
        return [ENGLISH, *sorted(path.name for path in folders if is_language_tag(path.name) and path.name != ENGLISH)]

    def require_language(self, language: str) -> Library:
        """The files of a language, all of which are there that every session needs.

        Raises LanguageUnknown or LanguageIncomplete. English is not checked: each file is when it is read.
        """
        if language not in (known := self.languages()):
            raise LanguageUnknown(language, known)
        library = self.in_language(language)
        if missing := library.missing():
            raise LanguageIncomplete(language, missing[0])
        return library

    def missing(self) -> list[str]:
        """The files that every session needs and this language's folder lacks; none for English."""
        if self.language == ENGLISH:
            return []
        texts = [f"{kind}/{self.language}.toml" for kind in ("calibration", "interludes", "replays")]
        needed = [_TOPICS, _OPT_INS, _SUGGESTION, f"consent/{self.language}.md", *texts]
        needed += [f"characters/{_CORE}.toml", f"instruments/{_CORE}.toml"]
        return [f"{self._place}{file}" for file in needed if not (self._folder / file).is_file()]

    @property
    def phrases_file(self) -> Path:
        """Where the screens' phrases in this language are; English has no such file."""
        return self._folder / _PHRASES

    def phrases(self) -> Phrases:
        """What the screens say in this language; English if there is no file of phrases, or it cannot be read."""
        if self.language == ENGLISH or not self.phrases_file.is_file():
            return IN_ENGLISH
        try:
            return read_phrases(self.language, f"{self._place}{_PHRASES}", self.phrases_file)
        except DataFileInvalid as problem:
            _log.warning("%s, line %d: %s.", problem.file, problem.line, problem.problem)
            return IN_ENGLISH

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
            raise DataFileInvalid(
                f"{self._place}{_SUGGESTION}", 1, "the file is missing; it has the roles of scenes from a suggestion"
            )
        return _deck("suggestion", f"{self._place}{_SUGGESTION}", self._text(_SUGGESTION), self.topics()).prompts[0]

    def topics(self) -> Topics:
        """The topics that prompts are tagged with and that performers draw lines at."""
        if not (self._folder / _TOPICS).is_file():
            raise DataFileInvalid(
                f"{self._place}{_TOPICS}", 1, "the file is missing; it lists the topics that prompts may touch"
            )
        return _topics(f"{self._place}{_TOPICS}", self._text(_TOPICS))

    def opt_ins(self) -> OptIns:
        """The kinds of emotions that are off without an opt-in."""
        if not (self._folder / _OPT_INS).is_file():
            raise DataFileInvalid(
                f"{self._place}{_OPT_INS}", 1, "the file is missing; it lists the emotions that need an opt-in"
            )
        return _opt_ins(f"{self._place}{_OPT_INS}", self._text(_OPT_INS))

    def emotion_set(self, name: str) -> EmotionSet:
        """An emotion set by its file's name, with the directions that all sets share."""
        return _emotion_set(name, *self._read("emotions", name), self.directions())

    def directions(self, language: str | None = None) -> Directions:
        """The directions of a language; none if there is no such file, so that a set needs its own."""
        file = f"directions/{language or self.language}.toml"
        return (
            _directions(f"{self._place}{file}", self._text(file)) if (self._folder / file).is_file() else NO_DIRECTIONS
        )

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

    def calibration(self, language: str | None = None) -> CalibrationText:
        """What performers read and talk about in calibration takes."""
        return _calibration(language or self.language, *self._read("calibration", language or self.language))

    def fixed_lines(self, language: str | None = None) -> FixedLines:
        """The lines for replays in which everyone says only one."""
        return _fixed_lines(language or self.language, *self._read("replays", language or self.language))

    def interludes(self, language: str | None = None) -> InterludeTexts:
        """What people read in warm-ups, voice try-outs and debriefs."""
        return _interludes(*self._read("interludes", language or self.language))

    def consent_locales(self) -> list[str]:
        """The languages in which there is a consent text, sorted."""
        files = (path for path in (self._folder / "consent").glob("*.md") if not path.name.startswith("."))
        return sorted(path.stem for path in files if path.is_file())

    def consent_text(self, locale: str | None = None) -> ConsentText:
        """The wording that people agree to. The hash covers the whole file, including its head."""
        locale = locale or self.language
        path = self._folder / "consent" / f"{locale}.md"
        if not path.is_file():
            raise DataFileUnknown(f"{self._place}consent", locale, sorted(one.stem for one in path.parent.glob("*.md")))
        file = f"consent/{path.name}"
        return _consent_text(locale, f"{self._place}{file}", self._text(file))

    def _read(self, kind: str, name: str) -> tuple[str, str]:
        known = self.names(kind)
        if name not in known:
            raise DataFileUnknown(f"{self._place}{kind}", name, known)
        file = f"{kind}/{name}.toml"
        return f"{self._place}{file}", self._text(file)

    def _text(self, file: str) -> str:
        try:
            data = (self._folder / file).read_bytes()
        except OSError as error:
            raise DataFileInvalid(f"{self._place}{file}", 1, f"the file cannot be read: {error.strerror}") from error
        return decode_file(file, data)
