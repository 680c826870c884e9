"""Sensitivity, and raters who do not listen."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.statistics.alpha import Level
from bot.statistics.attention import FEWEST_CHECKS, Check, attention
from bot.statistics.detection import Trial, sensitivities, sensitivity
from bot.statistics.repeats import Consistency, Repeat, repeat_consistency
from bot.statistics.undefined import FEWEST_TRIALS, Undefined

counts = st.integers(0, 60)
z = NormalDist().inv_cdf


def test_sensitivity_with_the_log_linear_correction() -> None:
    found = sensitivity(hits=24, misses=0, false_alarms=3, rejections=21)
    assert found.hit_rate
    assert found.false_alarm_rate
    assert (found.hit_rate.share, found.false_alarm_rate.share) == (1, 0.125)
    assert found.d_prime == pytest.approx(z(24.5 / 25) - z(3.5 / 25))
    assert found.criterion == pytest.approx(-(z(24.5 / 25) + z(3.5 / 25)) / 2)


@given(counts, counts, counts, counts)
def test_sensitivity_is_symmetrical_and_has_a_least_number_of_trials(a: int, b: int, c: int, d: int) -> None:
    found = sensitivity(hits=a, misses=b, false_alarms=c, rejections=d)
    mirrored = sensitivity(hits=d, misses=c, false_alarms=b, rejections=a)
    if min(a + b, c + d) < FEWEST_TRIALS:
        assert found.reason is Undefined.TOO_FEW_TRIALS
        assert found.d_prime is found.criterion is found.d_prime_interval is found.hit_rate is None
        return
    assert found.d_prime is not None
    assert found.criterion is not None
    assert found.d_prime_interval
    assert found.hit_rate
    assert (mirrored.d_prime, mirrored.criterion) == (pytest.approx(found.d_prime), pytest.approx(-found.criterion))
    assert found.d_prime_interval.covers(found.d_prime)
    assert found.hit_rate.interval.covers(found.hit_rate.share)


def test_each_group_of_trials_is_for_itself() -> None:
    good = [Trial(("ann", "river"), signal, signal) for signal in (True, False) for _ in range(FEWEST_TRIALS)]
    bad = [Trial(("ann", "wasp"), signal, True) for signal in (True, False) for _ in range(FEWEST_TRIALS)]
    found = sensitivities([*good, *bad])
    assert found["ann", "river"].d_prime == pytest.approx(2 * z((FEWEST_TRIALS + 0.5) / (FEWEST_TRIALS + 1)))
    assert found["ann", "wasp"].d_prime == pytest.approx(0)


def checks(rater: str, *, repeated: int, right: int, answer: str | None = None) -> list[Check]:
    """Ten repeats and ten references, of which these were answered as expected."""
    given = [answer] * 10 if answer else ["anger", "joy", "fear", "calm", "pride"] * 2
    return [
        *(Check(rater, False, one, one if number < repeated else "other") for number, one in enumerate(given)),
        *(Check(rater, True, one, one if number < right else "other") for number, one in enumerate(given)),
    ]


def test_raters_who_do_not_listen_are_found() -> None:
    listening = [check for name in ("ann", "ben", "cem") for check in checks(name, repeated=8, right=7)]
    tired = checks("tired", repeated=5, right=5)
    random = checks("random", repeated=1, right=1)
    always_joy = checks("always joy", repeated=10, right=1, answer="joy")
    found = attention([*listening, *tired, *random, *always_joy], 8)
    assert {name for name, one in found.items() if one.is_careless} == {"random", "always joy"}
    assert (found["ann"].repeats.share, found["ann"].references.share) == (0.8, 0.7)
    assert found["always joy"].repeats.share == 1


def test_few_checks_call_no_one_careless() -> None:
    listening = [check for name in ("ann", "ben", "cem") for check in checks(name, repeated=8, right=7)]
    new = checks("new", repeated=0, right=0)[: FEWEST_CHECKS - 1]
    found = attention([*listening, *new], 8)
    assert found["new"].is_careless is None
    assert found["new"].references.share is None


def test_repeats_are_compared_beyond_chance() -> None:
    varied = [Repeat("ann", number % 5, number % 5) for number in range(10)]
    shifted = [Repeat("ben", number % 5, number % 5 + (number == 4) - (number == 6)) for number in range(10)]
    usual = [Repeat("cem", 3, 3) for _ in range(9)] + [Repeat("cem", 3, 4)]
    always = [Repeat("dot", 3, 3) for _ in range(10)]
    found = repeat_consistency([*varied, *shifted, *usual, *always, Repeat("new", 1, 1)], Level.INTERVAL)
    assert found["ann"] == Consistency(10, 1, 1, None)
    assert found["ben"].same == 0.8
    assert found["ben"].agreement == pytest.approx(1 - (2 / 10) / (80 / 19), abs=0.01)
    assert found["cem"].same == 0.9
    assert found["cem"].agreement == 0
    assert found["dot"] == Consistency(10, 1, None, Undefined.NO_VARIATION)
    assert found["new"] == Consistency(1, None, None, Undefined.TOO_FEW_TURNS)
