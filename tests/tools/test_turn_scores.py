"""The figures of found turns: each is worked out by hand from spans of seconds."""

from __future__ import annotations

import math

import pytest

from bot.samples import SAMPLE_RATE_HZ, Span
from tools.turns.finders import FoundTurn
from tools.turns.score import Tally, score_take, score_track
from tools.turns.table import table, unmet
from tools.turns.truth import LeakTruth, Sound, TakeTruth, TrackTruth


def span(start: float, end: float) -> Span:
    return Span(round(start * SAMPLE_RATE_HZ), round(end * SAMPLE_RATE_HZ))


def sound(start: float, end: float, kind: str = "word") -> Sound:
    where = span(start, end)
    return Sound(where.start_samples, where.end_samples, kind)


def track(*sounds: Sound, speaker: str = "a") -> TrackTruth:
    return TrackTruth(f"{speaker}.opus", speaker, sounds)


def turn(start: float, end: float, margin: float = 0.0) -> FoundTurn:
    return FoundTurn(span(start, end), span(start - margin, end + margin))


def seconds(tally: Tally) -> tuple[float, float, float, float]:
    lengths = tally.speech, tally.speech_in_clips, tally.found, tally.found_true
    speech, in_clips, found, true = (length / SAMPLE_RATE_HZ for length in lengths)
    return speech, in_clips, found, true


TWO_WORDS = track(sound(1, 2), sound(2.4, 3))


def test_short_pauses_are_speech() -> None:
    assert TWO_WORDS.stretches() == [span(1, 3)]
    assert track(sound(1, 2), sound(2.5, 3)).stretches() == [span(1, 2), span(2.5, 3)]


def test_exact_turns_have_no_fault() -> None:
    tally = score_track(TWO_WORDS, [turn(1, 3)])
    assert seconds(tally) == (2, 2, 2, 2)
    assert (tally.starts, tally.ends) == ([0], [0])
    assert unmet(tally) == []


def test_coverage_counts_clips_and_precision_counts_speech_bounds() -> None:
    tally = score_track(TWO_WORDS, [turn(1.5, 3.5, margin=0.25)])
    assert seconds(tally) == (2, 1.75, 2, 1.5)
    assert (tally.coverage, tally.precision) == (0.875, 0.75)
    assert (tally.error_ms(0.5), tally.starts, tally.ends) == (500, [24_000], [24_000])


def test_a_turn_over_two_stretches_has_no_bounds_in_between() -> None:
    truth = track(sound(1, 2), sound(4, 5))
    tally = score_track(truth, [turn(0.9, 5.2)])
    assert (tally.joined, tally.divisions) == (1, 0)
    assert [tally.error_ms(1.0, errors) for errors in (tally.starts, tally.ends)] == pytest.approx([100, 200])
    assert (len(tally.starts), len(tally.ends)) == (1, 1)


def test_missed_and_invented_turns_are_counted_and_have_no_errors() -> None:
    tally = score_track(track(sound(1, 2)), [turn(4, 5)])
    assert (tally.missed, tally.invented, tally.starts, tally.ends) == (1, 1, [], [])
    assert math.isnan(tally.error_ms(0.5))


@pytest.mark.parametrize(
    ("turns", "cut"),
    [
        ([turn(1, 1.5), turn(1.5, 3)], 1),
        ([turn(1, 2), turn(2.4, 3)], 0),
        ([turn(1, 2.2), turn(2.2, 3)], 0),
        ([turn(1, 1.99), turn(2.4, 3)], 0),
        ([turn(1, 1.95), turn(2.4, 3)], 1),
        ([turn(1, 1.95, margin=0.1), turn(2.4, 3, margin=0.1)], 0),
        ([turn(1, 2), turn(2.5, 3)], 1),
    ],
    ids=["in the first word", "at its end", "in the pause", "within 20 ms", "before", "clip is wider", "second word"],
)
def test_a_division_is_no_bound_but_must_not_cut_a_word(turns: list[FoundTurn], cut: int) -> None:
    tally = score_track(TWO_WORDS, turns)
    assert (tally.divisions, tally.cut_words) == (1, cut)
    assert (tally.starts, tally.ends) == ([0], [0])


def test_an_event_counts_if_half_of_it_is_in_clips() -> None:
    truth = track(sound(1, 2, "laugh"), sound(3, 4, "laugh"), sound(5, 6, "sob"))
    tally = score_track(truth, [turn(1.5, 2), turn(3.6, 4)])
    assert tally.recall("laugh") == 0.5
    assert tally.recall("sob") == 0
    assert math.isnan(tally.recall("scream"))
    assert unmet(tally)[-2:] == ["laugh: >= 95 %", "sob: >= 95 %"]


def test_a_turn_is_opened_by_a_leak_if_its_performer_says_nothing_in_it() -> None:
    neighbour = track(sound(1, 2), sound(5, 6), sound(8, 9), speaker="b")
    own = track(sound(5.1, 6))
    leak = LeakTruth("b", "a", delay_samples=SAMPLE_RATE_HZ // 10, level_db=-20)
    truth = TakeTruth("leak", 10 * SAMPLE_RATE_HZ, (own, neighbour), (leak,))
    found = [turn(1.1, 2), turn(5.1, 6), turn(6.5, 7.5), turn(8.05, 8.12)]
    tally = score_take(truth, [found, [turn(1, 2), turn(5, 6), turn(8, 9)]])
    assert tally.opened_by_leak == 1, "one lies on silence, and one has 20 ms of the leak"
    assert "opened by a leak: 0" in unmet(tally)


@pytest.mark.parametrize("turns", [[turn(2, 3), turn(1, 2)], [turn(1, 2), turn(1.5, 3)], [turn(1, 1)]], ids=str)
def test_turns_that_no_finder_may_return_are_refused(turns: list[FoundTurn]) -> None:
    with pytest.raises(ValueError, match="in order"):
        score_track(TWO_WORDS, turns)


def test_the_table_marks_what_is_not_as_demanded_and_leaves_out_what_cannot_be() -> None:
    good, bad = score_track(TWO_WORDS, [turn(1, 3)]), score_track(TWO_WORDS, [turn(1, 2)])
    head, _, first, second = table({"good": good, "bad": bad}).splitlines()
    assert head.startswith("| take | turns | in clips: >= 98 % |")
    assert first.startswith("| good | 1 | 100.0 % | 100.0 % | 0 ms | 0 ms |")
    assert "(!)" not in first
    assert second.startswith("| bad | 1 | 50.0 % (!) | 100.0 % | 500 ms (!) |")
