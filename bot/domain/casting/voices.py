"""Another character for a performer who asks for one. Pure."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from bot.domain.characters import Character, CharacterSet


def another_character(
    characters: CharacterSet, held: Collection[str], refused: Collection[str], random: Random
) -> Character | None:
    """Return a character that no one holds, if possible one that no one has given up; None if all are held.

    `held` and `refused` are keys; the performer's own character is held.
    """
    free = [one for one in random.sample(characters.characters, len(characters.characters)) if one.key not in held]
    return min(free, key=lambda one: one.key in refused, default=None)
