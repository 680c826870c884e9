"""Consensus, weighted means and hit rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.statistics.answers import Answer, Value
from bot.statistics.confusion import Heard, confusion, hit_rate, hit_rates
from bot.statistics.consensus import NO_AGREEMENT, agree_on_label, agree_on_scale
from bot.statistics.undefined import FEWEST_OF_RATER, FEWEST_TURNS, Undefined
from bot.statistics.weighting import evaluator_weights, weighted_mean

LABELS = st.lists(st.sampled_from(["anger", "joy", "fear"]), max_size=9)


@given(LABELS)
def test_three_raters_make_a_consensus_and_fewer_do_not(labels: list[str]) -> None:
    found = agree_on_label(labels)
    if len(labels) < 3:
        assert (found.label, found.agreement, found.shares) == (None, None, None)
        assert found.reason is (Undefined.TOO_FEW_RATERS if labels else Undefined.NO_ANSWERS)
    else:
        assert found.shares is not None
        assert sum(found.shares.values()) == pytest.approx(1)
        assert {label: round(share * len(labels)) for label, share in found.shares.items()} == Counter(labels)
        assert found.agreement == max(found.shares.values())
        assert found.label == NO_AGREEMENT or found.shares[str(found.label)] > 0.5


def test_a_mean_has_a_deviation_from_three_answers_on() -> None:
    found = agree_on_scale([1, 2, 5, 4])
    assert (found.mean, found.deviation) == (3, pytest.approx((10 / 3) ** 0.5))
    assert agree_on_scale([1, 2]) == type(found)(2, None, None, Undefined.TOO_FEW_RATERS)


def test_raters_weigh_as_much_as_they_follow_the_others() -> None:
    truth = [unit % 5 + 1 for unit in range(20)]
    answers = [Answer(unit, rater, value) for unit, value in enumerate(truth) for rater in ("ann", "ben", "cem", "dot")]
    answers += [Answer(unit, "contrary", 6 - value) for unit, value in enumerate(truth)]
    answers += [Answer(unit, "constant", 3) for unit in range(20)]
    answers += [Answer(unit, "new", 1) for unit in range(FEWEST_OF_RATER - 1)]
    weights = evaluator_weights(answers)
    assert weights["contrary"] == 0
    assert weights["constant"] is weights["new"] is None
    assert all(weights[name] == pytest.approx(weights["ann"]) and weights[name] for name in ("ben", "cem", "dot"))
    given: dict[Hashable, Value] = {"ann": 5, "ben": 5, "cem": 4, "contrary": 1, "constant": 3, "new": 1}
    found = weighted_mean(given, weights)
    assert (found.n_raters, found.mean) == (3, pytest.approx(14 / 3))
    assert weighted_mean({"ann": 5, "ben": 5, "new": 1}, weights).reason is Undefined.TOO_FEW_WEIGHTS
    assert weighted_mean({"ann": 5}, weights).reason is Undefined.TOO_FEW_RATERS


def test_a_label_that_raters_like_gains_no_unbiased_hits() -> None:
    heard = [Heard(unit, target, "joy") for unit, target in enumerate(("joy", "anger") * 4)]
    assert confusion(heard) == {("joy", "joy"): 4, ("anger", "joy"): 4}
    rates = hit_rates(heard)
    assert (rates["joy"].rate, rates["joy"].unbiased) == (1, 0.5)
    assert (rates["anger"].rate, rates["anger"].unbiased) == (0, 0)
    everything = hit_rate(heard)
    assert everything
    assert (everything.rate, everything.unbiased, everything.interval_reason) == (0.5, None, Undefined.TOO_FEW_TURNS)
    assert hit_rate([]) is None


def test_answers_about_the_same_turn_are_not_independent() -> None:
    """If all raters of a turn hear the same, more raters tell nothing more: only turns do."""

    def width(raters: int, *, is_alike: bool) -> float:
        heard = [
            Heard(unit, "joy", "joy" if (unit if is_alike else unit + rater) % 2 else "fear")
            for unit in range(2 * FEWEST_TURNS)
            for rater in range(raters)
        ]
        interval = hit_rates(heard)["joy"].interval
        assert interval
        return interval.high - interval.low

    assert width(6, is_alike=True) == pytest.approx(width(1, is_alike=True), rel=0.01)
    assert width(6, is_alike=False) < width(1, is_alike=False) / 2
