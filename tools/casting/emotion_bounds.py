"""Brute force: how even pull and relations can be, over all deals that keep each performer's counts within one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

from bot.domain.decks import Prompt
from bot.domain.emotions import Emotion
from bot.domain.families import Relation, Stance, relation_of, stance_of
from tools.casting.measures import distance_from_even, span

Due = tuple[frozenset[int], ...]
"""For each performer the emotions, by their place in the set, that they have not been dealt in this round."""

WIDEST = 5
"""Evenings in which two relations differ by more can hardly become even again, and are not followed."""


def best_relation_spans(emotions: Sequence[Emotion], people: int, scenes: int) -> list[int]:
    """Return for each scene the smallest possible difference between the counts of two relations after it."""
    everything = frozenset(range(len(emotions)))
    states = {((everything,) * people, (0, 0, 0))}
    best: list[int] = []
    for _ in range(scenes):
        after: set[tuple[Due, tuple[int, ...]]] = set()
        for due, counts in states:
            for chosen, later in _choices(due, everything):
                found = _with_relations(counts, [emotions[place] for place in chosen])
                if max(found) <= WIDEST:
                    after.add((later, found))
        states = after
        best.append(min(span(counts) for _, counts in states))
    return best


def best_pull_distances(emotions: Sequence[Emotion], people: int, prompts: Sequence[Prompt]) -> list[float]:
    """Return for each of these scenes the smallest possible distance from even after it."""
    everything = frozenset(range(len(emotions)))
    nothing = (0,) * (len(emotions) * len(Stance))
    states = {((everything,) * people, nothing)}
    offered = Counter[tuple[str, Stance]]()
    best: list[float] = []
    for prompt in prompts:
        here = [stance_of(one.family, prompt.pull) for one in emotions]
        offered.update({(one.key, stance): people for one, stance in zip(emotions, here, strict=True)})
        places = [place * len(Stance) + tuple(Stance).index(stance) for place, stance in enumerate(here)]
        states = {
            (later, _with_dealt(dealt, [places[place] for place in chosen]))
            for due, dealt in states
            for chosen, later in _choices(due, everything)
        }
        best.append(min(_distance(emotions, dealt, offered) for dealt in {dealt for _, dealt in states}))
    return best


def _choices(due: Due, everything: frozenset[int]) -> Iterator[tuple[tuple[int, ...], Due]]:
    """Yield what everyone can be dealt, and what is due to them afterwards."""
    for chosen in product(*due):
        yield chosen, tuple((own - {place}) or everything for own, place in zip(due, chosen, strict=True))


def _with_relations(counts: tuple[int, ...], chosen: Sequence[Emotion]) -> tuple[int, ...]:
    """Return the counts of relations, minus the smallest."""
    found = dict(zip(Relation, counts, strict=True))
    for number, one in enumerate(chosen):
        for other in chosen[:number]:
            relation = relation_of(one.family, other.family)
            assert relation is not None
            found[relation] += 1
    return tuple(count - min(found.values()) for count in found.values())


def _with_dealt(dealt: tuple[int, ...], places: Sequence[int]) -> tuple[int, ...]:
    more = list(dealt)
    for place in places:
        more[place] += 1
    return tuple(more)


def _distance(emotions: Sequence[Emotion], dealt: Sequence[int], offered: Counter[tuple[str, Stance]]) -> float:
    counts = dict(zip(product([one.key for one in emotions], Stance), dealt, strict=True))
    return max(distance_from_even(counts, offered, one.key) for one in emotions)
