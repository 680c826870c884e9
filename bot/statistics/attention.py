"""Whether raters listen: do they answer the same again, and do they answer as is known of reference clips?

A rater who listens answers the same again, and right, about as often as the other raters do in the median. One who does
not answers at random, or always the same: right as often as chance gives, and the same again as often as their own
answers repeat. Both are compared by the logarithm of the ratio of their likelihoods (Wald 1945, Annals of Mathematical
Statistics 16, 117-186). References count alone and together with repeats, because a rater who always answers the same
repeats everything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import log
from statistics import median
from typing import Final, NamedTuple

FEWEST_CHECKS: Final = 8
"""The fewest repeats and references together from which a rater is called careless."""

EVIDENCE: Final = log(20)
"""How much likelier carelessness must make the answers, as a logarithm: Wald's bound for one wrong alarm in 20."""


class Check(NamedTuple):
    """One hidden check: what a rater answered, and what was expected.

    That is their own earlier answer about the same clip (a repeat), or what is known of it (a reference).
    """

    rater: Hashable
    is_reference: bool
    answer: str
    expected: str


@dataclass(frozen=True, slots=True)
class Kept:
    """In how many of `checks` the answer was the expected one; `share` is None if there were none."""

    checks: int
    kept: int

    @property
    def share(self) -> float | None:
        """The share of checks in which the answer was the expected one."""
        return self.kept / self.checks if self.checks else None


@dataclass(frozen=True, slots=True)
class Attention:
    """A rater's repeats and references. `is_careless` is None if there are fewer than FEWEST_CHECKS."""

    repeats: Kept
    references: Kept
    evidence: float
    is_careless: bool | None


def attention(checks: Iterable[Check], n_options: int) -> Mapping[Hashable, Attention]:
    """Return each rater's attention. `n_options` is how many labels raters choose from, at least two."""
    of_rater: defaultdict[Hashable, list[Check]] = defaultdict(list)
    for check in checks:
        of_rater[check.rater].append(check)
    kept = {rater: tuple(_kept(found, kind) for kind in (False, True)) for rater, found in of_rater.items()}
    return {rater: _attention(rater, found, kept, n_options) for rater, found in of_rater.items()}


def _kept(checks: list[Check], is_reference: bool) -> Kept:
    of_kind = [check for check in checks if check.is_reference == is_reference]
    return Kept(len(of_kind), sum(check.answer == check.expected for check in of_kind))


def _attention(
    rater: Hashable, checks: list[Check], kept: Mapping[Hashable, tuple[Kept, ...]], n_options: int
) -> Attention:
    repeats, references = kept[rater]
    others = [found for other, found in kept.items() if other != rater]
    of_repeats = _evidence(repeats, [other[0] for other in others], _repeated_by_chance(checks, n_options))
    of_references = _evidence(references, [other[1] for other in others], 1 / n_options)
    evidence = max(of_references, of_references + of_repeats)
    is_enough = repeats.checks + references.checks >= FEWEST_CHECKS
    return Attention(repeats, references, evidence, evidence >= EVIDENCE if is_enough else None)


def _repeated_by_chance(checks: list[Check], n_options: int) -> float:
    """Return how often two answers would be the same if they were drawn from all that the rater gave."""
    given = [answer for check in checks for answer in (check.answer, check.expected) if not check.is_reference]
    shares = [times / len(given) for times in Counter(given).values()]
    return max(sum(share * share for share in shares), 1 / n_options)


def _evidence(own: Kept, others: list[Kept], chance: float) -> float:
    """Return the log of the likelihood ratio of carelessness and attention; 0 if no one else was checked."""
    shares = [(other.kept + 0.5) / (other.checks + 1) for other in others if other.checks]
    if not own.checks or not shares:
        return 0.0
    usual = median(shares)
    if usual <= chance:
        return 0.0
    missed = own.checks - own.kept
    return own.kept * log(chance / usual) + missed * log((1 - min(chance, 0.99)) / (1 - usual))
