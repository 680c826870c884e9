"""One simulated evening: raters ask, answer, leave and come back, and turns are given to them in one of the ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

import numpy as np

from bot.domain.queue.checks import Given, next_check
from bot.domain.queue.leases import LEASE_SECONDS
from bot.domain.states import TrialPurpose
from bot.statistics.answers import Answer
from bot.statistics.attention import Check
from tools.simulation.raters import CLEAR_VARIANT, EMOTIONS, PERFORMERS, RATERS, VARIANTS, Rater, draw_raters
from tools.simulation.serving import SERVINGS, WANTED, Serving

TURNS: Final = 200
BUDGET: Final = TURNS * WANTED
NOISE: Final = 0.35
REFERENCES: Final = 24
"""Reference clips that all raters share. Their numbers follow those of the turns, and each is played clearly."""

LEAVES, IS_LATE = 0.01, 0.01
"""How often a rater leaves a clip without an answer, and how often they answer late: after up to two leases."""


@dataclass
class Evening:
    """What happened: the answers by turn and rater, how many had been kept at each, and the hidden checks."""

    raters: list[Rater]
    things: list[int]
    given: dict[int, dict[int, int]]
    order: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    refused: int = 0
    checks: list[Check] = field(default_factory=list[Check])
    trials: int = 0

    def first(self, count: int) -> list[Answer]:
        """Return the first answers that were kept."""
        return [Answer(turn, rater, label) for turn, rater, label in self.order[:count]]

    def labels_of(self, count: int) -> list[list[int]]:
        """Return the labels of every turn among the first answers."""
        labels: list[list[int]] = [[] for _ in range(TURNS)]
        for turn, _, label in self.order[:count]:
            labels[turn].append(label)
        return labels

    @property
    def reached(self) -> float:
        """The share of turns with the wanted number of answers."""
        return sum(len(given) >= WANTED for given in self.given.values()) / TURNS

    @property
    def waste(self) -> float:
        """The share of answers that were not wanted: more than enough, or refused."""
        more = sum(max(0, len(given) - WANTED) for given in self.given.values())
        return (more + self.refused) / (len(self.order) + self.refused)

    @property
    def most(self) -> int:
        """The most answers of a turn."""
        return max(len(given) for given in self.given.values())


def play(name: str, run: int, *, has_checks: bool = False) -> Evening:
    """Play an evening until no one can rate anything, or, at random, until there are as many answers as are wanted."""
    rng = np.random.default_rng([run, 1])
    things = rng.integers(EMOTIONS * VARIANTS, size=TURNS).tolist()
    things += (rng.integers(EMOTIONS, size=REFERENCES) * VARIANTS + CLEAR_VARIANT).tolist()
    evening = Evening(draw_raters(NOISE, rng), things, {turn: {} for turn in range(TURNS)})
    _Play(evening, SERVINGS[name](run), run, np.random.default_rng([run, 4]), has_checks).play(
        BUDGET if name == "at random" else None
    )
    return evening


@dataclass
class _Play:
    evening: Evening
    serving: Serving
    seed: int
    rng: np.random.Generator
    has_checks: bool
    histories: dict[int, list[Given[int]]] = field(default_factory=lambda: {rater: [] for rater in range(RATERS)})
    events: list[tuple[float, int, int | None]] = field(default_factory=list[tuple[float, int, int | None]])

    def play(self, budget: int | None) -> None:
        """Let everyone come, and go on while anyone asks or is to answer."""
        for rater in range(RATERS):
            heappush(self.events, (float(self.rng.uniform(0, 60)), rater, None))
        waited = dict.fromkeys(range(RATERS), 0)
        while self.events and (budget is None or len(self.evening.order) < budget):
            now, rater, turn = heappop(self.events)
            if turn is not None:
                self._answer(rater, turn, now)
            elif self._ask(rater, now):
                waited[rater] = 0
            elif waited[rater] < 3:
                # Someone may have left: their place is free after a while.
                waited[rater] += 1
                heappush(self.events, (now + LEASE_SECONDS, rater, None))

    def _ask(self, rater: int, now: float) -> bool:
        evening, history = self.evening, self.histories[rater]
        if self.has_checks and (due := next_check(history, range(TURNS, TURNS + REFERENCES), self.seed, rater)):
            self._check(rater, due)
            heappush(self.events, (now + self._seconds(rater), rater, None))
            return True
        left = [turn for turn in self._of_others(rater) if rater not in evening.given[turn]]
        turn = self.serving.give(rater, left, evening.given, now)
        if turn is None:
            return False
        chance = self.rng.random()
        if chance < LEAVES:
            heappush(self.events, (now + float(self.rng.uniform(1, 6)) * LEASE_SECONDS, rater, None))
        else:
            late = float(self.rng.uniform(0, 2)) * LEASE_SECONDS if chance < LEAVES + IS_LATE else 0.0
            heappush(self.events, (now + late + self._seconds(rater), rater, turn))
        return True

    def _answer(self, rater: int, turn: int, now: float) -> None:
        evening = self.evening
        evening.trials += 1
        if self.serving.takes(rater, turn, len(evening.given[turn]), now):
            label = evening.raters[rater].answer(evening.things[turn], self.rng)
            evening.given[turn][rater] = label
            evening.order.append((turn, rater, label))
            self.histories[rater].append(Given(turn, TrialPurpose.RATING))
        else:
            evening.refused += 1
        heappush(self.events, (now + 1.0, rater, None))

    def _check(self, rater: int, due: Given[int]) -> None:
        evening = self.evening
        evening.trials += 1
        thing = evening.things[due.turn]
        label = evening.raters[rater].answer(thing, self.rng)
        is_reference = due.purpose is TrialPurpose.REFERENCE
        expected = thing // VARIANTS if is_reference else evening.given[due.turn][rater]
        evening.checks.append(Check(rater, is_reference, str(label), str(expected)))
        self.histories[rater].append(due)

    def _of_others(self, rater: int) -> Iterator[int]:
        return (turn for turn in range(TURNS) if turn % PERFORMERS != rater)

    def _seconds(self, rater: int) -> float:
        return 10 + float(self.rng.exponential(20)) / self.evening.raters[rater].pace
