"""Writes a track as the recorder does: what arrived, concealment for lost frames, silence in between.

`bot.voice.recording` lays frames down by their time of arrival. Here their positions are known, and only the file is
written in the same way.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio.sound import Samples, encode_opus
from bot.wire import opus
from bot.wire.ogg_writer import PRE_SKIP_SAMPLES, OggOpusWriter
from tools.turns.gate import FRAME, Frames

LOST_SHARE: Final = 0.003
"""The share of frames that the network loses and the recorder conceals."""

_PACKETS_A_WRITE: Final = 5_000

Placed = tuple[int, bytes]
"""A packet of 20 ms and the position of its first sample."""


def write_track(path: Path, placed: Iterable[Placed], duration: int) -> None:
    """Write a file of this length. A packet that begins before the end of the one before it is left out."""
    writer = OggOpusWriter(serial=zlib.crc32(path.name.encode()))
    end = pending = 0
    with path.open("wb") as file:
        file.write(writer.headers())
        for start, packet in placed:
            if start < end:
                continue
            writer.fill(start - end)
            writer.add(packet, opus.duration_samples(packet))
            end = writer.added_samples
            pending += 1
            if pending % _PACKETS_A_WRITE == 0:
                file.write(writer.pages())
        writer.fill(duration + PRE_SKIP_SAMPLES - end)
        file.write(writer.finish(duration))


def encode(heard: Samples, is_sent: Frames | None = None) -> Iterator[Placed]:
    """Encode what a microphone heard from the start of a take, and yield the frames that are sent; all by default."""
    for number, packet in enumerate(encode_opus(heard)):
        if is_sent is None or (number < len(is_sent) and is_sent[number]):
            yield number * FRAME, packet


def lose_some(rng: np.random.Generator, placed: Iterable[Placed]) -> Iterator[Placed]:
    """Yield the packets of a talk, a few of them replaced by concealment, never two of them in a row."""
    before: bytes | None = None
    for start, packet in placed:
        if before is not None and rng.random() < LOST_SHARE:
            yield start, opus.concealment_for(before)
            before = None
        else:
            yield start, packet
            before = packet
