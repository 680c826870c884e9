"""What a scene's emotions are weighed by: the pull of its situation, and how those of partners compare. Pure.

A situation must not give the emotion away. So each emotion should be dealt with, beside and against the pull of
situations as often as situations stand like that to it: then knowing the situation tells nothing. Partners should be
dealt the same, opposite and unrelated emotions equally often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain.casting.types import History
from bot.domain.decks import Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import Relation, Stance, relation_of, stance_of


@dataclass(frozen=True, slots=True)
class Stances:
    """One emotion: in how many parts it was dealt, and could have been dealt, in each stance to the situation."""

    dealt: Mapping[Stance, int]
    offered: Mapping[Stance, int]

    def cost(self, here: Stance, parts: int, already: int) -> float:
        """Return by how much it becomes less even to deal the emotion in a stance that `already` so many have.

        The scene offers `parts` in that stance.
        """
        offered = {one: self.offered.get(one, 0) + parts * (one is here) for one in Stance}
        return self._uneven(here, offered, already + 1) - self._uneven(here, offered, already)

    def _uneven(self, here: Stance, offered: Mapping[Stance, int], more: int) -> float:
        """Return the squared distances from even after `more` parts in a stance."""
        times, parts = sum(self.dealt.values()) + more, sum(offered.values())
        return sum(
            (self.dealt.get(one, 0) + more * (one is here) - times * offered[one] / parts) ** 2 for one in Stance
        )


class Pull:
    """How evenly a server dealt its emotions with, beside and against the pull of situations."""

    def __init__(self, emotions: EmotionSet, history: History) -> None:
        self._stances = {one.key: _stances(one, history) for one in emotions.emotions}
        self._costs = cache(self._cost)

    def cost(self, emotion: Emotion, prompt: Prompt, parts: int, already: int = 0) -> float:
        """Return by how much the counts become less even if one more of `parts` performers is dealt an emotion.

        `already` so many in the scene have it.
        """
        return self._costs(emotion.key, stance_of(emotion.family, prompt.pull), parts, already)

    def _cost(self, key: str, here: Stance, parts: int, already: int) -> float:
        return self._stances[key].cost(here, parts, already)


def relations_so_far(emotions: EmotionSet, history: History) -> Counter[Relation]:
    """Count how often the emotions of partners stood to each other in each way."""
    families = {one.key: one.family for one in emotions.emotions}
    found = Counter[Relation]()
    for (one, other), times in history.together.items():
        relation = relation_of(families.get(one), families.get(other))
        if relation is not None:
            found[relation] += times
    return found


def _stances(emotion: Emotion, history: History) -> Stances:
    dealt, offered = Counter[Stance](), Counter[Stance]()
    for (pull, excluded), targets in history.situations.items():
        if not emotion.is_among(excluded):
            stance = stance_of(emotion.family, pull)
            dealt[stance] += targets.get(emotion.key, 0)
            offered[stance] += sum(targets.values())
    return Stances(dealt, offered)
