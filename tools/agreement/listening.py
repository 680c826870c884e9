"""How well careless raters are found, and how often intervals contain the d′ that is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from bot.statistics.attention import Check, attention
from bot.statistics.detection import sensitivity
from bot.statistics.quantiles import normal_share

EMOTIONS = 8
A_TROUPE = 8


@dataclass(frozen=True)
class Found:
    """Careless raters that were found, attentive ones that were called careless, and careless ones that were not.

    Careless ones answer at random in a share of the clips from `least` on.
    """

    checks: int
    least: float
    found: int
    wrongly: int
    missed: int

    @property
    def precision(self) -> float:
        """Which share of the raters who were called careless are."""
        return self.found / max(self.found + self.wrongly, 1)

    @property
    def recall(self) -> float:
        """Which share of the careless raters were found."""
        return self.found / max(self.found + self.missed, 1)


def find_careless(troupes: int, checks: int, least: float) -> Found:
    """Look for careless raters in troupes, with so many repeats and as many references for every rater."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for number in range(troupes):
        rng = np.random.default_rng([number, checks])
        careless = (rng.random(A_TROUPE) < 0.2).tolist()
        leasts = [least if is_careless else None for is_careless in careless]
        made = [check for rater, one in enumerate(leasts) for check in _checks(rater, one, checks, rng)]
        for rater, found in attention(made, EMOTIONS).items():
            counts[careless[int(str(rater))], bool(found.is_careless)] += 1
    return Found(checks, least, counts[True, True], counts[False, True], counts[True, False])


def _checks(rater: int, least: float | None, count: int, rng: np.random.Generator) -> list[Check]:
    """Draw one rater's checks.

    Attentive raters hear 60 to 90 % of the clips clearly, and are careless in up to 5 % of their answers. Careless ones
    are from `least` on; one in four of them then always gives the same answer.
    """
    clear = rng.uniform(0.6, 0.9)
    random = rng.uniform(0, 0.05) if least is None else rng.uniform(least, least + 0.2)
    always = int(rng.integers(EMOTIONS)) if least is not None and rng.random() < 0.25 else None

    def answer(emotion: int) -> str:
        if always is not None and rng.random() < random:
            return str(always)
        is_heard = rng.random() > random and rng.random() < clear
        return str(emotion if is_heard else rng.integers(EMOTIONS))

    heard = [int(emotion) for emotion in rng.integers(EMOTIONS, size=2 * count)]
    repeats = [Check(rater, False, answer(emotion), answer(emotion)) for emotion in heard[:count]]
    return [*repeats, *(Check(rater, True, answer(emotion), str(emotion)) for emotion in heard[count:])]


@dataclass(frozen=True)
class Recovered:
    """In which share of runs the intervals contain d′ and criterion that are known, and d′ as found in the mean."""

    d_prime: float
    criterion: float
    trials: int
    d_prime_inside: float
    criterion_inside: float
    mean: float


def recover(runs: int, d_prime: float, criterion: float, trials: int) -> Recovered:
    """Draw trials of a rater with this sensitivity, so many with a signal and so many without, in every run."""
    rng = np.random.default_rng([round(100 * d_prime), round(100 * criterion + 100), trials])
    hits = rng.binomial(trials, normal_share(d_prime / 2 - criterion), size=runs)
    alarms = rng.binomial(trials, normal_share(-d_prime / 2 - criterion), size=runs)
    inside, aside, total = 0, 0, 0.0
    for hit, alarm in zip(hits.tolist(), alarms.tolist(), strict=True):
        found = sensitivity(hits=hit, misses=trials - hit, false_alarms=alarm, rejections=trials - alarm)
        assert found.d_prime_interval
        assert found.criterion_interval
        inside += found.d_prime_interval.covers(d_prime)
        aside += found.criterion_interval.covers(criterion)
        total += found.d_prime or 0.0
    return Recovered(d_prime, criterion, trials, inside / runs, aside / runs, total / runs)
