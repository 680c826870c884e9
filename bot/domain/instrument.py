"""The instrument: the items that a rater answers about one turn, and what counts as an answer.

The scales follow published practice: forced-choice emotion, intensity 0-3, valence and arousal 1-5 (the five points of
the self-assessment manikin), authenticity 1-5 (RAVDESS's genuineness). Questions and anchors are data, in
`data/instruments/*.toml`; the scales themselves are columns of the database and fixed.
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
    """A question that is answered with a whole number from `low` to `high`. `anchors` has one text per number.

    `question` asks about a speaker whom the rater hears, `felt_question` about the rater's own feeling.
    """

    key: str
    question: str
    felt_question: str
    low: int
    high: int
    anchors: tuple[str, ...]


_LONGEST_ANCHOR = 100
"""Discord's limit for the label of a choice."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is asked about a turn: one emotion and the scales. Self-ratings ask what the performer felt."""

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
    """Read an instrument. Every scale must be present exactly once, with one anchor per number.

    Raises DataFileInvalid with the line of the first problem.
    """
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
    """Read the answers of a form. Raises AnswerInvalid or EmotionUnknown for the first one that is not valid."""
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
        problem = f"'{key}' runs from {low} to {high}, so 'anchors' needs {high - low + 1} texts, one per number"
        raise table.invalid("anchors", problem)
    return ScaleItem(key, table.string("question"), table.string("felt_question"), low, high, anchors)


def _number(key: str, answer: str) -> int:
    low, high = SCALES[key]
    if answer.isascii() and answer.isdigit() and low <= int(answer) <= high:
        return int(answer)
    raise AnswerInvalid(key, answer, f"a whole number from {low} to {high}")
