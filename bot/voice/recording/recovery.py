"""Repairs tracks: those that a killed bot left open are measured and closed, those that are too long are cut.

Reads and writes files; call it from a thread. What a track holds up to its last whole page is kept byte for byte.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from pathlib import Path

from bot.domain.ids import UserId
from bot.samples import Span
from bot.voice.recording.spurts import SHORTEST_PAUSE_SAMPLES
from bot.voice.recording.track import TrackSummary
from bot.voice.recording.trackfile import PRIVATE
from bot.wire import opus
from bot.wire.ogg import read_packets
from bot.wire.ogg_writer import PRE_SKIP_SAMPLES, OggOpusWriter


def length_on_disk(path: Path) -> int:
    """Return how many samples of the take an open track holds; 0 if it holds nothing to keep."""
    return max(sum(map(opus.duration_samples, _packets(path))) - PRE_SKIP_SAMPLES, 0)


def close_track(path: Path, user_id: UserId, duration_samples: int) -> TrackSummary:
    """Close a track at the take's length, filled up with silence, in one atomic step.

    The summary counts only frames with sound as received, because silence that was received and silence that was filled
    in are the same bytes.
    """
    packets = _packets(path)
    kept = sum(map(opus.duration_samples, packets))
    filled = packets + opus.fill_silence(duration_samples + PRE_SKIP_SAMPLES - kept)
    _replace(path, _as_stream(path, filled, duration_samples))
    return _summary(path, user_id, filled, duration_samples)


def trim_track(path: Path, duration_samples: int) -> None:
    """Cut a closed track that is longer than its take, in one atomic step."""
    kept: list[bytes] = []
    length = 0
    for packet in _packets(path):
        if length >= duration_samples:
            break
        kept.append(packet)
        length += opus.duration_samples(packet)
    kept += opus.fill_silence(duration_samples + PRE_SKIP_SAMPLES - length)
    _replace(path, _as_stream(path, kept, duration_samples))


def leave_open(path: Path, user_id: UserId) -> TrackSummary:
    """Return the summary of a track that cannot be rewritten. It stays as it is, and ends with its last whole page."""
    return _summary(path, user_id, _packets(path), length_on_disk(path))


def _summary(path: Path, user_id: UserId, packets: Sequence[bytes], duration_samples: int) -> TrackSummary:
    spurts = _find_spurts(packets, duration_samples)
    return TrackSummary(
        user_id=user_id,
        path=path,
        duration_samples=duration_samples,
        received_frames=sum(_is_sound(packet) and len(packet) > 1 for packet in packets),
        concealed_frames=sum(len(packet) == 1 for packet in packets),
        first_speech_samples=spurts[0].start_samples if spurts else None,
        speech_samples=sum(span.duration_samples for span in spurts),
        spurts=spurts,
        lost_frames=None,
    )


def _packets(path: Path) -> list[bytes]:
    return [packet.data for packet in read_packets(path.read_bytes()) if not packet.is_header]


def _as_stream(path: Path, packets: Sequence[bytes], duration_samples: int) -> bytes:
    writer = OggOpusWriter(serial=zlib.crc32(path.name.encode()))
    for packet in packets:
        writer.add(packet, opus.duration_samples(packet))
    return writer.headers() + writer.finish(duration_samples)


def _replace(path: Path, data: bytes) -> None:
    closed = path.with_suffix(".closed")
    try:
        with os.fdopen(os.open(closed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        closed.replace(path)
    finally:
        closed.unlink(missing_ok=True)


def _find_spurts(packets: Sequence[bytes], duration_samples: int) -> tuple[Span, ...]:
    spans: list[Span] = []
    position = 0
    for packet in packets:
        end = position + opus.duration_samples(packet)
        if _is_sound(packet):
            if spans and position - spans[-1].end_samples < SHORTEST_PAUSE_SAMPLES:
                spans[-1] = Span(spans[-1].start_samples, end)
            else:
                spans.append(Span(position, end))
        position = end
    clipped = (Span(span.start_samples, min(span.end_samples, duration_samples)) for span in spans)
    return tuple(span for span in clipped if span.duration_samples > 0)


def _is_sound(packet: bytes) -> bool:
    return not opus.is_silence(packet)
