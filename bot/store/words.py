"""The words on a performer's card, kept with their casting: what their emotions and their character's voice ask for."""

from __future__ import annotations

import json
from dataclasses import asdict

from bot.domain.casting.deal import Casting
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
        "character_name": character and character.name,
        "voice_direction": character and _voice_direction(character),
        "emotion_label": first.label,
        "emotion_direction": first.direction,
        "second_emotion_label": second and second.label,
        "second_emotion_direction": second and second.direction,
    }


def character_of(casting: CastingRow) -> Character | None:
    """Return the character as it was dealt; None if the part has none, or if an earlier version dealt it."""
    if casting.character is None or casting.character_name is None or casting.voice_direction is None:
        return None
    return Character(casting.character, casting.character_name, **json.loads(casting.voice_direction))


def _voice_direction(character: Character) -> str:
    voice = {name: text for name, text in asdict(character).items() if name not in ("key", "name")}
    return json.dumps(voice, ensure_ascii=False)
