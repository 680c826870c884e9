"""Raters' answers by item, as the statistics take them.

Agreement, confusion and hit rates are over turns of scenes: most raters of a replay have heard its scene before.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.dataset.model.contents import Contents
from bot.domain.states import TakeKind
from bot.statistics.alpha import Level
from bot.statistics.answers import Answer
from bot.statistics.confusion import Heard
from bot.store.records import Rating

EMOTION: Final = "perceived_emotion"

LEVELS: Final[Mapping[str, tuple[Level, ...]]] = {
    EMOTION: (Level.NOMINAL,),
    **dict.fromkeys(
        ("intensity", "valence", "arousal", "dominance", "authenticity", "naturalness", "voice_consistency"),
        (Level.ORDINAL, Level.INTERVAL),
    ),
}
"""Every item by its column in `ratings`, and the levels at which its agreement is measured."""


class Raters(StrEnum):
    """Whose answers count: everyone's, or not those of scene partners, who heard the scene live."""

    ALL = "all"
    WITHOUT_PARTNERS = "without_partners"


class Judged:
    """The answers about a dataset's clips."""

    def __init__(self, contents: Contents) -> None:
        self._index = contents.index
        self._of_scenes = [rating for rating in contents.snapshot.ratings if self._is_of_scene(rating)]

    def answers(self, item: str, raters: Raters = Raters.ALL) -> list[Answer]:
        """Return the answers to an item about turns of scenes."""
        return [
            Answer(rating.turn_id, rating.rater_id, value)
            for rating in self._of(raters)
            if (value := answer_to(item, rating)) is not None
        ]

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


def answer_to(item: str, rating: Rating) -> str | int | None:
    """Return what a rater answered to an item; None if it was not asked."""
    return getattr(rating, item)
