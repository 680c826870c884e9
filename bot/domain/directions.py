"""Directions: what a performer is asked to do to a partner, several for each emotion and intensity.

A direction never says the emotion: what performers say on stage could otherwise give the label away.
`docs/writing-directions.md` says how to write one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.tables import Table, parse_table

TASKS = ("hide", "act", "steered")
"""What each intensity asks, from 1 to 3, as fields of the file: hide it and it slips out; act on it; it steers you."""

PLAIN = "plain"
"""The field of an emotion without degrees."""

INTENSITIES = len(TASKS)
DIRECTIONS = 3
"""How many directions an emotion has at each intensity: a performer is dealt one after the other."""

LONGEST_DIRECTION = 160

ByIntensity = tuple[tuple[str, ...], ...]
"""The directions of one emotion, by intensity from 1 on."""

_KEY = re.compile(r"[a-z]+(_[a-z]+)*")
_WORD = re.compile(r"[a-z]+")
_SHORTEST_STEM = 3
_ENDINGS = (
    *("ation", "ments", "ment", "ness", "ings", "ing", "edly", "ous", "ies", "ied", "ily", "able", "ible", "ful"),
    *("ly", "ed", "es", "s", "e", "i", "y"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """The directions of one language, by the key of the emotion and then by intensity, ascending from 1.

    An emotion without degrees has those of one intensity. `synonyms` are the words that the directions of an emotion
    avoid besides its key and label. `further` are more directions of an emotion, with the key under which an opt-in
    opens them.
    """

    file: str
    by_emotion: Mapping[str, ByIntensity] = field(default_factory=dict[str, ByIntensity])
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    further: Mapping[str, tuple[str, ByIntensity]] = field(default_factory=dict[str, tuple[str, ByIntensity]])

    def of(self, emotion: str) -> ByIntensity:
        """Return the directions of an emotion by intensity; nothing if there are none."""
        return self.by_emotion.get(emotion, ())

    def with_further(self, emotion: str) -> tuple[str, ByIntensity]:
        """Return all directions of an emotion, and the key that opens those after the first three; '' without any."""
        key, further = self.further.get(emotion, ("", ()))
        own = self.of(emotion)
        return key, tuple(first + more for first, more in zip(own, further, strict=True)) if further else own


NO_DIRECTIONS = Directions("directions/en.toml")
"""For emotion sets that bring their own."""


def parse_directions(file: str, text: str) -> Directions:
    """Read the directions of a language. Raises DataFileInvalid with the line of the first problem.

    No direction is used twice, and none says its emotion's key or one of its synonyms. An entry that is `further` for
    an emotion has more directions for it, which an opt-in for the entry's key opens. The same text is read once: every
    emotion set needs it, and reading takes 50 ms.
    """
    table = parse_table(file, text)
    table.only("emotions")
    found: dict[str, ByIntensity] = {}
    synonyms: dict[str, tuple[str, ...]] = {}
    further: dict[str, tuple[str, ByIntensity]] = {}
    used: dict[str, str] = {}
    for entry in table.tables("emotions"):
        entry.only("key", "further", "synonyms", PLAIN, *TASKS)
        key = entry.string("key")
        if not _KEY.fullmatch(key) or key in found:
            raise entry.invalid("key", f"'{key}' is not a key of its own: lower-case words joined by '_', used once")
        synonyms[key] = entry.strings("synonyms")
        fields = (PLAIN,) if PLAIN in entry.values else TASKS
        texts = tuple(_parse_three(entry, one, used, said_by((key, *synonyms[key]))) for one in fields)
        if emotion := entry.string("further", ""):
            if emotion in further or len(found.get(emotion, ())) != len(texts):
                raise entry.invalid(
                    "further", f"'{emotion}' is not an emotion above, with degrees and without more yet"
                )
            further[emotion] = key, texts
        else:
            found[key] = texts
    return Directions(file, found, synonyms, further)


def said_by(words: Iterable[str]) -> frozenset[str]:
    """Return the stems of words: what two texts share if they say the same thing in other forms."""
    return frozenset(stem(word) for text in words for word in _WORD.findall(text.lower()))


def stem(word: str) -> str:
    """Return a word without its English endings, as long as three letters remain: 'joyful' and 'joy' have one stem.

    It is simple, and takes away too much rather than too little.
    """
    while ending := next((one for one in _ENDINGS if _is_ending(one, word)), None):
        word = word.removesuffix(ending)
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] == word[-2] else word


def _is_ending(ending: str, word: str) -> bool:
    return word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM


def _parse_three(entry: Table, name: str, used: dict[str, str], forbidden: frozenset[str]) -> tuple[str, ...]:
    texts = entry.strings(name, longest=LONGEST_DIRECTION)
    if len(texts) != DIRECTIONS:
        raise entry.invalid(name, f"'{name}' must have {DIRECTIONS} directions, but has {len(texts)}")
    for text in texts:
        if text in used:
            raise entry.invalid(name, f"this direction is used for '{used[text]}', too: {text}", item=text)
        if told := {word for word in _WORD.findall(text.lower()) if stem(word) in forbidden}:
            raise entry.invalid(name, f"the direction says the emotion with '{min(told)}': {text}", item=text)
        used[text] = entry.string("key")
    return texts
