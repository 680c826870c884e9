"""Emotion sets in menus. A menu holds 25 options, so a larger set is offered in alphabetical parts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.emotions import Emotion, EmotionSet

MOST_IN_A_MENU = 24
"""25 options (Discord, string select), minus the one for something else."""


def parts_of(emotions: EmotionSet) -> list[Sequence[Emotion]]:
    """The set as it is if it fits into a menu; otherwise as few alphabetical parts as possible, of similar size."""
    if len(emotions.emotions) <= MOST_IN_A_MENU:
        return [emotions.emotions]
    ordered = sorted(emotions.emotions, key=lambda emotion: emotion.label.lower())
    size = -(-len(ordered) // -(-len(ordered) // MOST_IN_A_MENU))
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]
