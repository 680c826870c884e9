"""Which target emotion each member of a group is dealt, and how strong it is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.domain.casting.types import History
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import PersonId

STRONGEST_INTENSITY = 3

Cost = tuple[int, int, int, float]
"""What speaks against a choice of emotions for a group: repeated ones first, then the cost of each option."""


@dataclass(frozen=True, slots=True)
class Option:
    """An emotion that a performer can be dealt, and its cost: the smaller, the better."""

    emotion: Emotion
    is_last: bool
    not_due: int
    lot: float

    @property
    def cost(self) -> tuple[int, int, float]:
        """The cost: most for the emotion of their previous scene, least for one that many others need; then by lot."""
        return self.is_last, self.not_due, self.lot


def choose_emotions(
    group: Sequence[PersonId], present: Sequence[PersonId], emotions: EmotionSet, history: History, random: Random
) -> dict[PersonId, Emotion]:
    """Return a target for each: one that they were dealt least, so that no performer's counts differ by more than one.

    If that leaves a choice, no two in a scene have the same target, and no one has the target of their previous scene
    again. Emotions that others still need go first: two performers who have only the same emotion left would have to
    play it together.
    """
    due = {person: least_dealt(person, emotions, history) for person in present}
    options = [_options(person, due, history, random)[: len(group)] for person in group]
    # As many options per performer as the group has members: whatever the others take, one of them is free.
    return {person: option.emotion for person, option in zip(group, cheapest(options), strict=True)}


def least_dealt(person: PersonId, emotions: EmotionSet, history: History) -> list[Emotion]:
    """Return the emotions that a performer was dealt least often as their target."""
    dealt = {one.key: history.emotions.get((person, one.key), 0) for one in emotions.emotions}
    fewest = min(dealt.values())
    return [one for one in emotions.emotions if dealt[one.key] == fewest]


def choose_intensity(person: PersonId, emotion: Emotion, emotions: EmotionSet, history: History, random: Random) -> int:
    """Return an intensity from 1 (hide it) to 3 (it steers you); 1 if the emotion has no degrees.

    It is one that the performer was dealt least often; of these, one that they were dealt least often with this
    emotion, so that each emotion comes in every intensity.
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


def cheapest(options: Sequence[Sequence[Option]]) -> Sequence[Option]:
    """Return one option per performer: the combination with the smallest cost.

    Six performers have 46,656 combinations. One that has cost as much as the best before it is whole is not finished.
    """
    least: list[Cost] = [(0, 0, 0, 0.0)]
    for own in reversed(options):
        is_last, not_due, lot = (min(parts) for parts in zip(*(option.cost for option in own), strict=True))
        least.append(_sum(least[-1], (1, int(is_last), int(not_due), float(lot))))
    best: tuple[Cost, Sequence[Option]] | None = None

    def finish(chosen: tuple[Option, ...], cost: Cost) -> None:
        nonlocal best
        if best and _sum(cost, least[len(options) - len(chosen)]) >= best[0]:
            return
        if len(chosen) == len(options):
            best = cost, chosen
            return
        times = Counter(option.emotion.key for option in chosen)
        for option in options[len(chosen)]:
            # The squares of how often each emotion is dealt: 1, 4, 9, and so on.
            finish((*chosen, option), _sum(cost, (1 + 2 * times[option.emotion.key], *option.cost)))

    finish((), (0, 0, 0, 0.0))
    assert best is not None
    return best[1]


def _sum(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]
