"""Loudness as broadcasters measure it (ITU-R BS.1770-4): the one module that imports pyloudnorm."""

# pyloudnorm has no type information; what it returns is annotated here, at the border.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from __future__ import annotations

import math

import numpy as np

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

BLOCK_SECONDS = 0.4
"""The gating block of BS.1770: nothing shorter has a loudness."""


def load() -> None:
    """Load the library now: it takes SciPy with it and with that some seconds, which nobody should wait for later."""
    import pyloudnorm  # noqa: F401


def integrated_lufs(samples: Samples) -> float | None:
    """Gated loudness; None for less than a block of sound, and for silence."""
    if len(samples) < round(BLOCK_SECONDS * SAMPLE_RATE_HZ):
        return None
    import pyloudnorm

    meter = pyloudnorm.Meter(SAMPLE_RATE_HZ, block_size=BLOCK_SECONDS)
    loudness = float(meter.integrated_loudness(samples.astype(np.float64)))
    return loudness if math.isfinite(loudness) else None
