"""When a take's performers are told that it ends soon, and which side-coaching can be sent to one of them."""

from __future__ import annotations

import pytest

from bot.domain.signals import LONGEST_COACHING, coaching_problem, signal_after


@pytest.mark.parametrize(("limit", "after"), [(300, 270), (60, 30), (40, 10), (39.9, None), (5, None)])
def test_the_signal_comes_half_a_minute_before_the_limit_of_any_take_that_is_long_enough(
    limit: float, after: float | None
):
    assert signal_after(limit) == after


def test_side_coaching_is_short_and_says_what_it_seems_to_say():
    assert coaching_problem("Let her finish the sentence.") is None
    assert coaching_problem("x" * LONGEST_COACHING) is None
    assert "200 characters" in (coaching_problem("x" * (LONGEST_COACHING + 1)) or "")
    assert "1 to" in (coaching_problem("") or "")
    assert "invisible" in (coaching_problem("Go\u202eon") or "")
    assert "link" in (coaching_problem("[Go](https://example.org)") or "")
