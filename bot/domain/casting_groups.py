"""Who goes on stage, and with whom: standby rotates, and pairs of partners meet as evenly as they can. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random

from bot.domain.casting_types import History

Group = tuple[int, ...]
PairCounts = Mapping[tuple[int, int], int]

LOOK_AHEAD_SCENES = 8
"""How many scenes a choice is thought through: the best next step can lead where nothing is even any more."""

MOST_LOOKS = 12_000
"""How many groups a choice may weigh up in all, which keeps a deal for twelve performers below 50 ms."""

MOST_CANDIDATES, MOST_TRIES = 8, 12


def choose_group(present: Sequence[int], size: int, history: History, random: Random) -> Group:
    """So many of those present (ascending), in ascending order.

    Whoever was on stage least goes first. Among the groups that this leaves, one is chosen after which the counts of
    all pairs present lie closest together, and can stay so in the scenes to come.
    """
    turns = {person: turns_on_stage(person, present, history) for person in present}
    pairs = {pair: history.pairs.get(pair, 0) for pair in combinations(present, 2)}
    groups = _next_groups(present, size, turns)
    random.shuffle(groups)
    groups.sort(key=lambda group: _met(group, pairs))
    least = _met(groups[0], pairs)
    candidates = [group for group in groups if _met(group, pairs) == least][:MOST_CANDIDATES]
    if len(candidates) == 1:
        return candidates[0]
    looks = len(groups) * LOOK_AHEAD_SCENES * len(candidates)
    tries = max(1, min(MOST_TRIES, MOST_LOOKS // looks))
    return min(candidates, key=lambda group: _prospect(group, turns, pairs, tries, random))


def turns_on_stage(person: int, present: Sequence[int], history: History) -> int:
    """How many scenes of this session count for a performer.

    Somebody who came late is credited what those present had played before their first scene, less one: they go on
    at once, and then take turns like everybody else instead of catching up in one go.
    """
    own = history.appearances.get(person, ())
    first = own[0] if own else None
    before = [
        sum(first is None or scene < first for scene in scenes)
        for other in present
        if other != person and (scenes := history.appearances.get(other, ())) and (first is None or scenes[0] < first)
    ]
    return len(own) + max(min(before, default=0) - 1, 0)


def _next_groups(present: Sequence[int], size: int, turns: Mapping[int, int]) -> list[Group]:
    """All groups that leave nobody waiting longer than needed: first those with the fewest turns, then of the next."""
    certain: list[int] = []
    for number in sorted(set(turns.values())):
        equal = [person for person in present if turns[person] == number]
        if len(certain) + len(equal) >= size:
            chosen = combinations(equal, size - len(certain))
            return [tuple(sorted((*certain, *some))) for some in chosen]
        certain += equal
    raise ValueError(f"{len(present)} people are not enough for a group of {size}.")


def _met(group: Group, pairs: PairCounts) -> int:
    """How often the pairs of a group have met: the sum of all pairs' squares grows least with the smallest."""
    return sum(pairs[pair] for pair in combinations(group, 2))


def _prospect(group: Group, turns: Mapping[int, int], pairs: PairCounts, tries: int, random: Random) -> tuple[int, int]:
    """How uneven the scenes to come are after this group, in the best of some futures, and how uneven their end is."""
    return min(_future(group, dict(turns), dict(pairs), random) for _ in range(tries))


def _future(group: Group, turns: dict[int, int], pairs: dict[tuple[int, int], int], random: Random) -> tuple[int, int]:
    """Play on from a group, each time with one that has met least; the excess of all spans over one, summed up."""
    present, excess = sorted(turns), 0
    for scene in range(LOOK_AHEAD_SCENES):
        if scene:
            groups = _next_groups(present, len(group), turns)
            random.shuffle(groups)
            group = min(groups, key=lambda one: _met(one, pairs))
        for person in group:
            turns[person] += 1
        for pair in combinations(group, 2):
            pairs[pair] += 1
        excess += max(max(pairs.values()) - min(pairs.values()) - 1, 0)
    return excess, sum(count * count for count in pairs.values())
