"""How good a finished track is: the loudness and the levels of its speech."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.audio.levels import Levels, measure_levels
from bot.audio.loudness import integrated_lufs
from bot.audio.sound import read
from bot.samples import SAMPLE_RATE_HZ, Span

MEASURED_SECONDS = 120
"""Speech beyond this is not measured: the figures have settled, and memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is stored of a whole track."""

    loudness_lufs: float | None
    levels: Levels | None


def measure_track(path: Path, speech: Iterable[Span]) -> Quality:
    """Measure the speech of a finished track. It takes a while: call it from a thread or another process."""
    parts: list[np.ndarray] = []
    left = MEASURED_SECONDS * SAMPLE_RATE_HZ
    for span in speech:
        end = min(span.end_samples, span.start_samples + left)
        parts.append(read(path, span.start_samples, end))
        left -= len(parts[-1])
        if left <= 0:
            break
    if not parts:
        return Quality(None, None)
    sound = np.concatenate(parts)
    return Quality(integrated_lufs(sound), measure_levels(sound))
