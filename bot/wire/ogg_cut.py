"""Cuts stretches out of an Ogg Opus stream without decoding: the original packets, in a stream of their own.

A decoder needs some packets before a stretch until its state is that of the whole stream: RFC 7845, section 4.6, asks
for at least 80 ms. A cut stream begins with them, and its pre-skip makes decoders drop them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.samples import SAMPLE_RATE_HZ, Span
from bot.wire import ogg, opus
from bot.wire.ogg_writer import OggOpusWriter

PREROLL_SAMPLES: Final = SAMPLE_RATE_HZ * 80 // 1000


@dataclass(slots=True)
class _Cut:
    index: int
    span: Span
    begins_at: int
    packets: list[bytes] = field(default_factory=list[bytes])


def pre_skip_of(head: bytes) -> int:
    """Return the samples that a decoder drops at the start, from the packet `OpusHead` (RFC 7845, section 5.1)."""
    return int.from_bytes(head[10:12], "little")


def cut_out(packets: Iterable[ogg.OggPacket], spans: Sequence[Span], serial: int) -> Iterator[tuple[int, bytes]]:
    """Yield the index of each span and its stream, in the order in which the spans end.

    Spans are in samples of the decoded sound. A stream decodes to exactly its span, or to what of it there is, and
    differs from the whole only as far as 80 ms are too short for the decoder. A span without sound yields nothing.
    """
    waiting = deque(sorted(enumerate(spans), key=lambda one: one[1].start_samples))
    recent: deque[tuple[bytes, int, int]] = deque()
    running: list[_Cut] = []
    pre_skip = 0
    for packet in packets:
        if packet.is_header:
            pre_skip = pre_skip_of(packet.data) if packet.data.startswith(b"OpusHead") else pre_skip
            continue
        length = opus.duration_samples(packet.data)
        start = recent[-1][2] if recent else -pre_skip
        recent.append((packet.data, start, start + length))
        for cut in running:
            cut.packets.append(packet.data)
        while waiting and start + length > waiting[0][1].start_samples:
            index, span = waiting.popleft()
            needed = [one for one in recent if one[2] > span.start_samples - PREROLL_SAMPLES]
            running.append(_Cut(index, span, needed[0][1], [data for data, _, _ in needed]))
        yield from (_finished(cut, serial) for cut in running if cut.span.end_samples <= start + length)
        running = [cut for cut in running if cut.span.end_samples > start + length]
        while len(recent) > 1 and recent[0][2] <= start - PREROLL_SAMPLES - opus.LONGEST_SAMPLES:
            recent.popleft()
    yield from (_finished(cut, serial) for cut in running)


def with_serial(pages: Iterable[ogg.OggPage], serial: int) -> Iterator[bytes]:
    """Yield the pages with another serial number, which encoders draw at random."""
    return (replace(page, serial=serial & 0xFFFF_FFFF).to_bytes() for page in pages)


def _finished(cut: _Cut, serial: int) -> tuple[int, bytes]:
    writer = OggOpusWriter(serial=serial + cut.index, pre_skip=cut.span.start_samples - cut.begins_at)
    for packet in cut.packets:
        writer.add(packet, opus.duration_samples(packet))
    return cut.index, writer.headers() + writer.finish(cut.span.duration_samples)
