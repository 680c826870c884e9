"""Another performer's voice in a track: found with its level if it is there, and not found if it is not."""

from __future__ import annotations

import numpy as np
import pytest

from bot.audio.crosstalk import Leak, find_leaks
from bot.audio.sound import Samples
from tools.bench.room import MANNERS, Manner, Way, perform


def heard(tracks: list[Samples]) -> dict[tuple[int, int], Leak]:
    """Source and listener of every leak that is found."""
    return {(leak.source, leak.heard_by): leak for leak in find_leaks(dict(enumerate(tracks)))}


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize(("level_db", "delay_s"), [(-20, 0.08), (-30, 0.25)])
def test_a_voice_from_loudspeakers_is_found_with_its_level_and_its_delay(
    manner: Manner, level_db: float, delay_s: float
):
    found = heard(perform(round(-level_db), 3, manner, [Way(0, 1, level_db, delay_s)]))
    assert set(found) == {(0, 1)}
    assert found[0, 1].delay_ms == pytest.approx(delay_s * 1000, abs=40)
    assert level_db - 4 < found[0, 1].level_db < level_db + 7


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("is_gated", [True, False])
def test_people_in_rooms_of_their_own_are_not_accused(manner: Manner, is_gated: bool):
    assert heard(perform(17, 5, manner, is_gated=is_gated)) == {}


@pytest.mark.parametrize("manner", MANNERS)
def test_two_in_one_room_hear_each_other(manner: Manner):
    assert set(heard(perform(3, 3, manner, [Way(0, 1, -12, 0.005), Way(1, 0, -12, 0.003)]))) == {(0, 1), (1, 0)}


@pytest.mark.parametrize("manner", MANNERS)
def test_in_one_room_it_is_told_whose_microphone_hears_whom(manner: Manner):
    assert set(heard(perform(5, 2, manner, [Way(1, 0, -12, 0.004)]))) == {(1, 0)}


@pytest.mark.parametrize("manner", MANNERS)
def test_a_voice_in_two_tracks_is_no_leak_between_those_two(manner: Manner):
    ways = [Way(2, 0, -15, 0.12), Way(2, 1, -15, 0.28)]
    assert set(heard(perform(8, 3, manner, ways))) == {(2, 0), (2, 1)}


def test_a_microphone_that_hears_only_another_performer_is_told_apart_from_its_source():
    speaker = perform(1, 1, "all at once")[0]
    for delay_samples in (0, 9_600):
        silent = np.roll(speaker, delay_samples) * np.float32(0.1)
        assert set(heard([speaker, silent])) == {(0, 1)}
        assert set(heard([silent, speaker])) == {(1, 0)}


def test_what_is_too_little_to_be_compared_is_no_leak():
    speaker = perform(2, 1, "all at once")[0]
    assert find_leaks({}) == ()
    assert heard([speaker]) == {}
    assert heard([speaker, np.zeros(0, np.float32)]) == {}
    assert heard([speaker, np.zeros_like(speaker)]) == {}
    assert heard([speaker, speaker[:9_600]]) == {}
