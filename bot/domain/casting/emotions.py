"""Which target emotion each member of a group is dealt, and how strong it is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from random import Random

from bot.domain.casting.relations_ahead import (
    RELATIONS,
    Prospect,
    Totals,
    totals_after,
    unevenness,
    with_a_future,
)
from bot.domain.casting.types import History
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import Family, Relation
from bot.domain.ids import PersonId

STRONGEST_INTENSITY = 3

MOST_STATES = 96
"""How many choices for some of a group are followed. With tonight's eight emotions, those of two performers are
compared completely, and nearly all of three; for six, a deal takes less than 30 ms."""

MOST_OF_FAMILY = 2
"""How many emotions of one family are compared for a performer: they differ only in the pull and by lot."""

Cost = tuple[int, int, int, float, int, float]
"""What speaks against a choice of emotions for a group, in the order in which it counts: emotions without a family that
are shared, repeated ones, uneven relations, an uneven pull, few others who need them, and the lot."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a scene's emotions are weighed by.

    `relations` is how often partners were dealt each relation; `pull` says how much less even the pull becomes with an
    emotion that so many in the scene already have.
    """

    relations: Mapping[Relation, int] = field(default_factory=dict[Relation, int])
    pull: Callable[[Emotion, int], float] = lambda _emotion, _already: 0.0


NO_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Option:
    """An emotion that a performer can be dealt, whether they had it last, how few others need it, and a lot."""

    emotion: Emotion
    is_last: bool
    not_due: int
    lot: float


@dataclass(frozen=True, slots=True)
class _State:
    """The emotions of some of a group, what speaks against them, and the relations of partners with them."""

    cost: Cost
    chosen: tuple[Option, ...]
    totals: Totals


def choose_emotions(
    group: Sequence[PersonId],
    present: Sequence[PersonId],
    emotions: EmotionSet,
    history: History,
    random: Random,
    weights: Weights = NO_WEIGHTS,
) -> dict[PersonId, Emotion]:
    """Return a target for each: one that they were dealt least, so that no performer's counts differ by more than one.

    If that leaves a choice, no one has the target of their previous scene again; then the relations of partners are
    kept even, and then the pull. In a set without families, no two in a scene have the same target. Emotions that
    others still need go first: two performers who have only the same emotion left would have to play it together.
    """
    due = {person: least_dealt(person, emotions, history) for person in present}
    options = [_compared(_options(person, due, history, random), len(group), weights) for person in group]
    best = _with_a_future(combinations_of(options, weights), [due[one] for one in group], emotions, random)
    return {person: option.emotion for person, option in zip(group, best.chosen, strict=True)}


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
    return [Option(one, one.key == last, -others[one.key], random.random()) for one in due[person]]


def _compared(options: Sequence[Option], performers: int, weights: Weights) -> list[Option]:
    """Return the best few of each family; without families as many as there are performers, so that one is free."""
    kept = list[Option]()
    of_family = Counter[Family | None]()
    for option in sorted(options, key=lambda one: (one.is_last, weights.pull(one.emotion, 0), one.not_due, one.lot)):
        family = option.emotion.family
        of_family[family] += 1
        if of_family[family] <= (MOST_OF_FAMILY if family else performers):
            kept.append(option)
    return kept


def combinations_of(options: Sequence[Sequence[Option]], weights: Weights = NO_WEIGHTS) -> list[_State]:
    """Return combinations of one option per performer; the one against which least speaks comes first.

    They are found person by person: of all choices for those before, the best go on.
    """
    states = [_State((0, 0, 0, 0.0, 0, 0.0), (), tuple(weights.relations.get(one, 0) for one in RELATIONS))]
    for own in options:
        grown = [_with(state, option, weights) for state in states for option in own]
        states = nsmallest(MOST_STATES, grown, key=lambda state: state.cost)
    return states


def _with_a_future(
    states: Sequence[_State], due: Sequence[Sequence[Emotion]], emotions: EmotionSet, random: Random
) -> _State:
    """Return the best of the combinations after which the relations of partners can stay most even."""
    equal = [state for state in states if state.cost[:3] == states[0].cost[:3]]
    everything = _families(emotions.emotions)
    if len(due) < 2 or len(equal) < 2 or len(everything) < len(emotions.emotions):
        return states[0]
    prospects = [Prospect(_families([option.emotion for option in state.chosen]), state.totals) for state in equal]
    places = with_a_future(prospects, tuple(map(_families, due)), everything, random)
    return equal[places[0]]


def _families(emotions: Sequence[Emotion]) -> tuple[Family, ...]:
    return tuple(one.family for one in emotions if one.family)


def _with(state: _State, option: Option, weights: Weights) -> _State:
    """Return a state with one more performer's emotion."""
    shared, last, _, pull, not_due, lot = state.cost
    totals, already = state.totals, 0
    for partner in state.chosen:
        is_shared = partner.emotion.key == option.emotion.key
        already += is_shared
        if partner.emotion.family is None or option.emotion.family is None:
            shared += is_shared
        else:
            totals = totals_after(totals, [partner.emotion.family], option.emotion.family)
    pull += weights.pull(option.emotion, already)
    cost = (shared, last + option.is_last, unevenness(totals), pull, not_due + option.not_due, lot + option.lot)
    return _State(cost, (*state.chosen, option), totals)
