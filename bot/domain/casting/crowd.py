"""Groups of a crowd: too many to compare all of them, so good ones are searched for. Pure.

A group grows person by person. Of all groups that have grown so far, those in which people have met least go on growing
(a beam search). The effort grows with the square of the number of people at most, and not with the number of groups:
among a hundred people there are 3.9 million groups of four.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import add
from random import Random
from typing import NamedTuple

from bot.domain.casting.company import Company, Group, group_at, places_of

MOST_GROWING = 128
"""How many groups go on growing. With these, a deal for a hundred people takes less than 0.1 s."""

TOO_OFTEN = 1_000
"""What a meeting of a pair that has met most often costs, in meetings: afterwards, the counts are less even."""


class _Growing(NamedTuple):
    """Some people as a mask, what their meetings cost so far, and for each place what it costs if they join."""

    mask: int
    cost: int
    costs: Sequence[int]


def groups_found(company: Company, size: int, random: Random) -> list[Group]:
    """Return groups that can be next, at most MOST_GROWING, in which people have met as little as possible.

    If there are more of those that are equally good, they are drawn.
    """
    people = len(company.people)
    must, may = company.who_is_next(size)
    table = _table_of_costs(company)
    first = _Growing(must, 0, [sum(table[one][other] for one in places_of(must)) for other in range(people)])
    growing = [first]
    for _ in range(size - must.bit_count()):
        growing = _grown(growing, places_of(may & ~must), table, random)
    return [group_at(people, places_of(one.mask)) for one in growing]


def _grown(
    growing: Sequence[_Growing], free: Sequence[int], table: Sequence[Sequence[int]], random: Random
) -> list[_Growing]:
    """Return the best of the groups that these become with one more person."""
    by_cost: defaultdict[int, dict[int, tuple[_Growing, int]]] = defaultdict(dict)
    for one in growing:
        for place in free:
            if not one.mask >> place & 1:
                by_cost[one.cost + one.costs[place]][one.mask | 1 << place] = one, place
    grown: list[_Growing] = []
    for cost, found in sorted(by_cost.items()):
        masks = random.sample(list(found), min(len(found), MOST_GROWING - len(grown)))
        for mask in masks:
            before, place = found[mask]
            grown.append(_Growing(mask, cost, list(map(add, before.costs, table[place]))))
        if len(grown) == MOST_GROWING:
            break
    return grown


def _table_of_costs(company: Company) -> list[list[int]]:
    """Return for any two places how often they have met, more than the pair that has met least."""
    people = len(company.people)
    lowest, highest = min(company.met), max(company.met)
    table = [[0] * people for _ in range(people)]
    numbers = iter(company.met)
    for one in range(people):
        for other in range(one + 1, people):
            met = next(numbers)
            cost = met - lowest + (TOO_OFTEN if lowest < met == highest else 0)
            table[one][other] = table[other][one] = cost
    return table
