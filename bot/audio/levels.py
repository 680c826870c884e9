"""Measures decoded speech: how loud it is, how noisy and how clipped. Pure: it takes samples and returns numbers.

Levels are in dB relative to full scale; a window is 20 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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


def measure_levels(samples: Samples) -> Levels | None:
    """Measure a stretch of one person's sound; return None if it is silent."""
    count = len(samples) // WINDOW_SAMPLES
    windows = samples[: count * WINDOW_SAMPLES].reshape(count, WINDOW_SAMPLES)
    power = np.mean(np.square(windows, dtype=np.float64), axis=1)
    sounding = power > 10 ** (DIGITAL_SILENCE_DBFS / 10)
    if not sounding.any():
        return None
    windows, power = windows[sounding], power[sounding]
    noise = float(np.percentile(power, NOISE_PERCENTILE))
    speech = power >= min(noise * 10 ** (SPEECH_OVER_NOISE_DB / 10), float(np.max(power)))
    clipped = np.count_nonzero(np.abs(windows[speech]) >= CLIPPED, axis=1) > 1
    return Levels(
        _dbfs(float(np.max(np.abs(windows))) ** 2),
        _dbfs(float(np.mean(power[speech]))),
        _dbfs(noise),
        float(np.mean(clipped)),
    )


def _dbfs(power: float) -> float:
    return max(10 * float(np.log10(power)), DIGITAL_SILENCE_DBFS) if power > 0 else DIGITAL_SILENCE_DBFS
