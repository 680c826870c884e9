"""Which part of an outage counts as a hole."""

from __future__ import annotations

import pytest

from bot.domain.ids import UserId
from bot.voice.receiving.outage import LastHeard, Outage
from bot.voice.receiving.receiver import FrameReceived


def test_sound_that_went_on_is_no_hole() -> None:
    outage = Outage(100.0)
    for step in range(1, 10):
        outage.heard(100.0 + step * 0.02)
    assert outage.holes(100.2) == ()


def test_silence_of_the_network_is_a_hole_from_the_last_frame_to_the_return() -> None:
    outage = Outage(100.0)
    for arrival in (100.02, 100.01, 99.9, 100.3):
        outage.heard(arrival)
    ((start, end), (later, over)) = outage.holes(100.4)
    assert (start, end) == (pytest.approx(100.02), pytest.approx(100.3))
    assert (later, over) == (pytest.approx(100.3), pytest.approx(100.4))


def frame(sequence: int, arrival: float) -> FrameReceived:
    return FrameReceived(UserId(1), 7, sequence, 0, arrival, b"\x78")


def test_an_outage_in_which_nothing_was_heard_is_all_hole() -> None:
    assert Outage(100.0).holes(101.5) == ((100.0, 101.5),)
    assert Outage(100.0).holes(99.0) == ()


def test_an_outage_begins_with_the_last_frame_heard_if_someone_was_cut_off() -> None:
    assert Outage(100.0, heard_at=99.9).holes(100.04) == ((99.9, 100.04),)
    assert Outage(100.0, heard_at=90.0).holes(100.04) == ()


def test_frames_whose_numbers_follow_one_another_leave_no_hole_however_late_they_come() -> None:
    outage, last = Outage(100.0), LastHeard()
    arrivals = {65_534: 99.99, 65_535: 100.15, 0: 100.3, 3: 100.4}
    for sequence, arrival in arrivals.items():
        outage.heard(arrival, last.note(frame(sequence, arrival)))
    assert outage.holes(100.41) == ((100.3, 100.4),), "two frames are missing between numbers 0 and 3"
    assert last.at == 100.4


def test_a_pause_of_one_talker_does_not_prove_that_nothing_was_said() -> None:
    outage, last = Outage(100.0), LastHeard()
    for sequence, arrival in ((1, 99.9), (2, 100.5)):
        outage.heard(arrival, last.note(frame(sequence, arrival)))
    assert outage.holes(100.5) == ((100.0, 100.5),)
