"""Raters' answers, and how often each pattern of answers occurs: most statistics need no more than that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Value = str | int | float
Floats = NDArray[np.float64]


class Answer(NamedTuple):
    """What one rater answered about one unit (a turn): a category, or a number on a scale. No answer, no triple."""

    unit: Hashable
    rater: Hashable
    value: Value


@dataclass(frozen=True, slots=True)
class Patterns:
    """The answers of all units with two answers or more, without saying who gave them.

    `values` (C) are the values that occur, ascending. `counts` (P × C) has one row per different pattern: how many
    raters gave each value; `times` (P) how many units have it. Rows are sorted, so that the order of the answers and
    the names of units do not matter. `raters` counts those who gave one of these answers.
    """

    values: tuple[Value, ...]
    counts: Floats
    times: Floats
    raters: int

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.times.sum())

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return int((self.times @ self.counts).sum()) if self.units else 0


def by_unit(answers: Iterable[Answer]) -> Mapping[Hashable, Mapping[Hashable, Value]]:
    """Return each unit's answers by rater. Raises ValueError if a rater answered about a unit twice."""
    found: defaultdict[Hashable, dict[Hashable, Value]] = defaultdict(dict)
    for unit, rater, value in answers:
        if rater in found[unit]:
            raise ValueError(f"A rater answered twice about {unit!r}: use one of the answers.")
        found[unit][rater] = value
    return found


def find_patterns(answers: Iterable[Answer]) -> Patterns:
    """Count the patterns of answers. Raises ValueError if a rater answered about a unit twice."""
    paired = [given for given in by_unit(answers).values() if len(given) > 1]
    values = sorted({value for given in paired for value in given.values()})  # type: ignore[type-var] - of one kind
    place = {value: number for number, value in enumerate(values)}
    counts = np.zeros((len(paired), len(values)), np.int32)
    for row, given in enumerate(paired):
        for value in given.values():
            counts[row, place[value]] += 1
    distinct, times = np.unique(counts, axis=0, return_counts=True)
    raters = {rater for given in paired for rater in given}
    return Patterns(tuple(values), distinct.astype(np.float64), times.astype(np.float64), len(raters))
