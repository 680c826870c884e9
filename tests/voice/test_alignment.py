"""Positions of frames against the truth before jitter (tools/bench/talkers.py); `make alignment` takes longer."""

from __future__ import annotations

import statistics

import pytest

from tools.bench.alignment import Placed, apart, place, take
from tools.bench.talkers import Network, Talker


def absolute(tracks: list[Placed]) -> list[float]:
    return [abs(error) for track in tracks for error in track.errors_ms]


@pytest.fixture(scope="module")
def placed() -> dict[str, list[Placed]]:
    """A drift of 200 ppm over 300 s equals 100 ppm over 600 s, in half the time."""
    return take(1, seconds=300, drift=2e-4)


@pytest.mark.parametrize("kind", ["runs on", "stands still", "no pauses"])
def test_frames_lie_where_they_were_said(placed: dict[str, list[Placed]], kind: str) -> None:
    errors = absolute(placed[kind])
    assert len(errors) > 10_000
    assert statistics.median(errors) <= 5
    assert max(errors) <= 20


def test_any_two_tracks_lie_together(placed: dict[str, list[Placed]]) -> None:
    tracks = [track for tracks in placed.values() for track in tracks]
    shifts = [shift for index, one in enumerate(tracks) for other in tracks[:index] for shift in apart(one, other)]
    assert len(shifts) > 1_000
    assert statistics.median(shifts) <= 5
    assert max(shifts) <= 20


@pytest.mark.parametrize("kind", ["runs on", "stands still", "no pauses"])
def test_every_lost_frame_is_counted_and_has_its_stand_in(placed: dict[str, list[Placed]], kind: str) -> None:
    for track in placed[kind]:
        assert track.counted_lost == track.lost_frames > 300
        assert track.lost_frames - track.concealed_frames <= 2


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("stands_still", [False, True])
def test_spurts_of_a_few_words_are_placed_too(seed: int, stands_still: bool) -> None:
    errors = absolute([place(Talker(seed, 1e-4, stands_still), Network(seed), 90)])
    assert statistics.median(errors) <= 5
    assert max(errors) <= 20
