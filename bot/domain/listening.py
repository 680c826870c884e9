"""The listening test of the characters: can listeners hear whether two clips are one character or two? Pure.

The answers are those of a yes-no task ("different?"), measured by signal detection theory: d' = z(hits) - z(false
alarms). Rates are corrected as M. J. Hautus proposes (Behavior Research Methods, Instruments, & Computers 27, 1995,
46-51: log-linear), so that rates of 0 and 1 have a d'. The interval is V. Gourevitch and E. Galanter's (Psychometrika
32, 1967, 25-33).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer about two clips: the keys of their characters, and whether the listener heard two of them."""

    one: str
    other: str
    heard_two: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """How often listeners answered "different", of how many trials."""

    times: int
    trials: int

    @property
    def share(self) -> float | None:
        """The plain share; None without trials."""
        return self.times / self.trials if self.trials else None

    @property
    def z(self) -> float:
        """The corrected share as a quantile of the normal distribution."""
        return _NORMAL.inv_cdf(self._corrected)

    @property
    def variance(self) -> float:
        """The variance of `z`."""
        share = self._corrected
        return share * (1 - share) / ((self.trials + 1) * _NORMAL.pdf(self.z) ** 2)

    @property
    def _corrected(self) -> float:
        return (self.times + 0.5) / (self.trials + 1)


@dataclass(frozen=True, slots=True)
class Discrimination:
    """How well listeners told characters apart.

    Hits are answers "different" about two characters, false alarms those about one.
    """

    names: tuple[str, ...]
    hits: Rate
    false_alarms: Rate

    @property
    def d_prime(self) -> float:
        """The sensitivity: 0 is chance."""
        return self.hits.z - self.false_alarms.z

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of d'. It holds if trials are independent of each other."""
        reach = _NORMAL.inv_cdf((1 + _CONFIDENCE) / 2) * sqrt(self.hits.variance + self.false_alarms.variance)
        return self.d_prime - reach, self.d_prime + reach


def discriminations(trials: Sequence[Trial]) -> list[Discrimination]:
    """Return the result of each pair of characters that was heard together, the worst first, then that of all trials.

    The false alarms of a pair are those about either of its characters. A pair without such trials is left out.
    """
    names = sorted({name for trial in trials for name in (trial.one, trial.other)})
    pairs = [_discrimination(pair, trials) for pair in combinations(names, 2)]
    heard = [one for one in pairs if one.hits.trials and one.false_alarms.trials]
    return [*sorted(heard, key=lambda one: one.d_prime), _discrimination(tuple(names), trials)]


def _discrimination(names: tuple[str, ...], trials: Iterable[Trial]) -> Discrimination:
    among = [trial for trial in trials if trial.one in names and trial.other in names]
    two = [trial.heard_two for trial in among if trial.one != trial.other]
    one = [trial.heard_two for trial in among if trial.one == trial.other]
    return Discrimination(names, Rate(sum(two), len(two)), Rate(sum(one), len(one)))
