"""Loudness as broadcasters measure it (ITU-R BS.1770-4); no other module imports pyloudnorm."""

# pyloudnorm has no type information, so what it returns is annotated here.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from __future__ import annotations

import math

import numpy as np

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

BLOCK_SECONDS = 0.4
"""The gating block of BS.1770: a shorter sound has no loudness."""


def load() -> None:
    """Load the library now. It imports SciPy, which takes several seconds that no one should have to wait later."""
    import pyloudnorm  # noqa: F401


def integrated_lufs(samples: Samples) -> float | None:
    """Return the gated loudness in LUFS; None for silence, or if the sound is shorter than a block."""
    if len(samples) < round(BLOCK_SECONDS * SAMPLE_RATE_HZ):
        return None
    import pyloudnorm

    meter = pyloudnorm.Meter(SAMPLE_RATE_HZ, block_size=BLOCK_SECONDS)
    loudness = float(meter.integrated_loudness(samples.astype(np.float64)))
    return loudness if math.isfinite(loudness) else None
