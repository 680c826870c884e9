"""Which turn a rater gets next, by what is known of all turns so far. Targets, performers and takes have no part in it.

Turns with the fewest answers come first, until each has the least number; then those whose label is most in doubt,
until each has the wanted number. Among equals, the order is random, another one for each rater, and can be computed
again from the session's seed, which is stored.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Generic, TypeVar

from bot.domain.queue.doubt import doubt

Turn = TypeVar("Turn", bound=Hashable)

LEAST_ANSWERS: Final = 3
"""How many answers every turn gets before any gets more: with fewer, there is no consensus."""

ONE_MORE: Final = 1
"""By how many answers a turn may exceed the wanted number: for a rater who answers after their place was given on."""


@dataclass(frozen=True, slots=True)
class Known(Generic[Turn]):
    """A turn of another performer that a rater has not rated: the labels so far, and the places that others hold."""

    turn: Turn
    labels: Sequence[Hashable]
    held: int = 0

    @property
    def taken(self) -> int:
        """How many answers there are, and how many may come from raters who hold a place."""
        return len(self.labels) + self.held


@dataclass(frozen=True, slots=True)
class Order:
    """The order of turns for one rater: a number from 0 to 1 for each, drawn from the seed of the session."""

    seed: int
    rater: Hashable

    def place(self, turn: Hashable) -> float:
        """Return where a turn comes."""
        drawn = blake2b(f"{self.seed}/{self.rater}/{turn}".encode(), digest_size=8)
        return int.from_bytes(drawn.digest()) / 2**64


def open_to(turns: Iterable[Known[Turn]], wanted: int) -> list[Known[Turn]]:
    """Return the turns that still have a place to give."""
    return [known for known in turns if known.taken < wanted]


def next_turn(turns: Iterable[Known[Turn]], wanted: int, order: Order) -> Turn | None:
    """Return the turn to give next; None if none has a place."""
    found = open_to(turns, wanted)
    if not found:
        return None
    ranks = [_rank(known, min(LEAST_ANSWERS, wanted)) for known in found]
    first = min(ranks)
    equals = [known.turn for known, rank in zip(found, ranks, strict=True) if rank == first]
    return min(equals, key=order.place)


def may_still_answer(answers: int, held: int, wanted: int) -> bool:
    """Whether an answer is taken from someone who holds no place any more, with so many answers and held places."""
    return answers + held < wanted + ONE_MORE


def _rank(known: Known[Turn], least: int) -> tuple[int, float]:
    if known.taken < least:
        return known.taken, 0.0
    return least, -doubt(known.labels)
