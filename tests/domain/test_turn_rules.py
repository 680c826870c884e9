from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cues import CueTimes
from bot.domain.states import FoundBy
from bot.domain.turns import (
    LONGEST_SAMPLES,
    MARGIN_SAMPLES,
    PAUSE_SAMPLES,
    SHORTEST_SAMPLES,
    FoundTurn,
    Part,
    choose_for_rating,
    find_turns,
    without,
)
from bot.samples import Span

SECOND = 48_000
HOUR = 3600 * SECOND
gaps_and_lengths = st.lists(st.tuples(st.integers(1, 3 * SECOND), st.integers(960, 40 * SECOND)), max_size=20)


def parts_from(gaps: list[tuple[int, int]]) -> list[Part]:
    parts: list[Part] = []
    position = 0
    for gap, length in gaps:
        parts.append(Part(Span(position + gap, position + gap + length), FoundBy.VOICE))
        position += gap + length
    return parts


def part(start: float, end: float, found_by: FoundBy = FoundBy.VOICE) -> Part:
    return Part(Span(round(start * SECOND), round(end * SECOND)), found_by)


def turn(start: float, end: float) -> FoundTurn:
    span = Span(round(start * SECOND), round(end * SECOND))
    return FoundTurn(span, span, FoundBy.VOICE)


def bounds(turns: list[FoundTurn]) -> list[tuple[float, float]]:
    return [(one.speech.start_samples / SECOND, one.speech.end_samples / SECOND) for one in turns]


@given(gaps_and_lengths)
def test_turns_hold_all_speech_in_order_without_overlap_and_none_is_too_long(gaps: list[tuple[int, int]]):
    parts = parts_from(gaps)
    turns = find_turns(parts, HOUR)
    assert all(before.clip.end_samples <= after.clip.start_samples for before, after in pairwise(turns))
    assert all(0 < one.speech.duration_samples <= LONGEST_SAMPLES for one in turns)
    for one in turns:
        assert 0 <= one.speech.start_samples - one.clip.start_samples <= MARGIN_SAMPLES
        assert 0 <= one.clip.end_samples - one.speech.end_samples <= MARGIN_SAMPLES
    for start, end in ((one.span.start_samples, one.span.end_samples) for one in parts):
        held = [(max(start, one.speech.start_samples), min(end, one.speech.end_samples)) for one in turns]
        assert sum(max(0, last - first) for first, last in held) == end - start


@given(gaps_and_lengths)
def test_a_turn_is_divided_inside_a_part_only_if_the_part_alone_is_too_long(gaps: list[tuple[int, int]]):
    parts = parts_from(gaps)
    ends = {edge for one in parts for edge in (one.span.start_samples, one.span.end_samples)}
    for one in find_turns(parts, HOUR):
        for edge in (one.speech.start_samples, one.speech.end_samples):
            if edge not in ends:
                [cut] = [each for each in parts if each.span.start_samples < edge < each.span.end_samples]
                assert cut.span.duration_samples > LONGEST_SAMPLES


def test_phrases_with_a_short_pause_are_one_turn():
    pause = PAUSE_SAMPLES / SECOND
    assert bounds(find_turns([part(0, 1), part(1 + pause - 0.001, 2)], HOUR)) == [(0, 2)]
    assert len(find_turns([part(0, 1), part(1 + pause, 2)], HOUR)) == 2


def test_no_turn_lies_across_a_time_in_which_no_one_could_be_heard():
    hole = Span(round(1.1 * SECOND), round(1.2 * SECOND))
    assert bounds(find_turns([part(0, 1), part(1.3, 2)], HOUR, holes=[hole])) == [(0, 1), (1.3, 2)]


def test_what_is_too_long_is_divided_at_its_longest_pause():
    parts = [part(0, 6), part(6.2, 12), part(12.3, 20)]
    assert bounds(find_turns(parts, HOUR)) == [(0, 12), (12.3, 20)]
    assert bounds(find_turns([part(0, 0.5), part(0.9, 10), part(10.1, 20)], HOUR)) == [(0, 10), (10.1, 20)]


def test_without_a_pause_a_turn_is_divided_where_the_sound_is_weakest():
    asked: list[tuple[int, int]] = []

    def weakest(start: int, end: int) -> int:
        asked.append((start, end))
        return 9 * SECOND

    assert bounds(find_turns([part(0, 20)], HOUR, weakest=weakest)) == [(0, 9), (9, 20)]
    assert asked == [(SHORTEST_SAMPLES, LONGEST_SAMPLES)]


def test_a_clip_begins_before_its_speech_where_there_is_room():
    [first, second] = find_turns([part(0.02, 14), part(14.1, 16)], 16 * SECOND)
    assert first.clip == Span(0, round(14.05 * SECOND))
    assert second.clip == Span(round(14.05 * SECOND), 16 * SECOND)


def test_a_turn_in_which_a_voice_was_found_says_so():
    [loud, both] = find_turns([part(0, 1, FoundBy.LEVEL), part(5, 6, FoundBy.LEVEL), part(6.1, 7)], HOUR)
    assert (loud.found_by, both.found_by) == (FoundBy.LEVEL, FoundBy.VOICE)


def test_the_longest_turn_that_fits_is_chosen():
    short, long = turn(0, 0.99), turn(2, 5)
    assert choose_for_rating([short, long, turn(6, 7)]) == [long]
    assert choose_for_rating([short]) == []
    assert choose_for_rating([]) == []


def test_one_turn_for_each_target_is_put_up_for_rating():
    before, after, longer = turn(0, 2), turn(4, 6), turn(8, 13)
    assert choose_for_rating([before, after, longer], CueTimes(3 * SECOND).shift) == [before, longer]


def test_no_turn_that_may_or_may_not_follow_the_cue_is_put_up_for_rating():
    cue = CueTimes(3 * SECOND, card_sent_samples=3 * SECOND, dm_sent_samples=4 * SECOND)
    before, between, after = turn(0, 2), turn(4, 8), turn(9, 11)
    assert choose_for_rating([before, between, after], cue.likeliest_shift) == [before, after]
    assert choose_for_rating([before, between], cue.likeliest_shift) == [before]


def test_a_turn_in_which_a_cue_was_told_is_put_up_only_if_there_is_no_other():
    whole, crossed = turn(0, 2), turn(4, 12)
    assert choose_for_rating([whole, crossed], CueTimes(6 * SECOND).shift) == [whole]
    assert choose_for_rating([crossed], CueTimes(6 * SECOND).shift) == [crossed]


def test_what_was_rated_is_taken_out_of_what_is_found_again():
    assert bounds(without([turn(0, 10)], [Span(3 * SECOND, 4 * SECOND)])) == [(0, 3), (4, 10)]
    assert without([turn(3.1, 3.9), turn(3.2, 4.2)], [Span(3 * SECOND, 4 * SECOND)]) == []
