"""Repairs tracks: those that a killed bot left open are measured and closed, those that are too long are cut.

Reads and writes files; call it from a thread. What a track holds up to its last whole page is kept byte for byte. Files
are read and written packet by packet, so that memory does not grow with their length.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from bot.domain.ids import UserId
from bot.voice.recording.bed import Kind, Laid
from bot.voice.recording.spurts import SpurtLog
from bot.voice.recording.track import TrackSummary
from bot.voice.recording.trackfile import PRIVATE
from bot.wire import opus
from bot.wire.ogg import read_packets
from bot.wire.ogg_writer import PRE_SKIP_SAMPLES, OggOpusWriter

_PACKETS_A_WRITE: Final = 500


def length_on_disk(path: Path) -> int:
    """Return how many samples of the take an open track holds; 0 if it holds nothing to keep."""
    with _packets(path) as packets:
        return max(sum(map(opus.duration_samples, packets)) - PRE_SKIP_SAMPLES, 0)


def close_track(path: Path, user_id: UserId, duration_samples: int) -> TrackSummary:
    """Close a track at the take's length, filled up with silence, in one atomic step.

    The summary counts only frames with sound as received, because silence that was received and silence that was filled
    in are the same bytes.
    """
    heard = _Heard()
    with _packets(path) as packets, _replacing(path) as file:
        _write(file, path, heard.all(packets), duration_samples)
    return heard.summary(path, user_id, duration_samples)


def trim_track(path: Path, duration_samples: int) -> None:
    """Cut a closed track that is longer than its take, in one atomic step."""
    with _packets(path) as packets, _replacing(path) as file:
        _write(file, path, _until(packets, duration_samples), duration_samples)


def leave_open(path: Path, user_id: UserId) -> TrackSummary:
    """Return the summary of a track that cannot be rewritten. It stays as it is, and ends with its last whole page."""
    heard = _Heard()
    with _packets(path) as packets:
        for _ in heard.all(packets):
            pass
    return heard.summary(path, user_id, max(heard.samples - PRE_SKIP_SAMPLES, 0))


class _Heard:
    """What a track holds, counted while its packets pass through."""

    def __init__(self) -> None:
        self.samples = 0
        self._received = self._concealed = 0
        self._spurts = SpurtLog()

    def all(self, packets: Iterator[bytes]) -> Iterator[bytes]:
        for packet in packets:
            samples, is_sound = opus.duration_samples(packet), not opus.is_silence(packet)
            self._concealed += len(packet) == 1
            self._received += is_sound and len(packet) > 1
            self._spurts.note(Laid(Kind.FRAME, [(packet, samples)], self.samples, samples, is_sound))
            self.samples += samples
            yield packet

    def summary(self, path: Path, user_id: UserId, duration_samples: int) -> TrackSummary:
        spurts = self._spurts.spurts(duration_samples)
        return TrackSummary(
            user_id=user_id,
            path=path,
            duration_samples=duration_samples,
            received_frames=self._received,
            concealed_frames=self._concealed,
            first_speech_samples=spurts[0].start_samples if spurts else None,
            speech_samples=sum(span.duration_samples for span in spurts),
            spurts=spurts,
            lost_frames=None,
        )


@contextmanager
def _packets(path: Path) -> Generator[Iterator[bytes]]:
    """Open a file for reading its packets up to the last whole page, without the headers."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            yield iter(())
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield (packet.data for packet in read_packets(data) if not packet.is_header)


def _until(packets: Iterator[bytes], duration_samples: int) -> Iterator[bytes]:
    length = 0
    for packet in packets:
        if length >= duration_samples:
            return
        length += opus.duration_samples(packet)
        yield packet


def _write(file: BinaryIO, path: Path, packets: Iterator[bytes], duration_samples: int) -> None:
    """Write a stream of these packets that ends at the take's length, filled up with silence."""
    writer = OggOpusWriter(serial=zlib.crc32(path.name.encode()))
    file.write(writer.headers())
    for number, packet in enumerate(packets, start=1):
        # Before the next packet is added, so that one is always left to be trimmed.
        if number % _PACKETS_A_WRITE == 0:
            file.write(writer.pages())
        writer.add(packet, opus.duration_samples(packet))
    writer.fill(duration_samples + PRE_SKIP_SAMPLES - writer.added_samples)
    file.write(writer.finish(duration_samples))


@contextmanager
def _replacing(path: Path) -> Generator[BinaryIO]:
    """Open a file that takes the place of another once it is on disk; if that fails, the other one stays."""
    closed = path.with_suffix(".closed")
    try:
        with os.fdopen(os.open(closed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        closed.replace(path)
    finally:
        closed.unlink(missing_ok=True)
