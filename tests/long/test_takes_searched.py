import logging
import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bot.audio.sound import Samples, write_ogg_opus
from bot.domain.ids import TrackId
from bot.samples import Span
from bot.turns.finding import WITH_VOICE, TakeOrder, find_take
from tests.turns.room import SECOND, say, track

LONG = "Nobody told me. I came in, and there it was, on the table, as if it had always been there. "


def files(folder: Path, *tracks: Samples) -> tuple[tuple[TrackId, Path], ...]:
    paths = [(TrackId(number), folder / f"{number}.opus") for number in range(len(tracks))]
    for (_, path), samples in zip(paths, tracks, strict=True):
        write_ogg_opus(path, samples)
    return tuple(paths)


def test_the_turns_of_every_track_of_a_take_are_found(tmp_path: Path):
    one, other = track(20, (2, say(LONG, "en-us+m3"))), track(20, (12, say(LONG, "en-us+f2")))
    steps: list[None] = []
    found = find_take(TakeOrder(files(tmp_path, one, other)), lambda: steps.append(None))
    assert found.method == WITH_VOICE
    assert [len(each.turns) for each in found.tracks] == [1, 1]
    [turn] = found.tracks[1].turns
    assert turn.speech.start_samples / SECOND == pytest.approx(12, abs=0.06)
    assert turn.clip.start_samples == turn.speech.start_samples - SECOND // 10
    quality = found.tracks[0].quality
    assert quality.loudness_lufs is not None
    assert quality.loudness_lufs > -40
    assert len(steps) >= 2, "a long search can be ended in the middle"
    assert found.mix_peak == pytest.approx(float(np.max(np.abs(one) + np.abs(other))), abs=0.05)


def test_a_turn_of_a_long_speech_is_divided_in_a_pause(tmp_path: Path):
    spoken = np.concatenate([np.pad(say(LONG), (0, SECOND // 3)) for _ in range(6)])
    take = TakeOrder(files(tmp_path, track(len(spoken) / SECOND + 4, (2, spoken))))
    turns = find_take(take).tracks[0].turns
    assert len(turns) > 1
    for before, after in pairwise(turns):
        assert after.speech.start_samples - before.speech.end_samples > 0.15 * SECOND


def test_a_hole_divides_what_was_said_around_it(tmp_path: Path):
    sentence = say(LONG)
    middle = 2 * SECOND + len(sentence)
    tracks = files(tmp_path, track(20, (2, sentence), (2.3 + len(sentence) / SECOND, sentence)))
    hole = Span(middle + SECOND // 10, middle + SECOND // 5)
    of_another, own = ({track_id: (hole,)} for track_id in (TrackId(7), TrackId(0)))
    assert [len(find_take(TakeOrder(tracks, holes)).tracks[0].turns) for holes in (of_another, own)] == [1, 2]


def test_a_track_that_cannot_be_decoded_keeps_no_other_from_being_searched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    tracks = files(tmp_path, track(10, (2, say(LONG))), track(10, (2, say(LONG))))
    tracks[0][1].write_bytes(b"not a track")
    with caplog.at_level(logging.ERROR):
        found = find_take(TakeOrder(tracks))
    assert [each.track_id for each in found.tracks] == [TrackId(1)]
    assert "Track 0 cannot be decoded" in caplog.text


def test_each_further_track_adds_less_memory_than_two_and_a_half_blocks(tmp_path: Path):
    [(_, path)] = files(tmp_path, track(10))
    block_bytes = 10 * SECOND * 4
    peaks: list[int] = []
    for performers in (2, 12):
        tracemalloc.start()
        find_take(TakeOrder(tuple((TrackId(number), path) for number in range(performers))))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 10 * 2.5 * block_bytes
