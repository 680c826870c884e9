"""Who goes on stage, and with whom: standby rotates, and partner pairs meet as evenly as possible. Pure."""

from __future__ import annotations

from itertools import combinations
from math import comb
from random import Random

from bot.domain.casting.ahead import MOST_GROUPS, Rank, ranked, with_a_future
from bot.domain.casting.company import Company, Group, group_at, groups_of, places_of
from bot.domain.casting.crowd import groups_found
from bot.domain.casting.types import History
from bot.domain.ids import PersonId


def choose_group(
    company: Company, size: int, history: History, random: Random, prompt_id: str | None = None
) -> tuple[PersonId, ...]:
    """Return `size` of the people present, in ascending order.

    Those who were on stage least go first. Of the possible groups, one is chosen after which the counts of all pairs
    present lie closest together and can stay so in the coming scenes; of equally good ones, one that has played the
    prompt least.
    """
    _, groups = _most_even(company, size, random)
    if len(groups) > 1:
        groups = with_a_future(company, groups, random)
    people = [tuple(company.people[place] for place in group.places) for group in groups]
    known = [sum(history.played.get((person, prompt_id or ""), 0) for person in group) for group in people]
    least = min(known)
    return random.choice([group for group, times in zip(people, known, strict=True) if times == least])


def unevenness(company: Company, size: int, random: Random) -> int:
    """Return by how much more than one the counts of two pairs differ after the best group of that size."""
    (span, _), _ = _most_even(company, size, random)
    return max(span - 1, 0)


def _most_even(company: Company, size: int, random: Random) -> tuple[Rank, list[Group]]:
    found = ranked(company.met, _possible(company, size, random))
    best = min(rank for rank, _ in found)
    return best, [group for rank, group in found if rank == best]


def _possible(company: Company, size: int, random: Random) -> list[Group]:
    """Return the groups that let no one wait longer than necessary: all, or good ones if there are too many."""
    people = len(company.people)
    must, may = company.who_is_next(size)
    if comb(people, size) <= MOST_GROUPS:
        return [group for group in groups_of(people, size) if not must & ~group.mask and not group.mask & ~may]
    others, places_left = places_of(may & ~must), size - must.bit_count()
    if comb(len(others), places_left) > MOST_GROUPS:
        return groups_found(company, size, random)
    return [group_at(people, sorted((*places_of(must), *some))) for some in combinations(others, places_left)]
