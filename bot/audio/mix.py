"""Mixes tracks block by block with pydub; no other module imports it.

PCM goes in and PCM comes out, so pydub never looks for an ffmpeg binary.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence

import numpy as np

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

with warnings.catch_warnings():
    # It warns of a missing ffmpeg, which is not needed here, of audioop's deprecation, and of its regular expressions.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

CEILING_DBFS = -1.0
"""The highest peak of a mix: true peaks lie up to about 1 dB above the samples (EBU R 128 asks for -1 dBTP)."""

CEILING = 10 ** (CEILING_DBFS / 20)

# pydub cuts at whole milliseconds, so only blocks of whole milliseconds keep their length.
_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000
# A second stays in the processor's cache: half the time that blocks of ten seconds take.
_PART_SAMPLES = SAMPLE_RATE_HZ
_SAMPLE_BYTES = 4
_FULL_SCALE = float(2**31)


def bound_of(blocks: Sequence[Samples]) -> float:
    """Return the highest sum of absolute samples of equally long tracks, which bounds the peak of their mix."""
    highest = (np.sum([np.abs(part) for part in parts], axis=0).max() for _, parts in _in_parts(blocks))
    return float(max(highest, default=0.0))


def gain_under(bound: float) -> float:
    """Return the factor, at most 1, for a mix whose samples never exceed `bound`: its peak is then at most -1 dBFS."""
    return min(1.0, CEILING / bound) if bound > 0 else 1.0


def mix_block(blocks: Sequence[Samples], gain: float) -> Samples:
    """Return the sum of equally long tracks (at least one) times `gain`. It is exact to 24 bits and never wraps."""
    mixed = np.empty(len(blocks[0]), np.float32)
    # So much headroom that no sum of full-scale tracks can clip: 8 tracks leave 28 bits.
    headroom = 2.0 ** math.ceil(math.log2(len(blocks)))
    for start, parts in _in_parts(blocks):
        segments = [_segment(part, gain / headroom) for part in parts]
        total = segments[0]
        for segment in segments[1:]:
            total = total.overlay(segment)
        mixed[start : start + len(parts[0])] = _samples(total, headroom)[: len(parts[0])]
    return mixed


def _in_parts(blocks: Sequence[Samples]) -> Iterator[tuple[int, list[Samples]]]:
    for start in range(0, len(blocks[0]) if blocks else 0, _PART_SAMPLES):
        yield start, [block[start : start + _PART_SAMPLES] for block in blocks]


def _segment(samples: Samples, gain: float) -> AudioSegment:
    padded = np.zeros(len(samples) + -len(samples) % _SAMPLES_A_MS, np.float32)
    np.multiply(samples, np.float32(gain * _FULL_SCALE), out=padded[: len(samples)])
    # The largest float32 below full scale: full scale itself would not fit into an int32.
    limit = np.nextafter(np.float32(_FULL_SCALE), np.float32(0))
    np.clip(padded, -limit, limit, out=padded)
    pcm = padded.astype("<i4").tobytes()
    return AudioSegment(data=pcm, sample_width=_SAMPLE_BYTES, frame_rate=SAMPLE_RATE_HZ, channels=1)


def _samples(segment: AudioSegment, headroom: float) -> Samples:
    pcm = np.frombuffer(bytes(segment.raw_data or b""), "<i4")
    return pcm.astype(np.float32) * np.float32(headroom / _FULL_SCALE)
