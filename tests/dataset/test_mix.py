"""The mix of a take, block by block."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from bot.audio.mix import CEILING, CEILING_DBFS, bound_of, gain_under, mix_block
from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ


def _tone(frequency_hz: float, samples: int, level: float) -> Samples:
    return (level * np.sin(2 * np.pi * frequency_hz * np.arange(samples) / SAMPLE_RATE_HZ)).astype(np.float32)


@pytest.mark.parametrize("length", [1, 47, 48_000, 48_001, 10 * SAMPLE_RATE_HZ, 10 * SAMPLE_RATE_HZ + 7])
@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_the_sum_of_tracks_is_exact_to_24_bits(length: int, count: int) -> None:
    tracks = [_tone(500 + 90 * number, length, 0.9 / count) for number in range(count)]
    mixed = mix_block(tracks, 0.75)
    assert len(mixed) == length
    assert np.abs(mixed - 0.75 * np.sum(tracks, axis=0, dtype=np.float64)).max() < 2**-23


def test_loud_tracks_keep_their_balance_and_never_clip() -> None:
    tracks = [_tone(500, 25 * SAMPLE_RATE_HZ, level) for level in (0.9, 0.6, 0.3)]
    mixed = mix_block(tracks, gain_under(bound_of(tracks)))
    assert 20 * np.log10(np.abs(mixed).max()) == pytest.approx(CEILING_DBFS, abs=0.01)
    assert np.abs(mixed / np.abs(mixed).max() - _tone(500, len(mixed), 1.0)).max() < 1e-4


def test_partial_sums_beyond_full_scale_do_not_distort_the_whole() -> None:
    loud = _tone(500, SAMPLE_RATE_HZ, 1.0)
    mixed = mix_block([loud, loud, loud, -loud, -loud], 1.0)
    assert np.abs(mixed - loud).max() < 2**-22


def test_quiet_tracks_are_not_turned_up() -> None:
    assert gain_under(bound_of([_tone(500, 480, 0.1)])) == gain_under(0.0) == 1.0
    assert gain_under(2.0) == CEILING / 2


def test_importing_it_warns_of_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import bot.audio.mix"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
