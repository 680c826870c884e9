from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.turns import LONGEST_SAMPLES, PAUSE_SAMPLES, SHORTEST_SAMPLES, choose_for_rating, find_turns
from bot.samples import Span

gaps_and_lengths = st.lists(st.tuples(st.integers(0, 3 * 48_000), st.integers(960, 40 * 48_000)), max_size=20)


def spurts_from(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    spurts: list[tuple[int, int]] = []
    position = 0
    for gap, length in parts:
        spurts.append((position + gap, position + gap + length))
        position += gap + length
    return spurts


@given(gaps_and_lengths)
def test_turns_hold_all_speech_in_order_without_overlap_and_none_is_too_long(parts: list[tuple[int, int]]):
    spurts = spurts_from(parts)
    turns = find_turns(spurts)
    assert all(before.end_samples <= after.start_samples for before, after in pairwise(turns))
    assert all(0 < turn.duration_samples <= LONGEST_SAMPLES for turn in turns)
    for start, end in spurts:
        inside = sum(max(0, min(end, turn.end_samples) - max(start, turn.start_samples)) for turn in turns)
        assert inside == end - start


def test_phrases_with_a_short_pause_are_one_turn():
    assert find_turns([(0, 48_000), (48_000 + PAUSE_SAMPLES - 1, 96_000)]) == [Span(0, 96_000)]
    assert len(find_turns([(0, 48_000), (48_000 + PAUSE_SAMPLES, 96_000)])) == 2


def test_the_longest_turn_that_fits_is_chosen():
    short, long = Span(0, SHORTEST_SAMPLES - 1), Span(100_000, 100_000 + 3 * 48_000)
    assert choose_for_rating([short, long, Span(300_000, 300_000 + 48_000)]) == [long]
    assert choose_for_rating([short]) == []
    assert choose_for_rating([]) == []


@given(gaps_and_lengths, st.lists(st.integers(1, 60 * 48_000), max_size=3))
def test_no_turn_lies_across_a_cue_and_none_is_lost_to_one(parts: list[tuple[int, int]], cues: list[int]):
    spurts = spurts_from(parts)
    turns = find_turns(spurts, cues)
    assert not [(turn, cue) for turn in turns for cue in cues if turn.start_samples < cue < turn.end_samples]
    spoken = sum(end - start for start, end in spurts)
    whole = sum(turn.duration_samples for turn in find_turns(spurts))
    assert spoken <= sum(turn.duration_samples for turn in turns) <= whole


def test_one_turn_for_each_target_is_put_up_for_rating():
    before, after, longer = Span(0, 96_000), Span(200_000, 296_000), Span(400_000, 640_000)
    assert choose_for_rating([before, after, longer], [150_000]) == [before, longer]
