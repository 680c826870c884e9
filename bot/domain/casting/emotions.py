"""Which target emotion each of a group is dealt, and how strong. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from bot.domain.casting.types import History
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import PersonId

STRONGEST_INTENSITY = 3


@dataclass(frozen=True, slots=True)
class Option:
    """An emotion that a performer may be dealt, and what it costs: the smaller, the better."""

    emotion: Emotion
    is_last: bool
    not_due: int
    lot: float

    @property
    def cost(self) -> tuple[int, int, float]:
        """Not the emotion of their scene before; rather one that many others still have before them; then by lot."""
        return self.is_last, self.not_due, self.lot


def choose_emotions(
    group: Sequence[PersonId], present: Sequence[PersonId], emotions: EmotionSet, history: History, random: Random
) -> dict[PersonId, Emotion]:
    """A target for each: one of those they were dealt least, so that nobody's counts differ by more than one.

    As far as that leaves a choice, no two in a scene have the same, and nobody the same as in their scene before. What
    others still have before them goes first: two performers who are left with one and the same emotion would have to
    play it together.
    """
    due = {person: least_dealt(person, emotions, history) for person in present}
    options = [_options(person, due, history, random)[: len(group)] for person in group]
    # No more than these are needed: whatever the others take, one of a performer's best is free.
    best = min(product(*options), key=_cost)
    return {person: option.emotion for person, option in zip(group, best, strict=True)}


def least_dealt(person: PersonId, emotions: EmotionSet, history: History) -> list[Emotion]:
    """The emotions that a performer was dealt least as target."""
    dealt = {one.key: history.emotions.get((person, one.key), 0) for one in emotions.emotions}
    fewest = min(dealt.values())
    return [one for one in emotions.emotions if dealt[one.key] == fewest]


def choose_intensity(person: PersonId, emotion: Emotion, emotions: EmotionSet, history: History, random: Random) -> int:
    """From a trace (1) to overwhelming (3), what the performer was dealt least; 1 where there are no degrees.

    Then what they were dealt least with this emotion, so that each comes in every strength.
    """
    if not emotion.has_degrees:
        return 1
    degrees = range(1, STRONGEST_INTENSITY + 1)
    graded = [one.key for one in emotions.emotions if one.has_degrees]
    dealt = {degree: [history.intensities.get((person, key, degree), 0) for key in graded] for degree in degrees}
    own = {degree: history.intensities.get((person, emotion.key, degree), 0) for degree in degrees}
    return min(random.sample(degrees, len(degrees)), key=lambda degree: (sum(dealt[degree]), own[degree]))


def _options(
    person: PersonId, due: Mapping[PersonId, Sequence[Emotion]], history: History, random: Random
) -> list[Option]:
    others = Counter(one.key for other, emotions in due.items() if other != person for one in emotions)
    last = history.last_emotions.get(person)
    found = [Option(one, one.key == last, -others[one.key], random.random()) for one in due[person]]
    return sorted(found, key=lambda option: option.cost)


def _cost(options: Sequence[Option]) -> tuple[int, int, int, float]:
    times = Counter(option.emotion.key for option in options)
    repeated = sum(count * count for count in times.values())
    is_last, not_due, lots = (sum(parts) for parts in zip(*(option.cost for option in options), strict=True))
    return repeated, int(is_last), int(not_due), float(lots)
