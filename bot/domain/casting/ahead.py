"""Looks several scenes ahead: after which groups can the counts of partner pairs stay even? Pure.

The best next group can lead to an evening that can no longer be even. For example, after nine scenes of six performers
in twos, those who have not met yet can form two groups of three, and a group of three cannot be divided into twos.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import comb
from random import Random
from typing import NamedTuple

from bot.domain.casting.company import Company, Group, groups_of

Rank = tuple[int, int]
"""How uneven a group leaves the counts of all pairs: their span after it, then how often its own pairs had met."""

SCENES_AHEAD = 6
"""How many scenes to look ahead: enough to be as even as brute force for up to six performers."""

MOST_STATES = 16
"""How many states of the evening are followed from one scene to the next. If there are more, these many are drawn."""

MOST_LOOKS = 4_000
"""How many groups are compared in all, so that a deal for twelve performers takes less than 50 ms."""

MOST_GROUPS = 1_001
"""The number of groups of four among fourteen performers. With more groups, the deal does not look ahead; if more of
them are possible, it does not compare them all (`crowd`)."""


class State(NamedTuple):
    """A possible evening: how often each pair has met, and who has not been on stage in this round, as a mask."""

    met: tuple[int, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Choices:
    """All groups of one size, and which of them can be next."""

    groups: Sequence[Group]
    everyone: int
    known: dict[int, list[Group]] = field(default_factory=dict[int, list[Group]])

    def next_of(self, waiting: int) -> list[Group]:
        """Return the groups of those who wait; if they are too few, the groups of all of them and some others."""
        if waiting not in self.known:
            within = waiting.bit_count() >= len(self.groups[0].places)
            self.known[waiting] = [
                group for group in self.groups if (not group.mask & ~waiting if within else not waiting & ~group.mask)
            ]
        return self.known[waiting]

    def after(self, state: State, group: Group) -> State:
        """Return the state one scene later. Members of the group who were not waiting have played in the next round."""
        rest = state.waiting & ~group.mask
        begun = group.mask & ~state.waiting
        return State(met_after(state.met, group), rest or self.everyone & ~begun)


def met_after(met: Sequence[int], group: Group) -> tuple[int, ...]:
    """Return how often each pair has met after a group has been on stage once more."""
    counts = list(met)
    for pair in group.pairs:
        counts[pair] += 1
    return tuple(counts)


def ranked(met: Sequence[int], groups: Iterable[Group]) -> list[tuple[Rank, Group]]:
    """Return every group with its rank."""
    lowest, highest = min(met, default=0), max(met, default=0)
    at_lowest = met.count(lowest)
    found: list[tuple[Rank, Group]] = []
    for group in groups:
        counts = [met[pair] for pair in group.pairs]
        least = lowest + (counts.count(lowest) == at_lowest)
        found.append(((max(highest, max(counts, default=lowest - 1) + 1) - least, sum(counts)), group))
    return found


def with_a_future(company: Company, groups: Sequence[Group], random: Random) -> list[Group]:
    """Return those of equally good groups after which the coming scenes, in groups of the same size, stay most even.

    The next scene counts first, then the one after it, and so on: only the best states of each are followed.
    """
    people, size = len(company.people), len(groups[0].places)
    if comb(people, size) > MOST_GROUPS:
        return list(groups)
    choices = Choices(groups_of(people, size), (1 << people) - 1)
    states: dict[State, int] = {}
    for number, group in enumerate(groups):
        state = State(met_after(company.met, group), company.waiting_after(group))
        states[state] = states.get(state, 0) | 1 << number
    looks = 0
    for _ in range(SCENES_AHEAD):
        followed = random.sample(list(states), min(len(states), MOST_STATES))
        looks += sum(len(choices.next_of(state.waiting)) for state in followed)
        if looks > MOST_LOOKS:
            break
        states = _one_scene_on({state: states[state] for state in followed}, choices, random)
    alive = reduce(lambda one, other: one | other, states.values())
    return [group for number, group in enumerate(groups) if alive >> number & 1]


def _one_scene_on(states: Mapping[State, int], choices: Choices, random: Random) -> dict[State, int]:
    """Return the best states one scene later, each with the first groups (as bits) that can lead to it."""
    options = [
        (rank, state, group) for state in states for rank, group in ranked(state.met, choices.next_of(state.waiting))
    ]
    best = min(rank for rank, _, _ in options)
    wanted = [(state, group) for rank, state, group in options if rank == best]
    after: dict[State, int] = {}
    for state, group in random.sample(wanted, min(len(wanted), 4 * MOST_STATES)):
        later = choices.after(state, group)
        after[later] = after.get(later, 0) | states[state]
    return after
