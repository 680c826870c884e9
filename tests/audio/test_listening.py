"""Clips for raters: one gain per microphone, and MP3 that every client plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.audio.listening import SOFTEST_LUFS, TRACK_LUFS, levelled, write_clip
from bot.audio.loudness import integrated_lufs
from bot.audio.sound import Samples, read, rms_dbfs
from bot.samples import SAMPLE_RATE_HZ


def voice(level: float, seconds: float = 3.0) -> Samples:
    """Noise below 3 kHz that swells and fades like syllables."""
    count = round(seconds * SAMPLE_RATE_HZ)
    noise = np.convolve(np.random.default_rng(4).normal(0, level * 4, count), np.full(16, 1 / 16), "same")
    return (noise * (0.6 + 0.4 * np.sin(np.arange(count) * 25 / SAMPLE_RATE_HZ))).astype(np.float32)


def lufs(samples: Samples) -> float:
    measured = integrated_lufs(samples)
    assert measured is not None
    return measured


@pytest.mark.parametrize("level", [0.003, 0.03, 0.1])
def test_every_microphone_is_as_loud_as_the_others(level: float):
    assert lufs(levelled(voice(level), lufs(voice(level)))) == pytest.approx(TRACK_LUFS, abs=0.1)


def test_a_whisper_stays_softer_than_the_rest_of_its_track_but_can_be_heard():
    track_lufs = lufs(voice(0.1))
    softer = lufs(levelled(voice(0.1 * 10 ** (-6 / 20)), track_lufs))
    whispered = lufs(levelled(voice(0.1 * 10 ** (-25 / 20)), track_lufs))
    assert softer == pytest.approx(TRACK_LUFS - 6, abs=0.1)
    assert whispered == pytest.approx(SOFTEST_LUFS, abs=0.1)


def test_a_scream_is_not_clipped():
    screamed = levelled(voice(0.2), -40.0)
    assert float(np.abs(screamed).max()) == pytest.approx(10 ** (-1 / 20), rel=1e-4)


def test_silence_stays_silence_and_noise_is_not_made_loud():
    assert not levelled(np.zeros(SAMPLE_RATE_HZ, np.float32), None).any()
    hiss = voice(1e-5)
    assert rms_dbfs(levelled(hiss, None)) <= rms_dbfs(hiss) + 40.01


def test_without_the_tracks_loudness_a_clip_is_levelled_by_its_own():
    assert lufs(levelled(voice(0.01), None)) == pytest.approx(TRACK_LUFS, abs=0.1)


def test_the_file_is_mp3_as_long_and_as_loud_as_the_sound(tmp_path: Path):
    write_clip(tmp_path / "clip.mp3", voice(0.05), None)
    data = (tmp_path / "clip.mp3").read_bytes()
    assert data[0] == 0xFF
    assert data[1] & 0xFE == 0xFA  # MPEG-1, layer III
    heard = read(tmp_path / "clip.mp3")
    assert len(heard) == len(voice(0.05))
    assert lufs(heard) == pytest.approx(TRACK_LUFS, abs=0.6)
    assert len(data) * 8 / 3.0 < 170_000


def test_a_place_that_cannot_be_written_is_an_error_that_says_so(tmp_path: Path):
    with pytest.raises(OSError, match=r"clip\.mp3"):
        write_clip(tmp_path / "missing" / "clip.mp3", voice(0.05), None)
