"""Who goes on stage, and with whom: standby rotates, and partner pairs meet as evenly as possible. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bot.domain.casting.ahead import Rank, ranked, with_a_future
from bot.domain.casting.company import Company, Group, company_of, groups_of
from bot.domain.casting.types import History
from bot.domain.ids import PersonId


def choose_group(
    present: Sequence[PersonId], size: int, history: History, random: Random, prompt_id: str | None = None
) -> tuple[PersonId, ...]:
    """Return `size` of the people present (ascending), in ascending order.

    Those who were on stage least go first. Of the possible groups, one is chosen after which the counts of all pairs
    present lie closest together and can stay so in the coming scenes; of equally good ones, one that has played the
    prompt least.
    """
    company = company_of(present, history)
    _, groups = _most_even(company, size)
    if len(groups) > 1:
        groups = with_a_future(company, groups, random)
    people = [tuple(company.people[place] for place in group.places) for group in groups]
    known = [sum(history.played.get((person, prompt_id or ""), 0) for person in group) for group in people]
    least = min(known)
    return random.choice([group for group, times in zip(people, known, strict=True) if times == least])


def unevenness(present: Sequence[PersonId], size: int, history: History) -> int:
    """Return by how much more than one the counts of two pairs differ after the best group of that size."""
    (span, _), _ = _most_even(company_of(present, history), size)
    return max(span - 1, 0)


def _most_even(company: Company, size: int) -> tuple[Rank, list[Group]]:
    found = ranked(company.met, _possible(company, size))
    best = min(rank for rank, _ in found)
    return best, [group for rank, group in found if rank == best]


def _possible(company: Company, size: int) -> list[Group]:
    """Return the groups that let no one wait longer than necessary."""
    must, may = company.who_is_next(size)
    return [group for group in groups_of(len(company.people), size) if not must & ~group.mask and not group.mask & ~may]
