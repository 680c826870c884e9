"""Three ways to give turns to raters: this queue, the one before it, and at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from bot.domain.queue.leases import Leases
from bot.domain.queue.order import Known, Order, may_still_answer, next_turn

WANTED: Final = 5

Given = Mapping[int, Mapping[int, int]]
"""The answers so far: by turn, each rater's label."""


class Serving(Protocol):
    """A way to give turns to raters."""

    def give(self, rater: int, left: Sequence[int], given: Given, now: float) -> int | None:
        """Return one of the turns that a rater may still rate; None if there is none for them."""
        ...

    def takes(self, rater: int, turn: int, answers: int, now: float) -> bool:
        """Whether an answer is kept, of a turn with so many answers."""
        ...


class ThisQueue:
    """The rules of `bot/domain/queue`."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._leases = Leases[int, int]()

    def give(self, rater: int, left: Sequence[int], given: Given, now: float) -> int | None:
        """Give the turn that the rules choose, and keep its place."""
        held = self._leases.held_by_others(rater, now, now)
        known = [Known(turn, tuple(given[turn].values()), held[turn]) for turn in left]
        turn = next_turn(known, WANTED, Order(self._seed, rater))
        if turn is not None:
            self._leases.give(turn, rater, now)
        return turn

    def takes(self, rater: int, turn: int, answers: int, now: float) -> bool:
        """Keep what came in time, and what came late and is not too much."""
        if not self._leases.holds(rater, turn, now):
            if not may_still_answer(answers, self._leases.held_by_others(rater, now, now)[turn], WANTED):
                return False
            self._leases.admit(turn, rater, now)
        self._leases.answered(turn, rater, now)
        return True


class EarlierQueue:
    """An order of its own for each rater, and every turn until it has the wanted number of answers."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 2])
        self._places: dict[int, Sequence[float]] = {}

    def give(self, rater: int, left: Sequence[int], given: Given, now: float) -> int | None:
        """Give the first turn in the rater's order that has too few answers."""
        places = self._places.setdefault(rater, self._rng.random(len(given)).tolist())
        few = [turn for turn in left if len(given[turn]) < WANTED]
        return min(few, key=lambda turn: places[turn], default=None)

    def takes(self, rater: int, turn: int, answers: int, now: float) -> bool:
        """Keep everything."""
        return True


class AtRandom:
    """Any turn that the rater has not rated."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 3])

    def give(self, rater: int, left: Sequence[int], given: Given, now: float) -> int | None:
        """Give any turn."""
        return left[int(self._rng.integers(len(left)))] if left else None

    def takes(self, rater: int, turn: int, answers: int, now: float) -> bool:
        """Keep everything."""
        return True


SERVINGS: Final[Mapping[str, type[ThisQueue] | type[EarlierQueue] | type[AtRandom]]] = {
    "this queue": ThisQueue,
    "the queue before": EarlierQueue,
    "at random": AtRandom,
}
