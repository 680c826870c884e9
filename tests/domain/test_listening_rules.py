"""The listening test of the characters, against an example that was computed by hand."""

from __future__ import annotations

import pytest

from bot.domain.listening import Discrimination, Rate, Trial, discriminations


def test_sensitivity_and_interval_are_those_of_an_example_by_hand():
    # Hits (9 + 0.5) / 11 = 0.8636, z = 1.0968; false alarms (2 + 0.5) / 11 = 0.2273, z = -0.7479; d' = 1.8447.
    # Variances with the normal density at z, 0.2186 and 0.3016:
    # 0.8636 * 0.1364 / (11 * 0.2186^2) = 0.2240 and 0.2273 * 0.7727 / (11 * 0.3016^2) = 0.1755; their root is 0.6321.
    found = Discrimination(("a", "b"), Rate(9, 10), Rate(2, 10))
    assert found.hits.z == pytest.approx(1.0968, abs=1e-4)
    assert found.false_alarms.z == pytest.approx(-0.7479, abs=1e-4)
    assert found.d_prime == pytest.approx(1.8447, abs=2e-4)
    assert found.interval == pytest.approx((1.8447 - 1.96 * 0.6321, 1.8447 + 1.96 * 0.6321), abs=1e-3)


def test_perfect_and_random_listeners_have_a_finite_sensitivity():
    perfect, random = Discrimination((), Rate(10, 10), Rate(0, 10)), Discrimination((), Rate(5, 10), Rate(5, 10))
    assert perfect.d_prime == pytest.approx(2 * 1.6906, abs=1e-3), "10.5 of 11 and 0.5 of 11"
    assert random.d_prime == 0
    low, high = random.interval
    assert low == -high < 0


def test_the_false_alarms_of_a_pair_are_those_about_its_own_characters():
    trials = [Trial("a", "b", True)] * 8 + [Trial("b", "a", False)] * 2 + [Trial("a", "c", False)] * 10
    trials += [Trial("a", "a", False)] * 6 + [Trial("b", "b", True)] * 2 + [Trial("c", "c", True)] * 3
    worst, best, everything = discriminations(trials)
    assert (worst.names, worst.hits, worst.false_alarms) == (("a", "c"), Rate(0, 10), Rate(3, 9))
    assert (best.names, best.hits, best.false_alarms) == (("a", "b"), Rate(8, 10), Rate(2, 8))
    assert (everything.hits, everything.false_alarms) == (Rate(8, 20), Rate(5, 11))


def test_a_pair_of_which_neither_was_heard_twice_has_no_result():
    found = discriminations([Trial("a", "b", True), Trial("c", "c", False), Trial("c", "d", True)])
    assert [one.names for one in found] == [("c", "d"), ("a", "b", "c", "d")]
