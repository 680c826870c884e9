"""What the bot's own voice state means, and holes that have one cause each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.holes import side_by_side, without
from bot.domain.own_voice import DEAF, Obstacle, OwnVoice
from bot.domain.states import HoleCause
from bot.samples import Span

HERE, ELSEWHERE = 1, 2
SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda each: Span(each[0], each[0] + each[1])), max_size=6
)


def covered(spans: list[Span]) -> set[int]:
    return {sample for span in spans for sample in range(span.start_samples, span.end_samples)}


def test_nothing_stands_between_a_bot_in_its_channel_and_the_people_there():
    assert OwnVoice(HERE).obstacles(HERE) == frozenset()


def test_a_bot_that_is_just_about_to_join_again_was_not_moved():
    assert OwnVoice(None).obstacles(HERE) == frozenset()


def test_each_thing_that_a_moderator_does_is_told_apart():
    assert OwnVoice(HERE, is_deafened=True).obstacles(HERE) == {Obstacle.DEAFENED}
    assert OwnVoice(HERE, is_muted=True).obstacles(HERE) == {Obstacle.MUTED}
    assert OwnVoice(HERE, is_suppressed=True).obstacles(HERE) == {Obstacle.SUPPRESSED}
    assert OwnVoice(HERE, lacking=("speak",)).obstacles(HERE) == {Obstacle.FORBIDDEN}
    # What it may do there says nothing about the session's channel.
    assert OwnVoice(ELSEWHERE, is_suppressed=True).obstacles(HERE) == {Obstacle.MOVED}


def test_a_muted_bot_still_hears():
    assert not OwnVoice(HERE, is_muted=True, is_suppressed=True, lacking=("speak",)).obstacles(HERE) & DEAF


@given(SPANS, SPANS)
def test_what_is_taken_is_left_out_and_nothing_else(spans: list[Span], taken: list[Span]):
    for span in spans:
        assert covered(without(span, taken)) == covered([span]) - covered(taken)


@given(SPANS, SPANS, SPANS)
def test_every_sample_that_no_one_was_heard_in_is_in_one_hole(first: list[Span], second: list[Span], taken: list[Span]):
    found = side_by_side([(HoleCause.DEAFENED, first), (HoleCause.CONNECTION, second)], taken)
    samples = [sample for _, start, end in found for sample in range(start, end)]
    assert len(samples) == len(set(samples))
    assert set(samples) == (covered(first) | covered(second)) - covered(taken)
    deafened = {sample for cause, start, end in found for sample in range(start, end) if cause is HoleCause.DEAFENED}
    assert deafened == covered(first) - covered(taken)
