"""How far one rater agrees with the others, on the same footing as α.

A rater's coefficient is one minus the mean difference of their answers from the others' answers about the same turns,
over the difference that chance would give (that of α over everyone). The mean of all raters' coefficients, weighted by
their answers, is α itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from bot.statistics.alpha import Level
from bot.statistics.answers import Answer, Value, by_unit
from bot.statistics.undefined import FEWEST_OF_RATER, Undefined


@dataclass(frozen=True, slots=True)
class WithTheRest:
    """A rater's agreement with the others in the `units` turns that both answered about; None for `reason`.

    `shift` is by how much the rater's answers lie above the mean of the others; None for categories, too.
    """

    units: int
    agreement: float | None
    shift: float | None
    reason: Undefined | None


def agreement_with_the_rest(answers: Iterable[Answer], level: Level) -> Mapping[Hashable, WithTheRest]:
    """Return every rater's agreement with the others."""
    paired = [given for given in by_unit(answers).values() if len(given) > 1]
    scores = _scores(Counter(value for given in paired for value in given.values()), level)
    chance = _chance(scores)
    differences: defaultdict[Hashable, list[tuple[float, float | None]]] = defaultdict(list)
    for given in paired:
        for rater, value in given.items():
            others = [other for name, other in given.items() if name != rater]
            difference = sum(scores.difference(value, other) for other in others) / len(others)
            differences[rater].append((difference, _shift(value, others, level)))
    return {rater: _with_the_rest(found, chance) for rater, found in differences.items()}


@dataclass(frozen=True, slots=True)
class _Scores:
    """How often each value was given, and the number that stands for it; None if values only differ or not."""

    totals: Counter[Value]
    number: Mapping[Value, float] | None

    def difference(self, one: Value, other: Value) -> float:
        if self.number is None:
            return float(one != other)
        return (self.number[one] - self.number[other]) ** 2


def _scores(totals: Counter[Value], level: Level) -> _Scores:
    match level:
        case Level.NOMINAL:
            return _Scores(totals, None)
        case Level.ORDINAL:
            values = sorted(totals)  # type: ignore[type-var] - of one kind
            ends = accumulate(totals[value] for value in values)
            return _Scores(totals, {value: end - totals[value] / 2 for value, end in zip(values, ends, strict=True)})
        case Level.INTERVAL:
            return _Scores(totals, {value: float(value) for value in totals})


def _chance(scores: _Scores) -> float:
    """Return the mean difference of two answers drawn from all; 0 if they do not vary."""
    count = sum(scores.totals.values())
    pairs = sum(
        times * others * scores.difference(one, other)
        for one, times in scores.totals.items()
        for other, others in scores.totals.items()
    )
    return pairs / (count * (count - 1)) if count > 1 else 0.0


def _shift(value: Value, others: list[Value], level: Level) -> float | None:
    return None if level is Level.NOMINAL else float(value) - sum(map(float, others)) / len(others)


def _with_the_rest(found: list[tuple[float, float | None]], chance: float) -> WithTheRest:
    units = len(found)
    if units < FEWEST_OF_RATER:
        return WithTheRest(units, None, None, Undefined.TOO_FEW_TURNS)
    shifts = [shift for _, shift in found if shift is not None]
    shift = sum(shifts) / units if shifts else None
    if not chance:
        return WithTheRest(units, None, shift, Undefined.NO_VARIATION)
    return WithTheRest(units, 1 - sum(difference for difference, _ in found) / units / chance, shift, None)
