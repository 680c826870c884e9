"""What else each performer of a group is dealt: a character, and for some an arc. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from bot.domain.casting.emotions import STRONGEST_INTENSITY
from bot.domain.casting.types import Arc, History
from bot.domain.characters import CharacterSet
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import PersonId
from bot.domain.roles import Role

EARLIEST_CUE, LATEST_CUE = 0.4, 0.6
"""Where in a scene's length a cue by time falls: near the middle, so that there is enough to hear before and after."""


def choose_roles(roles: Sequence[Role], size: int, random: Random) -> list[Role]:
    """Return `size` of a prompt's roles, in any order; the required ones are among them, if there are not more."""
    shuffled = random.sample(roles, len(roles))
    chosen = sorted(shuffled, key=lambda role: not role.is_required)[:size]
    return [role for role in shuffled if role in chosen]


def choose_characters(
    group: Sequence[PersonId], characters: CharacterSet, history: History, random: Random
) -> dict[PersonId, str]:
    """Return a character for each: the one that they hold in this session, or one that no one holds.

    If there are too few, it is one that no one else on stage has and that few people hold.
    """
    known = {one.key for one in characters.characters}
    chosen = {person: held for person in group if (held := history.characters.get(person)) in known and held}
    holders = Counter(history.characters.values())
    for person in group:
        if person not in chosen:
            shuffled = random.sample(characters.characters, len(characters.characters))
            on_stage = set(chosen.values())
            chosen[person] = min(shuffled, key=lambda one: (one.key in on_stage, holders[one.key])).key
            holders[chosen[person]] += 1
    return chosen


def choose_arcs(
    group: Sequence[PersonId],
    targets: Mapping[PersonId, Emotion],
    emotions: EmotionSet,
    most: int,
    history: History,
    random: Random,
) -> dict[PersonId, Arc]:
    """Return an arc for `most` of a group, if there is another emotion; those who had the fewest go first.

    If possible, the second emotion of an arc is no one's target.
    """
    waiting = sorted(random.sample(group, len(group)), key=lambda person: history.arcs.get(person, 0))
    taken = {emotion.key for emotion in targets.values()}
    arcs: dict[PersonId, Arc] = {}
    for person in waiting[:most] if len(emotions.emotions) > 1 else ():
        others = [one for one in emotions.emotions if one.key != targets[person].key]
        second = min(
            random.sample(others, len(others)),
            key=lambda one: (one.key in taken, history.emotions.get((person, one.key), 0)),
        )
        taken.add(second.key)
        intensity = random.randint(1, STRONGEST_INTENSITY) if second.has_degrees else 1
        arcs[person] = Arc(second.key, intensity, random.uniform(EARLIEST_CUE, LATEST_CUE))
    return arcs
