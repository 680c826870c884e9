"""Cuts the clips of one track while it is decoded, and measures them."""

from __future__ import annotations

import hashlib
import io
import math
import mmap
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from bot.audio.sound import Encoder, Samples
from bot.dataset.sound.made import ClipMade
from bot.dataset.sound.orders import Audio, ClipOrder, TrackOrder
from bot.samples import Span
from bot.wire.ogg import read_packets
from bot.wire.ogg_cut import cut_out

SILENCE_DBFS: Final = -65.0
"""A clip below this level holds no voice: rooms and microphones are about as loud, and speech is 30 dB louder."""


@dataclass(slots=True)
class _Running:
    """A clip that is being cut."""

    order: ClipOrder
    encoder: Encoder | None
    target: io.BytesIO = field(default_factory=io.BytesIO)
    length: int = 0
    energy: float = 0.0
    peak: float = 0.0

    def write(self, samples: Samples) -> None:
        if len(samples):
            if self.encoder:
                self.encoder.write(samples)
            self.length += len(samples)
            self.energy += float(np.sum(np.square(samples, dtype=np.float64)))
            self.peak = max(self.peak, float(np.abs(samples).max()))

    @property
    def level_dbfs(self) -> float:
        return 10 * math.log10(self.energy / self.length) if self.energy > 0 else -math.inf


class ClipCutter:
    """Cuts the clips of a track out of its decoded blocks, and appends them to one file for the whole take.

    Opus is not encoded again: its clips are cut at the end, out of the packets of the track's file.
    """

    def __init__(self, order: TrackOrder, audio: Audio, bin_: BinaryIO) -> None:
        self._order = order
        self._audio = audio
        self._bin = bin_
        self._waiting = deque(sorted(order.clips, key=lambda clip: clip.start_samples))
        self._running: list[_Running] = []
        self._ended: list[_Running] = []
        self._made: list[ClipMade] = []

    def feed(self, start: int, block: Samples) -> None:
        """Take the next decoded block, which starts at `start`. Blocks follow one another without a gap."""
        end = start + len(block)
        while self._waiting and self._waiting[0].start_samples < end:
            self._running.append(self._begin(self._waiting.popleft()))
        for clip in self._running:
            clip.write(block[max(clip.order.start_samples - start, 0) : max(clip.order.end_samples - start, 0)])
        ended = [clip for clip in self._running if clip.order.end_samples <= end]
        self._running = [clip for clip in self._running if clip.order.end_samples > end]
        self._end(ended)

    def finish(self) -> tuple[ClipMade, ...]:
        """End the clips that the track's end cuts short, and return those in which something can be heard."""
        self._end(self._running)
        self._running = []
        if self._audio is Audio.OPUS:
            for clip, data in self._cut_packets():
                self._append(clip, data)
        return tuple(sorted(self._made, key=lambda clip: (clip.start_samples, clip.name)))

    def close(self) -> None:
        """Close what an error left open, before the memory that it is written to is gone."""
        for clip in self._running:
            if clip.encoder:
                clip.encoder.close()

    def _begin(self, order: ClipOrder) -> _Running:
        target = io.BytesIO()
        encoder = None if self._audio is Audio.OPUS else Encoder(target, self._audio.container)
        return _Running(order, encoder, target)

    def _end(self, ended: list[_Running]) -> None:
        for clip in ended:
            if clip.encoder:
                clip.encoder.close()
            if not clip.length or clip.level_dbfs < SILENCE_DBFS:
                continue
            if clip.encoder:
                self._append(clip, clip.target.getvalue())
            else:
                self._ended.append(clip)

    def _append(self, clip: _Running, data: bytes) -> None:
        start = clip.order.start_samples
        self._made.append(
            ClipMade(
                clip.order.name,
                self._bin.tell(),
                len(data),
                hashlib.sha256(data).hexdigest(),
                start,
                start + clip.length,
                clip.level_dbfs,
                20 * math.log10(clip.peak),
            )
        )
        self._bin.write(data)

    def _cut_packets(self) -> Iterator[tuple[_Running, bytes]]:
        spans = [Span(one.order.start_samples, one.order.start_samples + one.length) for one in self._ended]
        serial = zlib.crc32(self._order.name.encode())
        with Path(self._order.source).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for index, stream in cut_out(read_packets(data), spans, serial):
                yield self._ended[index], stream
