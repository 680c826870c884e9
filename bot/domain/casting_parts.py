"""What each performer of a group plays: emotion, intensity, character, and who has an arc. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from bot.domain.casting_types import Arc, History, Materials
from bot.domain.characters import CharacterSet
from bot.domain.emotions import Emotion, EmotionSet

STRONGEST_INTENSITY = 3
EARLIEST_CUE, LATEST_CUE = 0.4, 0.6
"""The part of a scene's length in which cues by time fall: there is as much to hear before as after."""


def choose_emotions(group: Sequence[int], emotions: EmotionSet, history: History, random: Random) -> dict[int, Emotion]:
    """A target for each: one of those they were dealt least, so that nobody's counts differ by more than one.

    As far as that leaves a choice, no two in a scene have the same: a largest matching of performers to emotions.
    """
    allowed = {person: _least_dealt(person, emotions.emotions, history, random) for person in group}
    holder: dict[str, int] = {}
    for person in random.sample(group, len(group)):
        _find_own(person, allowed, holder, set())
    found = {person: emotions.find(key) for key, person in holder.items()}
    times = Counter(emotion.key for emotion in found.values())
    for person in group:
        if person not in found:
            found[person] = min(allowed[person], key=lambda one: times[one.key])
            times[found[person].key] += 1
    return found


def choose_intensity(emotion: Emotion, random: Random) -> int:
    """From a trace to overwhelming; the lowest where there are no degrees."""
    return random.randint(1, STRONGEST_INTENSITY) if emotion.has_degrees else 1


def choose_characters(
    group: Sequence[int], characters: CharacterSet, history: History, random: Random
) -> dict[int, str]:
    """A character for each: the one they hold this session, else one that nobody holds, else one that few do."""
    known = {one.key for one in characters.characters}
    chosen = {person: held for person in group if (held := history.characters.get(person)) in known and held}
    holders = Counter(history.characters.values())
    for person in group:
        if person not in chosen:
            shuffled = random.sample(characters.characters, len(characters.characters))
            chosen[person] = min(shuffled, key=lambda one: holders[one.key]).key
            holders[chosen[person]] += 1
    return chosen


def choose_arcs(
    group: Sequence[int], targets: Mapping[int, Emotion], materials: Materials, history: History, random: Random
) -> dict[int, Arc]:
    """An arc for as many as wanted, whoever had fewest first; its second emotion is nobody's target if avoidable."""
    waiting = sorted(random.sample(group, len(group)), key=lambda person: history.arcs.get(person, 0))
    taken = {emotion.key for emotion in targets.values()}
    arcs: dict[int, Arc] = {}
    for person in waiting[: materials.arcs]:
        others = [one for one in materials.emotions.emotions if one.key != targets[person].key]
        second = min(
            random.sample(others, len(others)),
            key=lambda one: (one.key in taken, history.emotions.get((person, one.key), 0)),
        )
        share = random.uniform(EARLIEST_CUE, LATEST_CUE)
        arcs[person] = Arc(second.key, choose_intensity(second, random), share)
    return arcs


def _least_dealt(person: int, emotions: Sequence[Emotion], history: History, random: Random) -> list[Emotion]:
    dealt = {one.key: history.emotions.get((person, one.key), 0) for one in emotions}
    fewest = min(dealt.values())
    return [one for one in random.sample(emotions, len(emotions)) if dealt[one.key] == fewest]


def _find_own(person: int, allowed: Mapping[int, Sequence[Emotion]], holder: dict[str, int], tried: set[str]) -> bool:
    """Kuhn's augmenting path: take a free emotion, or one whose holder can take another."""
    for emotion in allowed[person]:
        if emotion.key in tried:
            continue
        tried.add(emotion.key)
        if emotion.key not in holder or _find_own(holder[emotion.key], allowed, holder, tried):
            holder[emotion.key] = person
            return True
    return False
