"""Which direction a performer is dealt for an emotion, and how they shift to a second one. Pure."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bot.domain.casting.types import Casting, History
from bot.domain.emotions import EmotionSet
from bot.domain.ids import PersonId
from bot.domain.states import ShiftManner


def directed(casting: Casting, emotions: EmotionSet, history: History, random: Random) -> Casting:
    """Return a part with its directions, and with the manner of its shift if it has an arc."""
    person, arc = casting.person_id, casting.arc
    first = choose_direction(person, emotions, (casting.target_emotion, casting.target_intensity), history, random)
    if arc is None:
        return replace(casting, direction=first)
    second = choose_direction(person, emotions, (arc.second_emotion, arc.second_intensity), history, random)
    manner = choose_manner(person, history, random)
    return replace(casting, direction=first, arc=replace(arc, direction=second, manner=manner))


def choose_direction(
    person: PersonId, emotions: EmotionSet, felt: tuple[str, int], history: History, random: Random
) -> int | None:
    """Return the number of a direction for an emotion at an intensity; None if there is no choice.

    It is one that the performer was dealt least, so that the same emotion comes with another direction next time; of
    these, one that the guild's performers were dealt least.
    """
    key, intensity = felt
    numbers = range(1, len(emotions.find(key).directions_at(intensity)) + 1)
    if len(numbers) < 2:
        return None
    own = {number: history.directions.get((person, key, intensity, number), 0) for number in numbers}
    everyones = dict.fromkeys(numbers, 0)
    for (_, *dealt, number), times in history.directions.items():
        if dealt == [key, intensity] and number in everyones:
            everyones[number] += times
    return min(random.sample(numbers, len(numbers)), key=lambda number: (own[number], everyones[number]))


def choose_manner(person: PersonId, history: History, random: Random) -> ShiftManner:
    """Return whether a shift is gradual or sudden: the one that the performer was dealt least."""
    manners = random.sample(list(ShiftManner), len(ShiftManner))
    return min(manners, key=lambda manner: history.manners.get((person, manner), 0))
