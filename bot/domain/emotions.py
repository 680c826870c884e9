"""The emotions that a performer can be dealt and a rater can perceive."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.errors import EmotionUnknown
from bot.domain.tables import Table, parse_table

OTHER = "other"
"""A rater's answer if no emotion of the set fits. It is never dealt as a target."""

_KEY = re.compile(r"[a-z]+(_[a-z]+)*")
_MOST_EMOTIONS = 100
"""Raters choose from menus of 25 options each; one row of buttons opens them. A Discord row holds five buttons."""

_LONGEST_LABEL = 40
_LONGEST_DIRECTION = 160
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Emotion:
    """One emotion: its key in data, its label on screens and a short direction for the actor.

    `has_degrees` is False if it has no intensity, such as a neutral state; it is then dealt at the lowest one.
    `valence` and `arousal` run from -1 to 1; the set's `coordinates` says where they come from.
    """

    key: str
    label: str
    direction: str
    has_degrees: bool = True
    valence: float | None = None
    arousal: float | None = None


@dataclass(frozen=True, slots=True)
class EmotionSet:
    """A closed list of emotions. Targets come from it; perceptions come from it or are `OTHER`.

    `coordinates` says where valence and arousal come from; without it, no emotion has any.
    """

    name: str
    title: str
    emotions: tuple[Emotion, ...]
    coordinates: str | None = None

    def find(self, key: str) -> Emotion:
        """Return the emotion with a key. Raises EmotionUnknown if the set has none."""
        for emotion in self.emotions:
            if emotion.key == key:
                return emotion
        raise EmotionUnknown(key, [emotion.key for emotion in self.emotions])

    def perceivable(self, key: str) -> str:
        """Return the key if a rater can answer it. Raises EmotionUnknown if not."""
        return key if key == OTHER else self.find(key).key


def parse_emotion_set(name: str, file: str, text: str) -> EmotionSet:
    """Read an emotion set. Raises DataFileInvalid with the line of the first problem."""
    table = parse_table(file, text)
    table.only("title", "coordinates", "emotions")
    coordinates = table.string("coordinates", "") or None
    emotions: dict[str, Emotion] = {}
    for entry in table.tables("emotions"):
        emotion = _parse_emotion(entry, coordinates)
        if emotion.key in emotions:
            raise entry.invalid("key", f"the key '{emotion.key}' is used twice")
        if len(emotions) == _MOST_EMOTIONS:
            raise entry.invalid("key", f"an emotion set can have at most {_MOST_EMOTIONS} emotions")
        emotions[emotion.key] = emotion
    if len(emotions) < 2:
        raise table.invalid("emotions", "an emotion set needs at least two emotions")
    return EmotionSet(name, table.string("title", longest=_LONGEST_TITLE), tuple(emotions.values()), coordinates)


def _parse_emotion(table: Table, coordinates: str | None) -> Emotion:
    table.only("key", "label", "direction", "has_degrees", "valence", "arousal")
    key = table.string("key", longest=_LONGEST_LABEL)
    if not _KEY.fullmatch(key) or key == OTHER:
        raise table.invalid("key", f"'key' must consist of lower-case words joined by '_', and must not be '{OTHER}'")
    for axis in ("valence", "arousal"):
        if axis in table.values and coordinates is None:
            problem = f"'{axis}' needs 'coordinates' at the top of the file, which says where the values come from"
            raise table.invalid(axis, problem)
    return Emotion(
        key,
        table.string("label", longest=_LONGEST_LABEL),
        table.string("direction", longest=_LONGEST_DIRECTION),
        table.boolean("has_degrees", default=True),
        table.number("valence", -1, 1),
        table.number("arousal", -1, 1),
    )
