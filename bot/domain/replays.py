"""Replays: a scene that the same performers play again, in the same roles, with one thing changed. Pure.

Whatever stays the same lets a listener compare one speaker with themselves: with other emotions, the situation and the
role stay; in gibberish or with one line, the emotion does, and what is said no longer gives it away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from bot.domain.casting.apart import as_different_as_possible
from bot.domain.casting.directions import directed
from bot.domain.casting.emotions import Option
from bot.domain.casting.parts import EARLIEST_CUE, LATEST_CUE
from bot.domain.casting.types import Arc, Casting, History
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.errors import NothingToDeal
from bot.domain.ids import PersonId
from bot.domain.tables import parse_table

_LONGEST_LINE = 80


@dataclass(frozen=True, slots=True)
class FixedLines:
    """The lines of a language, one of which is all that anyone says in a replay."""

    lines: tuple[str, ...]


def parse_fixed_lines(language: str, file: str, text: str) -> FixedLines:
    """Read the lines of a language. Raises DataFileInvalid with the line of the first problem."""
    table = parse_table(file, text)
    table.only("lines")
    lines = table.strings("lines", longest=_LONGEST_LINE)
    if not lines:
        raise table.invalid("lines", f"'lines' has no line for {language}")
    return FixedLines(lines)


def with_other_emotions(
    parts: Sequence[Casting],
    felt: Mapping[PersonId, Collection[str]],
    emotions: EmotionSet,
    tonight: Collection[str],
    history: History,
    random: Random,
    refused: Collection[str] = (),
) -> tuple[Casting, ...]:
    """Return the same parts with other emotions, at the same intensities; those that shifted shift again.

    `felt` are the emotions that each performer has had in this scene, in all of its replays: none of them comes again
    before they have had every one. What is dealt now comes only if the set has no other. If that leaves a choice, no
    two have the same emotion, and it is one that the performer was dealt least. `tonight` are the keys of the
    emotions that the session deals; without any, it deals the whole set. None in `refused` is dealt; if that leaves
    none of tonight's, the rest of the set takes their place. Raises NothingToDeal if that leaves none, either.
    """
    dealt = _left(emotions, tonight, refused)
    options = [_options(part, felt.get(part.person_id, ()), dealt, history, random)[: len(parts)] for part in parts]
    best = as_different_as_possible(options)
    chosen = {part.person_id: option.emotion for part, option in zip(parts, best, strict=True)}
    taken = {emotion.key for emotion in chosen.values()}
    found: list[Casting] = []
    for part in parts:
        first = chosen[part.person_id]
        arc = _arc(part, first, taken | set(felt.get(part.person_id, ())), dealt, random)
        intensity = part.target_intensity if first.has_degrees else 1
        changed = replace(part, target_emotion=first.key, target_intensity=intensity, arc=arc)
        found.append(directed(changed, emotions.without_closed(refused), history, random))
    return tuple(found)


def _left(emotions: EmotionSet, tonight: Collection[str], refused: Collection[str]) -> EmotionSet:
    for offered in (emotions.only(tonight), emotions):
        if left := tuple(one for one in offered.emotions if one.key not in refused):
            return replace(offered, emotions=left)
    raise NothingToDeal


def _options(part: Casting, felt: Collection[str], dealt: EmotionSet, history: History, random: Random) -> list[Option]:
    now = {part.target_emotion, part.arc.second_emotion if part.arc else part.target_emotion}
    left = [one for one in dealt.emotions if one.key not in now and one.key not in felt]
    left = left or [one for one in dealt.emotions if one.key not in now] or list(dealt.emotions)
    options = [
        Option(one, one.key == part.target_emotion, history.emotions.get((part.person_id, one.key), 0), random.random())
        for one in left
    ]
    return sorted(options, key=lambda option: (option.is_last, option.not_due, option.lot))


def _arc(part: Casting, first: Emotion, taken: Collection[str], dealt: EmotionSet, random: Random) -> Arc | None:
    """A shift to an emotion that, if possible, is neither on stage nor one that the performer has had."""
    if part.arc is None:
        return None
    others = [one for one in dealt.emotions if one.key != first.key]
    if not others:
        return None
    now = {part.target_emotion, part.arc.second_emotion}
    second = min(random.sample(others, len(others)), key=lambda one: (one.key in now, one.key in taken))
    intensity = part.arc.second_intensity if second.has_degrees else 1
    return Arc(second.key, intensity, random.uniform(EARLIEST_CUE, LATEST_CUE))
