"""Agreement: the published examples, and what must always hold. tests/long compares α with another package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statistics.alpha import Level, alpha_of, alphas_without, krippendorff_alpha
from bot.statistics.answers import Answer, find_patterns
from bot.statistics.intraclass import intraclass
from bot.statistics.kappa import fleiss_kappa
from bot.statistics.rest import agreement_with_the_rest
from bot.statistics.undefined import FEWEST_OF_RATER, FEWEST_TURNS, Undefined

FIXTURES = Path(__file__).parent / "fixtures"


def published(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))


def by_rater(rows: list[list[int | None]]) -> list[Answer]:
    """The answers of a table with a row per rater."""
    return [
        Answer(unit, rater, value)
        for rater, row in enumerate(rows)
        for unit, value in enumerate(row)
        if value is not None
    ]


answers = st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 4)), st.integers(1, 5), max_size=40).map(
    lambda table: [Answer(unit, rater, value) for (unit, rater), value in table.items()]
)
levels = st.sampled_from(Level)


@pytest.mark.parametrize("level", Level)
def test_krippendorffs_example(level: Level) -> None:
    example = published("krippendorff_2011")
    found = krippendorff_alpha(by_rater(example["data"]), level)
    assert found.alpha == pytest.approx(example["expected_published"][level], abs=example["tolerance"])
    assert found.alpha == pytest.approx(example["expected_recomputed"][level], abs=5e-7)
    assert (found.units, found.raters, found.answers) == (11, 4, 40)


@pytest.mark.parametrize("name", ["fleiss_1971", "fleiss_14raters"])
def test_fleiss_examples(name: str) -> None:
    example = published(name)
    rows = example.get("ratings") or [
        [label for label, times in enumerate(row) for _ in range(times)] for row in example["counts"]
    ]
    found = fleiss_kappa(Answer(unit, rater, label) for unit, row in enumerate(rows) for rater, label in enumerate(row))
    expected, near = example["expected_published"], example["tolerance"]
    assert found.kappa == pytest.approx(expected["kappa"], abs=near)
    assert found.observed == pytest.approx(expected["p_observed"], abs=near)
    assert found.expected == pytest.approx(expected["p_expected"], abs=near)


def test_the_example_of_shrout_and_fleiss() -> None:
    example = published("shrout_fleiss_1979")
    found = intraclass(by_rater(list(map(list, zip(*example["data"], strict=True)))))
    for number, case in enumerate((found.any_raters, found.sampled_raters, found.these_raters), 1):
        assert case
        for kind, value in ((1, case.single), (4, case.mean)):
            name = f"ICC({number},{kind})"
            assert value == pytest.approx(example["expected_published"][name], abs=example["tolerance_published"])
            assert value == pytest.approx(example["expected_recomputed"][name], abs=example["tolerance"])


@given(answers, levels)
@settings(max_examples=25)
def test_leaving_out_a_unit_is_what_it_says(known: list[Answer], level: Level) -> None:
    patterns = find_patterns(known)
    found = alphas_without(patterns, level) if patterns.units else []
    for number, without in enumerate(found):
        times = patterns.times - (np.arange(len(patterns.times)) == number)
        left = type(patterns)(patterns.values, patterns.counts, times, patterns.raters)
        if np.count_nonzero(times @ patterns.counts) > 1:
            assert without == pytest.approx(float(alpha_of(left, level, times @ patterns.counts)))


@given(answers, levels, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_names_and_order_do_not_matter(known: list[Answer], level: Level, random: Any) -> None:
    other = [Answer(f"unit {9 - unit}", f"rater {rater * 7 % 5}", value) for unit, rater, value in known]  # type: ignore[operator]
    random.shuffle(other)
    assert krippendorff_alpha(other, level) == krippendorff_alpha(known, level)


@given(st.integers(0, 2**32), levels)
@settings(max_examples=10)
def test_raters_weighted_by_their_answers_agree_as_alpha_says(seed: int, level: Level) -> None:
    rng = np.random.default_rng(seed)
    known = [Answer(unit, rater, int(rng.integers(1, 6))) for unit in range(FEWEST_OF_RATER) for rater in range(4)]
    known = [answer for answer in known if answer.rater or int(answer.unit) % 2]  # type: ignore[call-overload]
    found = agreement_with_the_rest(known, level)
    assert {rater: one.units for rater, one in found.items()} == {0: 5, 1: 10, 2: 10, 3: 10}
    assert found[0].reason is Undefined.TOO_FEW_TURNS
    full = [Answer(unit + 10 * again, rater, value) for again in (0, 1) for unit, rater, value in known]  # type: ignore[operator]
    found = agreement_with_the_rest(full, level)
    total = sum(one.units for one in found.values())
    mean = sum(one.units * one.agreement for one in found.values() if one.agreement is not None) / total
    assert mean == pytest.approx(krippendorff_alpha(full, level).alpha)


def test_what_is_undefined_says_why() -> None:
    def alpha(*table: list[int | None]) -> tuple[object, object]:
        found = krippendorff_alpha(by_rater(list(table)), Level.NOMINAL)
        return found.alpha, found.reason

    assert alpha([]) == (None, Undefined.NO_ANSWERS)
    assert alpha([1, 2, None], [None, None, 3]) == (None, Undefined.NO_PAIRS)
    assert alpha([4, 4], [4, 4]) == (None, Undefined.NO_VARIATION)
    assert fleiss_kappa(by_rater([[1, 2], [1, None]])).reason is Undefined.UNEQUAL_RATERS
    assert fleiss_kappa(by_rater([[1, 2]])).reason is Undefined.NO_PAIRS
    assert fleiss_kappa(by_rater([[1, 1], [1, 1]])).reason is Undefined.NO_VARIATION
    assert intraclass(by_rater([[1, 2], [1, None]])).reason is Undefined.UNEQUAL_RATERS
    with pytest.raises(ValueError, match="answered twice"):
        krippendorff_alpha([Answer(1, 1, 1), Answer(1, 1, 2)], Level.NOMINAL)


def test_no_interval_is_shown_under_fifty_turns_or_without_disagreement() -> None:
    one, other = [number % 3 for number in range(FEWEST_TURNS)], [number % 4 for number in range(FEWEST_TURNS)]
    enough = krippendorff_alpha(by_rater([one, other]), Level.INTERVAL)  # type: ignore[list-item]
    assert enough.interval
    assert enough.alpha is not None
    assert enough.interval.low < enough.alpha < enough.interval.high < 1
    few = krippendorff_alpha(by_rater([one[1:], other[1:]]), Level.INTERVAL)  # type: ignore[list-item]
    assert (few.interval, few.interval_reason, few.reason) == (None, Undefined.TOO_FEW_TURNS, None)
    same = krippendorff_alpha(by_rater([one, one]), Level.NOMINAL)  # type: ignore[list-item]
    assert (same.alpha, same.interval, same.interval_reason) == (1, None, Undefined.NO_DISAGREEMENT)
