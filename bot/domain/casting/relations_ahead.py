"""Looks some scenes ahead: after which emotions can the relations of partners stay even? Pure.

At the end of a round, a performer has one emotion left, and two performers whose last emotions are opposite must play
them together, whether or not that is even.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod
from random import Random

from bot.domain.families import Family, Relation, relation_of

RELATIONS = tuple(Relation)

SCENES_AHEAD = 6
MOST_STATES = 24
MOST_LOOKS = 3_000
"""How many scenes to look ahead, how many evenings are followed from one to the next, and how many choices are compared
in all: with these, a deal takes less than 20 ms longer."""

Due = tuple[tuple[Family, ...], ...]
"""For each of a group, the families of the emotions that they have not been dealt in this round."""

Totals = tuple[int, ...]
"""How often partners were dealt each relation, in the order of RELATIONS."""

_PLACES: Mapping[Relation, int] = {relation: place for place, relation in enumerate(RELATIONS)}


@dataclass(frozen=True, slots=True)
class Prospect:
    """One choice for a group: the families that they are dealt, and the relations so far with it."""

    families: tuple[Family, ...]
    totals: Totals


def with_a_future(prospects: Sequence[Prospect], due: Due, everything: tuple[Family, ...], random: Random) -> list[int]:
    """Return the places of those choices after which the next scenes of the same group stay most even.

    The next scene counts first, then the one after it, and so on. `due` is before the choice; a performer to whom
    nothing is due any more begins again with `everything`.
    """
    states: dict[tuple[Due, Totals], int] = {}
    for number, one in enumerate(prospects):
        state = _after(due, one.families, everything), one.totals
        states[state] = states.get(state, 0) | 1 << number
    looks = 0
    for _ in range(SCENES_AHEAD):
        followed = random.sample(list(states), min(len(states), MOST_STATES))
        looks += sum(prod(len(set(own)) for own in due) for due, _ in followed)
        if looks > MOST_LOOKS:
            break
        states = _one_scene_on({state: states[state] for state in followed}, everything)
    alive = reduce(lambda one, other: one | other, states.values())
    return [number for number in range(len(prospects)) if alive >> number & 1]


def totals_after(totals: Totals, families: Sequence[Family], family: Family) -> Totals:
    """Return the relations once a partner with a family has joined those with some families."""
    counts = list(totals)
    for other in families:
        relation = relation_of(other, family)
        assert relation is not None
        counts[_PLACES[relation]] += 1
    return tuple(counts)


def unevenness(totals: Totals) -> int:
    """Return what grows with the differences between totals of the same sum."""
    return sum(total * total for total in totals)


def _one_scene_on(
    states: Mapping[tuple[Due, Totals], int], everything: tuple[Family, ...]
) -> dict[tuple[Due, Totals], int]:
    """Return the best states one scene later, each with the first choices (as bits) that can lead to it."""
    found: list[tuple[int, tuple[Due, Totals], int]] = []
    for (due, totals), first in states.items():
        for families in product(*(sorted(set(own)) for own in due)):
            after = totals
            for number, family in enumerate(families):
                after = totals_after(after, families[:number], family)
            found.append((_beyond_one(after), (_after(due, families, everything), after), first))
    best = min(rank for rank, _, _ in found)
    later: dict[tuple[Due, Totals], int] = {}
    for rank, state, first in found:
        if rank == best:
            later[state] = later.get(state, 0) | first
    return later


def _beyond_one(totals: Totals) -> int:
    return max(max(totals) - min(totals) - 1, 0)


def _after(due: Due, families: Sequence[Family], everything: tuple[Family, ...]) -> Due:
    return tuple(_without(own, family) or everything for own, family in zip(due, families, strict=True))


def _without(own: tuple[Family, ...], family: Family) -> tuple[Family, ...]:
    place = own.index(family)
    return own[:place] + own[place + 1 :]
