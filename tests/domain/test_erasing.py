"""The plan of an erasure, and names in texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.erasing import AT_ONCE, ERASED, IN_PEACE, ErasureStep, steps_left, without_names

WORDS = st.text("abcdefgh", min_size=1, max_size=6)


def test_every_order_of_deaths_does_every_step_once_more_at_most():
    assert steps_left(None) == tuple(ErasureStep)
    for number, step in enumerate(ErasureStep):
        assert steps_left(step) == tuple(ErasureStep)[number + 1 :]


def test_the_link_is_cut_when_nothing_needs_it_and_traces_of_it_go_last():
    steps = list(ErasureStep)
    assert steps[-2:] == [ErasureStep.ACCOUNT, ErasureStep.PAGES]
    assert steps.index(ErasureStep.SOUND) < steps.index(ErasureStep.ROWS), "the rows say where the files are"
    assert set(steps[: len(AT_ONCE)]) == AT_ONCE
    assert {steps[-1]} == IN_PEACE


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
def test_a_name_goes_wherever_it_is_a_word_and_nothing_else_does(words: list[str], data: st.DataObject):
    name = data.draw(st.sampled_from(words))
    shown = [word.upper() if data.draw(st.booleans()) else word for word in words]
    cleared = without_names(" ".join(shown), [name, ""]).split(" ")
    assert cleared == [ERASED if word.lower() == name else word for word in shown]


def test_a_name_within_a_word_is_not_theirs():
    assert without_names("Al, also AL and Sal: al's", ["al"]) == f"{ERASED}, also {ERASED} and Sal: {ERASED}'s"
    assert without_names("Ann-Marie K. spoke", ["Ann-Marie K.", "Ann"]) == f"{ERASED} spoke"
    assert without_names("unchanged", []) == "unchanged"
