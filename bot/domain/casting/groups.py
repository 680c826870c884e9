"""Who goes on stage, and with whom: standby rotates, and partner pairs meet as evenly as possible. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb
from random import Random

from bot.domain.casting.ahead import MOST_GROUPS, Rank, ranked, with_a_future
from bot.domain.casting.allowed import MayPlay
from bot.domain.casting.company import Company, Group, group_at, groups_of, places_of
from bot.domain.casting.crowd import groups_found
from bot.domain.casting.types import History
from bot.domain.ids import PersonId


def choose_group(
    company: Company,
    size: int,
    history: History,
    random: Random,
    prompt_id: str | None = None,
    may_play: MayPlay = lambda _: True,
) -> tuple[PersonId, ...]:
    """Return `size` of the people present, in ascending order; no one if no group that `may_play` is found.

    Those who were on stage least go first. Of the possible groups, one is chosen after which the counts of all pairs
    present lie closest together and can stay so in the coming scenes; of equally good ones, one that has played the
    prompt least. If none of those who go first may play together, others do.
    """
    groups = _possible(company, size, random, may_play)
    if not groups:
        return ()
    _, groups = _most_even(company, groups)
    if len(groups) > 1:
        groups = with_a_future(company, groups, random)
    people = [_people(company, group) for group in groups]
    known = [sum(history.played.get((person, prompt_id or ""), 0) for person in group) for group in people]
    least = min(known)
    return random.choice([group for group, times in zip(people, known, strict=True) if times == least])


def unevenness(company: Company, size: int, random: Random) -> int:
    """Return by how much more than one the counts of two pairs differ after the best group of that size."""
    (span, _), _ = _most_even(company, _possible(company, size, random))
    return max(span - 1, 0)


def _most_even(company: Company, groups: Sequence[Group]) -> tuple[Rank, list[Group]]:
    found = ranked(company.met, groups)
    best = min(rank for rank, _ in found)
    return best, [group for rank, group in found if rank == best]


def _possible(company: Company, size: int, random: Random, may_play: MayPlay = lambda _: True) -> list[Group]:
    """Return the groups that may play, and let no one wait longer than necessary; if there are none, any that may."""
    found = [group for group in _in_turn(company, size, random) if may_play(_people(company, group))]
    people = len(company.people)
    if found or comb(people, size) > MOST_GROUPS:
        return found
    return [group for group in groups_of(people, size) if may_play(_people(company, group))]


def _people(company: Company, group: Group) -> tuple[PersonId, ...]:
    return tuple(company.people[place] for place in group.places)


def _in_turn(company: Company, size: int, random: Random) -> list[Group]:
    """Return the groups that let no one wait longer than necessary: all, or good ones if there are too many."""
    people = len(company.people)
    must, may = company.who_is_next(size)
    if comb(people, size) <= MOST_GROUPS:
        return [group for group in groups_of(people, size) if not must & ~group.mask and not group.mask & ~may]
    others, places_left = places_of(may & ~must), size - must.bit_count()
    if comb(len(others), places_left) > MOST_GROUPS:
        return groups_found(company, size, random)
    return [group_at(people, sorted((*places_of(must), *some))) for some in combinations(others, places_left)]
