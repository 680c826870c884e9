"""The instrument: the items that a rater is asked about a turn, a pair of turns or their own turn. All of it is data.

A key means the same scale in every instrument that uses it, because tables and statistics go by keys: `COLUMN_SCALES`
has those that have columns of their own. Sources of the shipped instruments are in `data/instruments/*.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.states import TrialKind

EMOTION_ITEM: Final = "emotion"
"""The first item of every instrument: which emotion of the session's set is heard, or was felt."""

SECONDARY_ITEM: Final = "secondary_emotion"

CANNOT_JUDGE: Final = "cannot_judge"
BAD_SOUND: Final = "bad_sound"
NOT_JUDGED: Final = (CANNOT_JUDGE, BAD_SOUND)
"""What can be said of a turn in place of an emotion. Who says one of these answers nothing else."""

COLUMN_SCALES: Final[Mapping[str, tuple[int, int]]] = {
    "intensity": (0, 3),
    "valence": (1, 5),
    "arousal": (1, 5),
    "dominance": (1, 5),
    "authenticity": (1, 5),
    "naturalness": (1, 5),
    "voice_consistency": (1, 5),
}
"""The keys that are columns of `ratings` in the store and in datasets, with their lowest and highest number."""


EARLIER_SCALES: Final = ("intensity", "valence", "arousal", "authenticity")
"""The scales of every instrument of earlier versions."""


class ItemScale(StrEnum):
    """How an item is answered."""

    EMOTION = "emotion"
    """With one emotion of the set that the scene was dealt from, or `other`."""
    NOMINAL = "nominal"
    """With one of its values, or with several."""
    ORDINAL = "ordinal"
    """With a whole number from `low` to `high`."""
    TEXT = "text"
    """In the rater's own words."""


class Needs(StrEnum):
    """What a turn must have so that an item can be asked about it."""

    CHARACTER = "character"
    """Its performer has a part with a character."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `question` is about someone else's turn or a pair of turns, `felt_question` about one's own.

    `anchors` has one text per number of an ordinal item, or per value of a nominal one. `about` says which trials ask
    it; `wanted` how many raters of a turn are to answer it, None for as many as rate the turn. A rater can leave out
    one that `is_optional`.
    """

    key: str
    scale: ItemScale
    question: str
    felt_question: str = ""
    low: int = 0
    high: int = 0
    values: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    help: str = ""
    about: tuple[TrialKind, ...] = (TrialKind.TURN, TrialKind.OWN)
    needs: Needs | None = None
    wanted: int | None = None
    takes_several: bool = False
    is_optional: bool = False

    def asked(self, kind: TrialKind) -> str:
        """Return the question as a trial of a kind asks it."""
        return self.felt_question if kind is TrialKind.OWN else self.question

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """What a nominal or ordinal item can be answered with, each with its words."""
        values = self.values or tuple(str(number) for number in range(self.low, self.high + 1))
        return list(zip(values, self.anchors, strict=True))


@dataclass(frozen=True, slots=True)
class Instrument:
    """What raters are asked. `version` counts its editions; the first item is the emotion."""

    name: str
    title: str
    items: tuple[Item, ...]
    version: int = 1

    @property
    def scales(self) -> Sequence[Item]:
        """Its items that are answered with a number."""
        return [item for item in self.items if item.scale is ItemScale.ORDINAL]

    def items_about(self, kind: TrialKind) -> Sequence[Item]:
        """Return what a trial of a kind can ask, in the order of forms."""
        return [item for item in self.items if kind in item.about]

    def find(self, key: str) -> Item | None:
        """Return the item with a key."""
        return next((item for item in self.items if item.key == key), None)


def instrument_of_scales(
    name: str, title: str, questions: tuple[str, str], scales: Iterable[tuple[str, str, str, Sequence[str]]]
) -> Instrument:
    """Return an instrument of an earlier version: two questions about the emotion, and four scales with columns.

    `questions` are about someone else's turn and one's own; each scale has its key, the same two, and its anchors.
    """
    items = [Item(EMOTION_ITEM, ItemScale.EMOTION, *questions)]
    for key, question, felt_question, anchors in scales:
        low, high = COLUMN_SCALES[key]
        items.append(Item(key, ItemScale.ORDINAL, question, felt_question, low, high, anchors=tuple(anchors)))
    return Instrument(name, title, tuple(items))
