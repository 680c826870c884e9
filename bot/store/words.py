"""The words on a performer's card, kept with their casting: what their emotions and their character's voice ask for."""

from __future__ import annotations

import json

from bot.domain.casting.deal import Arc, Casting
from bot.domain.characters import Character
from bot.domain.emotions import EmotionSet
from bot.store.records import CastingRow


def word_columns(casting: Casting, emotions: EmotionSet, character: Character | None) -> dict[str, object]:
    """Return the columns for the words of a part: those of its emotions in the set, and of its character.

    The character's columns are null without one. Raises EmotionUnknown if the set lacks an emotion of the part.
    """
    first = emotions.find(casting.target_emotion)
    second = emotions.find(casting.arc.second_emotion) if casting.arc else None
    return {
        **character_columns(character),
        "emotion_label": first.label,
        "emotion_direction": first.direction_at(casting.target_intensity, casting.direction) or None,
        "second_emotion_label": second and second.label,
        "second_emotion_direction": _second_direction(casting.arc, emotions),
    }


def character_columns(character: Character | None) -> dict[str, object]:
    """Return the columns for the words of a part's character, null without one."""
    return {
        "character_name": character and character.name,
        "voice_direction": character and json.dumps(dict(character.voice), ensure_ascii=False),
    }


def _second_direction(arc: Arc | None, emotions: EmotionSet) -> str | None:
    return arc and (emotions.find(arc.second_emotion).direction_at(arc.second_intensity, arc.direction) or None)


def character_of(casting: CastingRow) -> Character | None:
    """Return the character as it was dealt, without its features.

    Returns None if the part has none, or if an earlier version dealt it.
    """
    if casting.character is None or casting.character_name is None or casting.voice_direction is None:
        return None
    return Character(casting.character, casting.character_name, json.loads(casting.voice_direction))
