"""How good a finished track is: the loudness and the levels of its speech."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.audio.levels import LevelMeter, Levels
from bot.audio.loudness import LoudnessMeter
from bot.audio.sound import read_blocks
from bot.samples import SAMPLE_RATE_HZ, Span

MEASURED_SECONDS = 120
"""Speech beyond this is not measured: the figures have settled, and decoding more of it takes time."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is stored of a whole track."""

    loudness_lufs: float | None
    levels: Levels | None


def measure_track(path: Path, speech: Iterable[Span]) -> Quality:
    """Measure the speech of a finished track. It takes a while: call it from a thread or another process."""
    loudness, levels = LoudnessMeter(), LevelMeter()
    left = MEASURED_SECONDS * SAMPLE_RATE_HZ
    for span in speech:
        if left <= 0:
            break
        measured = Span(span.start_samples, min(span.end_samples, span.start_samples + left))
        for block in read_blocks(path, measured, SAMPLE_RATE_HZ):
            loudness.add(block)
            levels.add(block)
            left -= len(block)
    return Quality(loudness.result(), levels.result())
