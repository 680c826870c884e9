"""Emotions a performer can be dealt and a rater can perceive."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.errors import EmotionUnknown
from bot.domain.tables import parse_table

OTHER = "other"
"""What a rater answers when none of the set fits; never dealt as a target."""

_KEY = re.compile(r"[a-z]+(_[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Emotion:
    """One emotion: its key in data, its label on screens and a one-line direction for the actor.

    `has_degrees` is false for what is there or not, such as a neutral state: it is dealt at the lowest intensity.
    """

    key: str
    label: str
    direction: str
    has_degrees: bool = True


@dataclass(frozen=True, slots=True)
class EmotionSet:
    """A closed list of emotions; targets come from it, perceptions from it and `OTHER`."""

    name: str
    title: str
    emotions: tuple[Emotion, ...]

    def find(self, key: str) -> Emotion:
        """The emotion of a key, EmotionUnknown when the set has none."""
        for emotion in self.emotions:
            if emotion.key == key:
                return emotion
        raise EmotionUnknown(key, [emotion.key for emotion in self.emotions])

    def perceivable(self, key: str) -> str:
        """The key itself when a rater may answer it, EmotionUnknown otherwise."""
        return key if key == OTHER else self.find(key).key


def parse_emotion_set(name: str, file: str, text: str) -> EmotionSet:
    """Read an emotion set; DataFileInvalid names the line of the first thing that is wrong."""
    table = parse_table(file, text)
    table.only("title", "emotions")
    emotions: dict[str, Emotion] = {}
    for entry in table.tables("emotions"):
        entry.only("key", "label", "direction", "has_degrees")
        key = entry.string("key")
        if not _KEY.fullmatch(key) or key == OTHER:
            raise entry.invalid("key", f"'key' must be lower-case words joined by '_', and not '{OTHER}'")
        if key in emotions:
            raise entry.invalid("key", f"the key '{key}' is used twice")
        emotions[key] = Emotion(
            key, entry.string("label"), entry.string("direction"), entry.boolean("has_degrees", default=True)
        )
    if len(emotions) < 2:
        raise table.invalid("emotions", "an emotion set needs at least two emotions")
    return EmotionSet(name, table.string("title"), tuple(emotions.values()))
