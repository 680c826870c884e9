"""Raters' answers by item, as the statistics take them. Items that have no column of their own count as well.

Agreement, confusion and hit rates are over turns of scenes: most raters of a replay have heard its scene before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.dataset.model.contents import Contents
from bot.domain.ids import TrialId
from bot.domain.instrument import EMOTION_ITEM, ItemScale
from bot.domain.states import MaterialKind, TakeKind
from bot.statistics.alpha import Level
from bot.statistics.answers import Answer
from bot.statistics.confusion import Heard
from bot.store.materials import instrument_in
from bot.store.records import Rating
from bot.store.snapshot import Snapshot

EMOTION: Final = "perceived_emotion"

LEVELS: Final[Mapping[str, tuple[Level, ...]]] = {
    EMOTION: (Level.NOMINAL,),
    **dict.fromkeys(
        ("intensity", "valence", "arousal", "dominance", "authenticity", "naturalness", "voice_consistency"),
        (Level.ORDINAL, Level.INTERVAL),
    ),
}
"""Every item with a column in `ratings`, and the levels at which its agreement is measured."""

LEVELS_OF_SCALES: Final[Mapping[ItemScale, tuple[Level, ...]]] = {
    ItemScale.EMOTION: (Level.NOMINAL,),
    ItemScale.NOMINAL: (Level.NOMINAL,),
    ItemScale.ORDINAL: (Level.ORDINAL, Level.INTERVAL),
}
"""A rater's own words have no agreement, and neither have items that take several values."""


class Raters(StrEnum):
    """Whose answers count: everyone's, or not those of scene partners, who heard the scene live."""

    ALL = "all"
    WITHOUT_PARTNERS = "without_partners"


class Judged:
    """The answers about a dataset's clips."""

    def __init__(self, contents: Contents) -> None:
        self._index = contents.index
        self.levels = LEVELS | _further_levels(contents.snapshot)
        self._further: defaultdict[TrialId, dict[str, str | int]] = defaultdict(dict)
        for answer in contents.snapshot.answers:
            if answer.value is not None and answer.item in self.levels.keys() - LEVELS.keys():
                is_number = self.levels[answer.item][0] is not Level.NOMINAL
                self._further[answer.trial_id][answer.item] = int(answer.value) if is_number else answer.value
        self._of_scenes = [rating for rating in contents.snapshot.ratings if self._is_of_scene(rating)]

    def answers(self, item: str, raters: Raters = Raters.ALL) -> list[Answer]:
        """Return the answers to an item about turns of scenes."""
        return [
            Answer(rating.turn_id, rating.rater_id, value)
            for rating in self._of(raters)
            if (value := self.answer_to(item, rating)) is not None
        ]

    def answer_to(self, item: str, rating: Rating) -> str | int | None:
        """Return what a rater answered to an item; None if it was not asked."""
        return getattr(rating, item) if item in LEVELS else self._further[rating.rating_id].get(item)

    def heard(self, raters: Raters) -> list[Heard]:
        """Return what was heard in the turns of scenes for which a target is claimed."""
        found: list[Heard] = []
        for rating in self._of(raters):
            target = self._index.target(self._index.turn(rating.turn_id))
            if target and target.emotion:
                found.append(Heard(rating.turn_id, target.emotion, rating.perceived_emotion))
        return found

    def _of(self, raters: Raters) -> list[Rating]:
        return [rating for rating in self._of_scenes if raters is Raters.ALL or not rating.is_partner]

    def _is_of_scene(self, rating: Rating) -> bool:
        track = self._index.track(self._index.turn(rating.turn_id).track_id)
        return self._index.scene_of(track.take_id).kind is TakeKind.SCENE


def _further_levels(snapshot: Snapshot) -> dict[str, tuple[Level, ...]]:
    """Return the items without columns of the instruments that asked in these sessions, with their levels."""
    instruments = [instrument_in(one) for one in snapshot.materials if one.kind is MaterialKind.INSTRUMENT]
    return {
        item.key: LEVELS_OF_SCALES[item.scale]
        for instrument in instruments
        for item in instrument.items
        if item.key not in {EMOTION_ITEM, *LEVELS} and item.scale in LEVELS_OF_SCALES and not item.takes_several
    }
