"""The instrument: the items a rater answers about one turn, and what counts as an answer.

Scales follow published practice: forced-choice emotion, intensity 0-3, valence and arousal 1-5 (the self-assessment
manikin's five points), authenticity 1-5 (RAVDESS's genuineness). Questions and anchors are data, in
`data/instruments/*.toml`; which columns exist is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.emotions import EmotionSet
from bot.domain.errors import AnswerInvalid
from bot.domain.tables import Table, parse_table

EMOTION_ITEM = "emotion"
SCALES: Mapping[str, tuple[int, int]] = {
    "intensity": (0, 3),
    "valence": (1, 5),
    "arousal": (1, 5),
    "authenticity": (1, 5),
}


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """A question answered by a whole number from `low` to `high`; one anchor text for each of them.

    `question` asks about a speaker one hears, `felt_question` about one's own feeling.
    """

    key: str
    question: str
    felt_question: str
    low: int
    high: int
    anchors: tuple[str, ...]


_LONGEST_ANCHOR = 100
"""Discord's limit of a choice's label."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is asked about a turn: one emotion and the scales. Self-ratings ask what was felt instead."""

    name: str
    title: str
    perceived_question: str
    felt_question: str
    scales: tuple[ScaleItem, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """One person's valid answers about one turn."""

    emotion: str
    intensity: int
    valence: int
    arousal: int
    authenticity: int


def parse_instrument(name: str, file: str, text: str) -> Instrument:
    """Read an instrument; every scale must be there exactly once, with an anchor for each point."""
    table = parse_table(file, text)
    table.only("title", "perceived_question", "felt_question", "scales")
    items = {item.key: item for item in (_parse_scale(entry) for entry in table.tables("scales"))}
    if missing := SCALES.keys() - items.keys():
        raise table.invalid("scales", f"the scales {', '.join(sorted(missing))} are missing")
    return Instrument(
        name,
        table.string("title"),
        table.string("perceived_question"),
        table.string("felt_question"),
        tuple(items[key] for key in SCALES),
    )


def read_answers(given: Mapping[str, str], emotions: EmotionSet) -> Answers:
    """Turn what a form returned into answers; AnswerInvalid or EmotionUnknown for the first that is none."""
    numbers = {key: _number(key, given.get(key, "")) for key in SCALES}
    return Answers(emotions.perceivable(given.get(EMOTION_ITEM, "")), **numbers)


def _parse_scale(table: Table) -> ScaleItem:
    table.only("key", "question", "felt_question", "anchors")
    key = table.string("key")
    if key not in SCALES:
        raise table.invalid("key", f"'key' must be one of {', '.join(SCALES)}")
    low, high = SCALES[key]
    anchors = table.strings("anchors", longest=_LONGEST_ANCHOR)
    if len(anchors) != high - low + 1:
        raise table.invalid("anchors", f"'{key}' runs from {low} to {high} and needs an anchor for each point")
    return ScaleItem(key, table.string("question"), table.string("felt_question"), low, high, anchors)


def _number(key: str, answer: str) -> int:
    low, high = SCALES[key]
    if answer.isascii() and answer.isdigit() and low <= int(answer) <= high:
        return int(answer)
    raise AnswerInvalid(key, answer, f"a whole number from {low} to {high}")
