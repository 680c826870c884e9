"""Answers to the items of a trial, read from a form: what counts as one, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.emotions import EmotionSet
from bot.domain.errors import AnswerInvalid
from bot.domain.instrument import EMOTION_ITEM, NOT_JUDGED, Item, ItemScale

NONE: Final = "none"
"""A value that says that none of the others applies; it cannot be combined with them."""

LONGEST_WORDS: Final = 300
"""How many characters a rater's own words can have."""

Given = Mapping[str, str | Sequence[str]]
"""What a form sent, by the keys of items."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One valid answer: the key of an item, and its value as text. An item with several values has one answer each.

    `is_words` marks an answer in the rater's own words.
    """

    item: str
    value: str
    is_words: bool = False


def read_answers(given: Given, asked: Sequence[Item], emotions: EmotionSet) -> tuple[Answer, ...]:
    """Read the answers to the items that a form asked, in their order. Nothing else in the form counts.

    Who cannot judge a turn, or hears bad sound, answers nothing else. Raises AnswerInvalid or EmotionUnknown for the
    first answer that is missing or not valid.
    """
    if (emotion := _one(given.get(EMOTION_ITEM, ""))) in NOT_JUDGED:
        return (Answer(EMOTION_ITEM, emotion),)
    found: list[Answer] = []
    for item in asked:
        if any(texts := _texts(given.get(item.key, ""))):
            found += _answers(item, texts, emotions)
        elif not item.is_optional:
            _refuse(item, "", emotions)
    return tuple(found)


def missing(given: Given, asked: Sequence[Item]) -> Sequence[Item]:
    """Return the items of a form that have to be answered and are not."""
    if _one(given.get(EMOTION_ITEM, "")) in NOT_JUDGED:
        return []
    return [item for item in asked if not item.is_optional and not any(_texts(given.get(item.key, "")))]


def _answers(item: Item, texts: Sequence[str], emotions: EmotionSet) -> list[Answer]:
    match item.scale:
        case ItemScale.TEXT:
            words = " ".join(" ".join(texts).split())[:LONGEST_WORDS]
            return [Answer(item.key, words, is_words=True)]
        case ItemScale.EMOTION:
            return [Answer(item.key, emotions.perceivable(texts[0]))]
        case _:
            allowed = {value for value, _ in item.choices}
            for text in texts:
                if text not in allowed:
                    _refuse(item, text, emotions)
            chosen = texts if item.takes_several else texts[:1]
            kept = [text for text in dict.fromkeys(chosen) if text != NONE or len(chosen) == 1]
            return [Answer(item.key, text) for text in kept]


def _refuse(item: Item, text: str, emotions: EmotionSet) -> None:
    match item.scale:
        case ItemScale.EMOTION:
            emotions.perceivable(text)
        case ItemScale.ORDINAL:
            raise AnswerInvalid(item.key, text, f"a whole number from {item.low} to {item.high}")
        case ItemScale.NOMINAL:
            raise AnswerInvalid(item.key, text, f"one of {', '.join(item.values)}")
        case ItemScale.TEXT:
            raise AnswerInvalid(item.key, text, "your own words")


def _texts(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _one(given: str | Sequence[str]) -> str:
    return next(iter(_texts(given)), "")
