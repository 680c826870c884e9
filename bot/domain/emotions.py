"""The emotions that a performer can be dealt and a rater can perceive."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.directions import DIRECTIONS, INTENSITIES, LONGEST_DIRECTION, NO_DIRECTIONS, Directions
from bot.domain.errors import EmotionUnknown
from bot.domain.families import Family
from bot.domain.tables import Table, parse_table

OTHER = "other"
"""A rater's answer if no emotion of the set fits. It is never dealt as a target."""

RESERVED = (OTHER, "cannot_judge", "bad_sound")
"""What raters can answer in place of an emotion (`bot.domain.instrument`): no emotion has such a key."""

_KEY = re.compile(r"[a-z]+(_[a-z]+)*")
_MOST_EMOTIONS = 100
"""Raters choose from menus of 25 options each; one row of buttons opens them. A Discord row holds five buttons."""

_LONGEST_LABEL = 40
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Emotion:
    """One emotion: its key in data, its label on screens and what it asks of the actor.

    `direction` is the set's own for it; it is empty if `directions` has those that all sets share: three for each
    intensity, or three in all. `has_degrees` is False if it has no intensity, such as a neutral state; it is then dealt
    at the lowest one. `valence` and `arousal` run from -1 to 1; the set's `coordinates` says where they come from.

    `overlaps` are the keys of emotions that raters confuse with it or that mean nearly the same. `is_bodily` marks a
    state of the body, such as pain. `family` is None in sets from before families. `opt_in` is the key that opens the
    directions after the first three of each intensity, as if it were an emotion's; '' if there are no more.
    """

    key: str
    label: str
    direction: str = ""
    has_degrees: bool = True
    valence: float | None = None
    arousal: float | None = None
    family: Family | None = None
    overlaps: tuple[str, ...] = ()
    is_bodily: bool = False
    directions: tuple[tuple[str, ...], ...] = ()
    opt_in: str = ""

    def is_among(self, names: Collection[str]) -> bool:
        """Whether its key or its family is among these."""
        return self.key in names or (self.family or "") in names

    def directions_at(self, intensity: int) -> tuple[str, ...]:
        """Return the directions that can be dealt at an intensity (1 to 3): the set's own, or the shared ones."""
        if self.direction:
            return (self.direction,)
        return self.directions[min(intensity, len(self.directions)) - 1] if self.directions else ()

    def opened_by(self, number: int | None) -> str:
        """Return the key that opens a direction, by its number; '' if it is open to everyone."""
        return self.opt_in if number is not None and number > DIRECTIONS else ""

    def without_closed(self, closed: Collection[str]) -> Emotion:
        """Return the emotion without further directions, if their key is among these."""
        if not self.opt_in or self.opt_in not in closed:
            return self
        return replace(self, directions=tuple(texts[:DIRECTIONS] for texts in self.directions), opt_in="")

    def direction_at(self, intensity: int, number: int | None) -> str:
        """Return the direction with a number, from 1; the first one without a number, or if it has no such number."""
        there = self.directions_at(intensity)
        return there[number - 1] if number and number <= len(there) else next(iter(there), "")


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

    def only(self, keys: Collection[str]) -> EmotionSet:
        """Return the set with only the emotions that have these keys; the whole set if it has none of them."""
        found = tuple(emotion for emotion in self.emotions if emotion.key in keys)
        return replace(self, emotions=found) if found else self

    def without(self, keys: Collection[str]) -> EmotionSet:
        """Return the set without the emotions that have these keys."""
        return replace(self, emotions=tuple(one for one in self.emotions if one.key not in keys))

    def without_closed(self, closed: Collection[str]) -> EmotionSet:
        """Return the set without the further directions that these keys open."""
        return replace(self, emotions=tuple(one.without_closed(closed) for one in self.emotions))

    def overlap(self, one: Emotion, other: Emotion) -> bool:
        """Whether two of its emotions overlap. It is enough if one of them names the other."""
        return other.key in one.overlaps or one.key in other.overlaps

    def perceivable(self, key: str) -> str:
        """Return the key if a rater can answer it. Raises EmotionUnknown if not."""
        return key if key == OTHER else self.find(key).key


def parse_emotion_set(name: str, file: str, text: str, directions: Directions = NO_DIRECTIONS) -> EmotionSet:
    """Read an emotion set and give its emotions the directions that sets share.

    Raises DataFileInvalid with the line of the first problem.
    """
    table = parse_table(file, text)
    table.only("title", "coordinates", "emotions")
    coordinates = table.string("coordinates", "") or None
    emotions: dict[str, Emotion] = {}
    for entry in table.tables("emotions"):
        emotion = _parse_emotion(entry, coordinates, directions)
        if emotion.key in emotions:
            raise entry.invalid("key", f"the key '{emotion.key}' is used twice")
        if len(emotions) == _MOST_EMOTIONS:
            raise entry.invalid("key", f"an emotion set can have at most {_MOST_EMOTIONS} emotions")
        emotions[emotion.key] = emotion
    if len(emotions) < 2:
        raise table.invalid("emotions", "an emotion set needs at least two emotions")
    return EmotionSet(name, table.string("title", longest=_LONGEST_TITLE), tuple(emotions.values()), coordinates)


def _parse_emotion(table: Table, coordinates: str | None, directions: Directions) -> Emotion:
    fields = ("key", "label", "family", "overlaps", "bodily", "direction", "has_degrees", "valence", "arousal")
    table.only(*fields)
    key = table.string("key", longest=_LONGEST_LABEL)
    if not _KEY.fullmatch(key) or key in RESERVED:
        words = ", ".join(f"'{word}'" for word in RESERVED)
        raise table.invalid("key", f"'key' must consist of lower-case words joined by '_', and must be none of {words}")
    for axis in ("valence", "arousal"):
        if axis in table.values and coordinates is None:
            problem = f"'{axis}' needs 'coordinates' at the top of the file, which says where the values come from"
            raise table.invalid(axis, problem)
    has_degrees = table.boolean("has_degrees", default=True)
    direction = table.string("direction", "", longest=LONGEST_DIRECTION)
    opt_in, shared = ("", ()) if direction else directions.with_further(key)
    if not direction and len(shared) != (INTENSITIES if has_degrees else 1):
        raise table.invalid("direction", f"'direction' is missing, and {directions.file} has none for '{key}'")
    return Emotion(
        key,
        table.string("label", longest=_LONGEST_LABEL),
        direction,
        has_degrees,
        table.number("valence", -1, 1),
        table.number("arousal", -1, 1),
        _parse_family(table),
        # An emotion that a troupe took out of a copy of a set can still be named here.
        table.strings("overlaps", ()),
        table.boolean("bodily", default=False),
        shared,
        opt_in,
    )


def _parse_family(table: Table) -> Family | None:
    family = table.string("family", "")
    if family and family not in set(Family):
        raise table.invalid("family", f"'{family}' is not a family; the families are {', '.join(Family)}")
    return Family(family) if family else None
