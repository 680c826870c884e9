"""Sound for tests of turns: voices, noise, and tracks in files."""

from __future__ import annotations

from functools import cache

import numpy as np

from bot.audio.activity import Activity, ActivityMeter
from bot.audio.sound import Samples
from bot.audio.speech import VoiceDirection, synthesise
from bot.samples import SAMPLE_RATE_HZ

SECOND = SAMPLE_RATE_HZ


@cache
def say(text: str, variant: str = "en-us", peak_dbfs: float = -6.0) -> Samples:
    """A sentence without silence around it."""
    spoken = synthesise(text, VoiceDirection(variant, peak_dbfs=peak_dbfs))
    sounding = np.flatnonzero(np.abs(spoken) > 10 ** (-50 / 20))
    return spoken[sounding[0] : sounding[-1] + 1]


def track(seconds: float, *sounds: tuple[float, Samples], noise_dbfs: float | None = -65.0) -> Samples:
    """Sounds at moments in seconds, over the room's noise; None is digital silence, as if nothing were sent."""
    whole = np.zeros(round(seconds * SECOND), np.float32)
    if noise_dbfs is not None:
        whole += np.random.default_rng(1).normal(0, 10 ** (noise_dbfs / 20), len(whole)).astype(np.float32)
    for at, sound in sounds:
        start = round(at * SECOND)
        whole[start : start + len(sound)] += sound
    return whole


def activity(samples: Samples, *, with_voice: bool = True) -> Activity:
    """A track's activity, measured in blocks of ten seconds."""
    meter = ActivityMeter(with_voice=with_voice)
    for start in range(0, len(samples), 10 * SECOND):
        meter.add(samples[start : start + 10 * SECOND])
    return meter.result()
