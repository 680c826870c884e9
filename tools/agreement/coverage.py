"""How often intervals contain the agreement and the hit rate that are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import mean

import numpy as np

from bot.statistics.alpha import Level, krippendorff_alpha
from bot.statistics.answers import find_patterns
from bot.statistics.confusion import Heard, hit_rate
from tools.agreement.raters import Raters, emotion_raters, scale_raters
from tools.agreement.rivals import rival_intervals

OURS = "this one"


@dataclass(frozen=True)
class Case:
    """How many runs, of how many turns, at a level, by raters who hear so unclearly; whether with the rivals.

    `careless` is the share of raters who answer at random in many turns. With `performers`, turns of a performer are
    alike; otherwise, every turn is for itself.
    """

    runs: int
    turns: int
    level: Level
    noise: float
    careless: float = 1 / 8
    has_rivals: bool = False
    performers: int = 0

    def raters(self, rng: np.random.Generator) -> Raters:
        """Draw raters."""
        if self.level is Level.NOMINAL:
            return emotion_raters(self.noise, self.careless, rng, has_unclear=self.performers > 0)
        return scale_raters(self.noise, self.careless, rng)


@dataclass
class Covered:
    """In how many runs each interval contains what is known, in how many there was none, and the mean of the known."""

    case: Case
    known: float = 0.0
    without: int = 0
    inside: Counter[str] = field(default_factory=Counter[str])

    def share(self, name: str = OURS) -> float:
        """Return the coverage of an interval."""
        return self.inside[name] / (self.case.runs - self.without)


def cover_alpha(case: Case) -> Covered:
    """Compare the intervals of α in all runs with the known α."""
    found, known = Covered(case), list[float]()
    for run in range(case.runs):
        rng = np.random.default_rng([run, case.turns, round(100 * case.noise), list(Level).index(case.level)])
        raters = case.raters(rng)
        answers = raters.rate_things(raters.things(case.turns, case.performers, rng), rng)
        known.append(raters.known_alpha(case.level))
        interval = krippendorff_alpha(answers, case.level).interval
        if interval is None:
            found.without += 1
            continue
        found.inside[OURS] += interval.covers(known[-1])
        if case.has_rivals:
            for name, one in rival_intervals(find_patterns(answers), case.level, rng).items():
                found.inside[name] += one.covers(known[-1])
    found.known = mean(known)
    return found


def cover_hit_rate(case: Case) -> Covered:
    """Compare the intervals of the hit rate in all runs with the known one."""
    found, known = Covered(case), list[float]()
    for run in range(case.runs):
        rng = np.random.default_rng([run, case.turns, round(100 * case.noise), 99])
        raters = case.raters(rng)
        things = raters.things(case.turns, case.performers, rng)
        answers = raters.rate_things(things, rng)
        known.append(raters.known_hit_rate())
        targets = [str(raters.targets[thing]) for thing in things]
        rate = hit_rate(Heard(unit, targets[int(str(unit))], str(value)) for unit, _, value in answers)
        assert rate
        assert rate.interval
        found.inside[OURS] += rate.interval.covers(known[-1])
    found.known = mean(known)
    return found
