"""Levels, loudness and the live view of a track, on sound with known figures."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyloudnorm import Meter

from bot.audio.levels import LevelMeter, measure_levels
from bot.audio.loudness import LoudnessMeter, integrated_lufs
from bot.audio.sound import Samples, decode_opus, encode_opus
from bot.live.take.track_quality import LiveTrack, Problem, TrackEar
from bot.wire import opus
from bot.wire.ogg_writer import OggOpusWriter
from tests.paper import FRAME_SECONDS

RATE = 48_000


def tone(seconds: float, dbfs: float, hertz: float = 997.0) -> Samples:
    """A sine with this RMS level."""
    moments = np.arange(round(seconds * RATE)) / RATE
    return (10 ** (dbfs / 20) * np.sqrt(2) * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def hiss(seconds: float, dbfs: float) -> Samples:
    noise = np.random.default_rng(1).normal(0, 10 ** (dbfs / 20), round(seconds * RATE))
    return noise.astype(np.float32)


def test_loudness_is_that_of_bs_1770():
    # ITU-R BS.1770-4: a 997 Hz sine at full scale (RMS -3.01 dBFS) in one channel measures -3.01 LKFS.
    assert integrated_lufs(tone(5, -23.0)) == pytest.approx(-23.0, abs=0.1)
    assert integrated_lufs(tone(0.2, -23.0)) is None
    assert integrated_lufs(np.zeros(RATE, np.float32)) is None


@settings(deadline=None, max_examples=10)
@given(st.lists(st.tuples(st.floats(0.1, 1), st.floats(-90, -3)), min_size=1, max_size=4), st.integers(999, 50_000))
def test_loudness_in_blocks_is_that_of_the_whole(parts: list[tuple[float, float]], block: int) -> None:
    sound = np.concatenate([tone(round(seconds, 1), dbfs) + hiss(round(seconds, 1), -70) for seconds, dbfs in parts])
    meter, levels = LoudnessMeter(), LevelMeter()
    for start in range(0, len(sound), block):
        meter.add(sound[start : start + block])
        levels.add(sound[start : start + block])
    whole = Meter(RATE).integrated_loudness(sound.astype(np.float64)) if len(sound) >= 0.4 * RATE else -np.inf
    assert meter.result() == (pytest.approx(whole, abs=1e-3) if np.isfinite(whole) else None)
    assert levels.result() == measure_levels(sound)


def test_speech_stands_out_from_noise():
    sound = np.concatenate([hiss(2, -60), tone(2, -20) + hiss(2, -60), hiss(2, -60)])
    levels = measure_levels(sound)
    assert levels is not None
    assert levels.speech_dbfs == pytest.approx(-20, abs=0.5)
    assert levels.noise_dbfs == pytest.approx(-60, abs=1)
    assert levels.peak_dbfs == pytest.approx(-17, abs=0.5)
    assert levels.clipped_share == 0
    assert measure_levels(np.zeros(RATE, np.float32)) is None


def test_clipping_is_heard_through_opus():
    clean = decode_opus(encode_opus(tone(2, -15)))
    clipped = decode_opus(encode_opus(np.clip(tone(2, 2), -1, 1)))
    found = [measure_levels(clean), measure_levels(clipped)]
    shares = [levels.clipped_share for levels in found if levels]
    assert shares[0] < 0.01
    assert shares[1] > 0.5


class GrowingTrack:
    """A track file as the recorder leaves it on disk, page by page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = OggOpusWriter(serial=1)
        path.write_bytes(self.writer.headers())

    def grow(self, packets: list[bytes]) -> None:
        for packet in packets:
            self.writer.add(packet, opus.duration_samples(packet))
        with self.path.open("ab") as file:
            file.write(self.writer.pages())

    def pause(self, seconds: float) -> None:
        self.grow([opus.DISCORD_SILENCE] * round(seconds / FRAME_SECONDS))


def test_the_ear_follows_a_growing_file(tmp_path: Path):
    path = tmp_path / "track.opus"
    ear = TrackEar(path)
    assert ear.listen(2.0) == LiveTrack(2.0, 0.0, None)
    track = GrowingTrack(path)
    track.grow(encode_opus(tone(2, -20) + hiss(2, -60)))
    heard = ear.listen(2.0)
    assert heard.unheard_seconds == pytest.approx(0, abs=0.05)
    assert heard.levels is not None
    assert heard.levels.speech_dbfs == pytest.approx(-20, abs=1.5)
    assert heard.problems() == []
    track.pause(12)
    assert ear.listen(14.0).problems() == [Problem.UNHEARD]
    track.grow(encode_opus(np.clip(tone(4, 2), -1, 1)))
    assert Problem.CLIPPING in ear.listen(18.0).problems()
    track.grow(encode_opus(tone(5, -55) + hiss(5, -75)))
    assert Problem.TOO_QUIET in ear.listen(23.0).problems()
    track.grow(encode_opus(hiss(5, -30)))
    assert Problem.NOISY in ear.listen(28.0).problems()


def test_the_ear_counts_concealment_and_is_not_misled_by_a_torn_page(tmp_path: Path):
    path = tmp_path / "track.opus"
    track = GrowingTrack(path)
    packets = encode_opus(tone(2, -20))
    track.grow([opus.concealment_for(packet) if place % 10 == 5 else packet for place, packet in enumerate(packets)])
    ear = TrackEar(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    ear.listen(2.0)
    path.write_bytes(whole)
    assert ear.listen(2.0).concealed_share == pytest.approx(0.1, abs=0.02)
