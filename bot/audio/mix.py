"""Mixes the tracks of a take into one with pydub; no other module imports it.

PCM goes in and PCM comes out, so pydub never looks for an ffmpeg binary.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.audio import sound
from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

with warnings.catch_warnings():
    # It warns of a missing ffmpeg, which is not needed here, of audioop's deprecation, and of its regular expressions.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

CEILING_DBFS = -1.0
"""The highest peak of a mix: true peaks lie up to about 1 dB above the samples (EBU R 128 asks for -1 dBTP)."""

# pydub cuts at whole milliseconds, so only blocks of whole milliseconds keep their length.
_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000
_BLOCK_SAMPLES = 10 * SAMPLE_RATE_HZ
_SAMPLE_BYTES = 4
_FULL_SCALE = float(2**31)


def mix_tracks(paths: Sequence[Path], length_samples: int) -> Samples:
    """Return the sum of tracks from their start, `length_samples` long; shorter tracks end in silence.

    The balance of the tracks is kept. If their sum would exceed -1 dBFS, the whole mix is turned down; it never clips.
    """
    gain_db = _gain_db(paths, length_samples)
    mixed = np.zeros(length_samples, np.float32)
    for start, blocks in _blocks(paths, length_samples):
        segments = [_segment(block).apply_gain(gain_db) for block in blocks]
        total = segments[0]
        for segment in segments[1:]:
            total = total.overlay(segment)
        length = min(_BLOCK_SAMPLES, length_samples - start)
        mixed[start : start + length] = _samples(total)[:length]
    return mixed


def _gain_db(paths: Sequence[Path], length_samples: int) -> float:
    # The sum of absolute values bounds every partial sum. pydub adds one track after another, and so never clips.
    peak = 0.0
    for _, blocks in _blocks(paths, length_samples):
        bound = np.sum(np.abs(np.stack(blocks)), axis=0)
        peak = max(peak, float(bound.max(initial=0.0)))
    return min(0.0, CEILING_DBFS - 20 * float(np.log10(peak))) if peak > 0 else 0.0


def _blocks(paths: Sequence[Path], length_samples: int) -> Iterator[tuple[int, list[Samples]]]:
    if not paths:
        return
    for start in range(0, length_samples, _BLOCK_SAMPLES):
        end = min(start + _BLOCK_SAMPLES, length_samples)
        padded = -(-(end - start) // _SAMPLES_A_MS) * _SAMPLES_A_MS
        parts = [sound.read(path, start, end) for path in paths]
        yield start, [np.pad(part, (0, padded - len(part))) for part in parts]


def _segment(samples: Samples) -> AudioSegment:
    limit = np.clip(samples.astype(np.float64) * _FULL_SCALE, -_FULL_SCALE, _FULL_SCALE - 1)
    pcm = np.rint(limit).astype("<i4").tobytes()
    return AudioSegment(data=pcm, sample_width=_SAMPLE_BYTES, frame_rate=SAMPLE_RATE_HZ, channels=1)


def _samples(segment: AudioSegment) -> Samples:
    return (np.frombuffer(bytes(segment.raw_data or b""), "<i4") / _FULL_SCALE).astype(np.float32)
