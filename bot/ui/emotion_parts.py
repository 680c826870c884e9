"""Emotion sets in menus. A menu holds 25 options, so a larger set is offered in parts, by the alphabet."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.emotions import Emotion, EmotionSet
from bot.ui.texts.words import shortened

MOST_IN_A_MENU = 24
"""25 options (Discord, string select) less the one for something else."""


def parts_of(emotions: EmotionSet) -> list[Sequence[Emotion]]:
    """The set as it is when it fits into a menu, else cut into as few parts as do, of about one size."""
    if len(emotions.emotions) <= MOST_IN_A_MENU:
        return [emotions.emotions]
    ordered = sorted(emotions.emotions, key=lambda emotion: emotion.label.lower())
    size = -(-len(ordered) // -(-len(ordered) // MOST_IN_A_MENU))
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def part_label(part: Sequence[Emotion]) -> str:
    """What a button for a part says: its first and last word. A button holds 80 characters."""
    return f"{shortened(part[0].label, 38)} – {shortened(part[-1].label, 38)}"


def words_text(parts: Sequence[Sequence[Emotion]]) -> str:
    """All words of a set in parts, so that nobody chooses before having read them; empty for a set in one."""
    if len(parts) == 1:
        return ""
    words = shortened(", ".join(emotion.label for part in parts for emotion in part), 1500)
    return f"\nThe words: {words}.\nPress the button between whose words yours stands; each also has “Something else”."
