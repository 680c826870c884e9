"""How many answers each turn can reach with the raters that there are: no one rates their own turns as a peer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rated:
    """A turn as the raters see it: who played it, who has answered as a peer."""

    performer: Hashable
    raters: Set[Hashable]


@dataclass(frozen=True, slots=True)
class Reach:
    """What is reachable. `least` is the number that every turn can reach, at most the wanted one; 0 without turns.

    `short` is how many turns cannot reach the wanted number, and `missing` how many more raters they need, who have
    played none of these turns.
    """

    wanted: int
    least: int
    short: int
    missing: int


def reach(turns: Iterable[Rated], raters: Set[Hashable], wanted: int) -> Reach:
    """Return what these raters can reach together."""
    reachable = [min(wanted, len((raters | turn.raters) - {turn.performer})) for turn in turns]
    least = min(reachable, default=0)
    short = sum(number < wanted for number in reachable)
    return Reach(wanted, least, short, wanted - least if short else 0)
