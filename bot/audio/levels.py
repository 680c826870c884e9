"""Measures decoded speech: how loud it is, how noisy and how clipped. Pure: it takes samples and returns numbers.

Levels are in dB relative to full scale; a window is 20 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

WINDOW_SAMPLES = SAMPLE_RATE_HZ // 50
DIGITAL_SILENCE_DBFS = -90.0
"""A window below this is silence that was filled in, and says nothing about the microphone."""

CLIPPED = 0.985
"""A sample this close to full scale counts as clipped, because Opus rounds the flat tops of a clipped signal."""

SPEECH_OVER_NOISE_DB = 10.0
"""A window this far above the noise counts as speech."""

NOISE_PERCENTILE = 3.0
"""Even dense speech falls to the room's level in one window of thirty: between words, and before a plosive."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of one person's sound.

    `speech_dbfs` is the level of the windows that stand out from the noise, `noise_dbfs` that of the quietest ones.
    `clipped_share` is the share of speech windows with at least two clipped samples.
    """

    peak_dbfs: float
    speech_dbfs: float
    noise_dbfs: float
    clipped_share: float


class LevelMeter:
    """Measures one person's sound. Give it the blocks in order; memory grows by 850 bytes per second of sound."""

    def __init__(self) -> None:
        self._rest: Samples = np.empty(0, np.float32)
        self._power: list[npt.NDArray[np.float64]] = []
        self._peak: list[npt.NDArray[np.float32]] = []
        self._clipped: list[npt.NDArray[np.bool_]] = []

    def add(self, block: Samples) -> None:
        """Take the next block: float32, mono, 48 kHz."""
        sound = np.concatenate((self._rest, block))
        whole = len(sound) // WINDOW_SAMPLES * WINDOW_SAMPLES
        self._rest = sound[whole:]
        windows = np.abs(sound[:whole].reshape(-1, WINDOW_SAMPLES))
        self._power.append(np.mean(np.square(windows, dtype=np.float64), axis=1))
        self._peak.append(windows.max(axis=1, initial=0.0))
        self._clipped.append(np.count_nonzero(windows >= CLIPPED, axis=1) > 1)

    def result(self) -> Levels | None:
        """Return the levels of everything so far; None if it is silent."""
        power, peak, clipped = (
            np.concatenate(parts) if parts else np.empty(0) for parts in (self._power, self._peak, self._clipped)
        )
        sounding = power > 10 ** (DIGITAL_SILENCE_DBFS / 10)
        if not sounding.any():
            return None
        power = power[sounding]
        noise = float(np.percentile(power, NOISE_PERCENTILE))
        speech = power >= min(noise * 10 ** (SPEECH_OVER_NOISE_DB / 10), float(np.max(power)))
        return Levels(
            _dbfs(float(peak[sounding].max()) ** 2),
            _dbfs(float(np.mean(power[speech]))),
            _dbfs(noise),
            float(np.mean(clipped[sounding][speech])),
        )


def measure_levels(samples: Samples) -> Levels | None:
    """Measure a stretch of one person's sound; return None if it is silent."""
    meter = LevelMeter()
    meter.add(samples)
    return meter.result()


def _dbfs(power: float) -> float:
    return max(10 * float(np.log10(power)), DIGITAL_SILENCE_DBFS) if power > 0 else DIGITAL_SILENCE_DBFS
