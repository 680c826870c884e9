"""When a take's performers are told that it ends soon, and which notes can be sent to one of them."""

from __future__ import annotations

import pytest

from bot.domain.signals import LONGEST_SIDE_NOTE, side_note_problem, signal_after


@pytest.mark.parametrize(("limit", "after"), [(300, 270), (60, 30), (40, 10), (39.9, None), (5, None)])
def test_the_signal_comes_half_a_minute_before_the_limit_of_any_take_that_is_long_enough(
    limit: float, after: float | None
):
    assert signal_after(limit) == after


def test_a_side_note_is_short_and_says_what_it_seems_to_say():
    assert side_note_problem("Let her finish the sentence.") is None
    assert side_note_problem("x" * LONGEST_SIDE_NOTE) is None
    assert "200 characters" in (side_note_problem("x" * (LONGEST_SIDE_NOTE + 1)) or "")
    assert "1 to" in (side_note_problem("") or "")
    assert "invisible" in (side_note_problem("Go\u202eon") or "")
    assert "link" in (side_note_problem("[Go](https://example.org)") or "")
