"""The mix of a take, on real files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.audio import sound
from bot.audio.mix import CEILING_DBFS, mix_tracks
from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ


def _tone(frequency_hz: float, samples: int, level: float) -> Samples:
    return (level * np.sin(2 * np.pi * frequency_hz * np.arange(samples) / SAMPLE_RATE_HZ)).astype(np.float32)


def _write(folder: Path, *tracks: Samples) -> list[Path]:
    paths = [folder / f"{number}.flac" for number in range(len(tracks))]
    for path, samples in zip(paths, tracks, strict=True):
        sound.write_flac(path, samples)
    return paths


@pytest.mark.parametrize(
    "length", [1, 47, 48_001, 10 * SAMPLE_RATE_HZ, 10 * SAMPLE_RATE_HZ + 1, 25 * SAMPLE_RATE_HZ + 7]
)
def test_the_sum_of_quiet_tracks_is_exact_to_the_sample(tmp_path: Path, length: int) -> None:
    first, second = _tone(500, length, 0.2), _tone(900, length // 2 + 1, 0.3)
    mixed = mix_tracks(_write(tmp_path, first, second), length)
    expected = first.copy()
    expected[: len(second)] += second[:length]
    assert len(mixed) == length
    assert np.abs(mixed - expected).max() < 2**-22


def test_longer_tracks_end_with_the_take(tmp_path: Path) -> None:
    assert len(mix_tracks(_write(tmp_path, _tone(500, 9600, 0.1)), 4800)) == 4800


def test_loud_tracks_keep_their_balance_and_never_clip(tmp_path: Path) -> None:
    tracks = [_tone(500, SAMPLE_RATE_HZ, 0.9), _tone(500, SAMPLE_RATE_HZ, 0.6), _tone(500, SAMPLE_RATE_HZ, 0.3)]
    mixed = mix_tracks(_write(tmp_path, *tracks), SAMPLE_RATE_HZ)
    assert 20 * np.log10(np.abs(mixed).max()) == pytest.approx(CEILING_DBFS, abs=0.01)
    assert np.abs(mixed / np.abs(mixed).max() - _tone(500, SAMPLE_RATE_HZ, 1.0)).max() < 1e-4


def test_no_tracks_are_silence() -> None:
    assert not mix_tracks([], 480).any()


def test_importing_it_warns_of_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import bot.audio.mix"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
