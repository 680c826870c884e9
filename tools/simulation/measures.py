"""What is found in simulated evenings: figures of one run each, and their means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.domain.queue.breaks import offers_break
from bot.domain.queue.doubt import doubt
from bot.domain.queue.order import LEAST_ANSWERS
from bot.statistics.alpha import Level, krippendorff_alpha
from bot.statistics.attention import attention
from tools.simulation.evening import BUDGET, Evening, play
from tools.simulation.raters import EMOTIONS, RATERS, known_alpha

PARTS: Final = (0.6, 0.8, 1.0)
"""Shares of the budget at which the evenings are looked at."""


@dataclass(frozen=True)
class Part:
    """At a share of the budget: the mean width per turn, the share of turns with too few answers, and α."""

    width: float
    too_few: float
    known: float
    is_covered: bool


@dataclass(frozen=True)
class Served:
    """How turns were served in one run."""

    reached: float
    waste: float
    most: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Checked:
    """How careless raters were found in one run, how many checks and trials there were, and offers of a break."""

    counts: Counter[tuple[bool, bool]]
    checks: int
    trials: int
    offers: Counter[bool]


def serve(order: tuple[str, int]) -> Served:
    """Play a run in one of the ways, and look at it."""
    name, run = order
    evening = play(name, run)
    return Served(evening.reached, evening.waste, evening.most, tuple(_part(evening, share) for share in PARTS))


def _part(evening: Evening, share: float) -> Part:
    count = round(share * BUDGET) if share < 1 else len(evening.order)
    labels = evening.labels_of(count)
    answers = evening.first(count)
    known, found = known_alpha(evening.raters, answers), krippendorff_alpha(answers, Level.NOMINAL).interval
    return Part(
        float(np.mean([doubt(of_turn) for of_turn in labels])),
        sum(len(of_turn) < LEAST_ANSWERS for of_turn in labels) / len(labels),
        known,
        found is not None and found.covers(known),
    )


def check(run: int) -> Checked:
    """Play a run with hidden checks, and look for careless raters."""
    evening = play("this queue", run, has_checks=True)
    counts = Counter[tuple[bool, bool]]()
    for rater, found in attention(evening.checks, EMOTIONS).items():
        counts[evening.raters[int(str(rater))].is_careless, bool(found.is_careless)] += 1
    offers = Counter[bool]()
    for rater in range(RATERS):
        kept = [one.answer == one.expected for one in evening.checks if one.rater == rater and not one.is_reference]
        if not evening.raters[rater].is_careless:
            offers[any(offers_break(kept[: number + 1]) for number in range(len(kept)))] += 1
    return Checked(counts, len(evening.checks), evening.trials, offers)


def tire(runs: int, before: int, after: int) -> tuple[float, float]:
    """Return the shares of raters who are offered a break before and after they tire.

    They keep 80 % of their answers in the repeats before, and 30 % in those after.
    """
    rng = np.random.default_rng(5)
    early, late = 0, 0
    for _ in range(runs):
        kept = [*(rng.random(before) < 0.8).tolist(), *(rng.random(after) < 0.3).tolist()]
        offered = [number for number in range(1, len(kept) + 1) if offers_break(kept[:number])]
        early += any(number <= before for number in offered)
        late += any(number > before for number in offered)
    return early / runs, late / runs
