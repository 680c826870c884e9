"""Ogg pages (RFC 3533) around Opus packets (RFC 7845): bytes out, bytes in, no files.

A file is OpusHead, OpusTags, then audio pages. Nothing written is ever changed, so a file that ends anywhere is
valid up to its last whole page.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.voice import opus

PRE_SKIP_SAMPLES: Final = 312
"""6.5 ms, the delay of libopus's encoder at 48 kHz: decoders drop it, so that position in the file is the speaker's."""

_CONTINUED, _FIRST, _LAST = 0x01, 0x02, 0x04
_NO_PACKET_ENDS = -1  # granule position of a page on which no packet ends (RFC 3533, section 6)
_PAGE: Final = struct.Struct("<4sBBqIIIB")
_CRC_AT, _CRC_END = 22, 26
_SEGMENTS_A_PAGE = 255
_REVERSED_BITS: Final = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


@dataclass(frozen=True, slots=True)
class OggPacket:
    """One packet out of a file. `end_samples` is the granule position at its end, the pre-skip included; 0 for headers.

    It is never beyond the position of its page, so that a trimmed last packet ends where the sound ends.
    """

    data: bytes
    end_samples: int
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class OggPage:
    """One whole page with a right checksum; `end_bytes` is where it ends in the file."""

    flags: int
    granule_position: int
    serial: int
    number: int
    lacing: bytes
    body: bytes
    end_bytes: int


class OggOpusWriter:
    """Builds one Ogg Opus stream, page by page: mono, 48 kHz.

    Take `headers()` first, then `add()` packets and collect `pages()` as often as a file shall grow, and `finish()`
    at the end. Positions are samples since the first packet's start, as the speaker's time: the pre-skip is
    added here.
    """

    def __init__(
        self,
        *,
        serial: int,
        comments: Mapping[str, str] | None = None,
        vendor: str = "Promptbook",
        pre_skip: int = PRE_SKIP_SAMPLES,
    ) -> None:
        self._serial = serial & 0xFFFF_FFFF
        self._comments = dict(comments or {})
        self._vendor = vendor
        self._pre_skip = pre_skip
        self._number = 0
        self._queued: list[tuple[bytes, int]] = []
        self._added_samples = 0
        self._paged_samples = 0

    @property
    def added_samples(self) -> int:
        """How long all packets added so far last together."""
        return self._added_samples

    @property
    def paged_samples(self) -> int:
        """How long the packets in pages already taken last together."""
        return self._paged_samples

    def headers(self) -> bytes:
        """The pages of OpusHead and OpusTags (RFC 7845, sections 5.1 and 5.2), each on pages of its own."""
        # Version 1, one channel, pre-skip, input rate, gain 0, channel mapping family 0.
        head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, self._pre_skip, opus.SAMPLE_RATE_HZ, 0, 0)
        tags = b"OpusTags" + _counted(self._vendor) + struct.pack("<I", len(self._comments))
        tags += b"".join(_counted(f"{name}={value}") for name, value in self._comments.items())
        return self._lace([head], 0, _FIRST) + self._lace([tags], 0)

    def add(self, packet: bytes, samples: int) -> None:
        """Queue one packet of that length for the next `pages()`."""
        self._queued.append((packet, samples))
        self._added_samples += samples

    def add_all(self, packets: Sequence[tuple[bytes, int]], samples: int) -> None:
        """The same for many, each with its length, which together last `samples`."""
        self._queued += packets
        self._added_samples += samples

    def pages(self) -> bytes:
        """Everything queued as whole pages of at most a second; empty when nothing is queued."""
        pages: list[bytes] = []
        while self._queued:
            batch, samples = self._next_batch()
            self._paged_samples += samples
            pages.append(self._lace(batch, self._paged_samples))
        return b"".join(pages)

    def finish(self, duration_samples: int | None = None) -> bytes:
        """The last pages, marked as the end of the stream; nothing may be added afterwards.

        With `duration_samples` a decoder stops there (RFC 7845, section 4.4: end trimming). Every packet is kept.
        It cuts into what is queued, never into pages already taken, and cannot lengthen what was added.
        """
        end = self._added_samples
        if duration_samples is not None and duration_samples + self._pre_skip > self._paged_samples:
            end = min(end, duration_samples + self._pre_skip)
        last = self._split_off_last_page(end)
        pages = self.pages()
        return pages + self._lace(last, end if last else self._paged_samples, _LAST)

    def _split_off_last_page(self, end: int) -> list[bytes]:
        """Take out of the queue the packet in which the sound ends and all that follow: only the page that ends
        the stream may name a position before the end of its packets. Empty when they do not fit one page.
        """
        position, first = self._added_samples, len(self._queued)
        while first and position >= end:
            first -= 1
            position -= self._queued[first][1]
        last = [packet for packet, _ in self._queued[first:]]
        if sum(len(packet) // 255 + 1 for packet in last) > _SEGMENTS_A_PAGE:
            return []
        del self._queued[first:]
        return last

    def _next_batch(self) -> tuple[list[bytes], int]:
        """Packets for one page: up to a second of sound, and no more than fit unbroken."""
        segments = samples = taken = 0
        for packet, length in self._queued:
            segments += len(packet) // 255 + 1
            samples += length
            if taken and (segments > _SEGMENTS_A_PAGE or samples > opus.SAMPLE_RATE_HZ):
                samples -= length
                break
            taken += 1
        batch = [packet for packet, _ in self._queued[:taken]]
        del self._queued[:taken]
        return batch, samples

    def _lace(self, packets: list[bytes], position: int, flags: int = 0) -> bytes:
        """One page, or several when a packet alone is larger than a page (RFC 3533, section 5)."""
        sizes = [len(packet) for packet in packets]
        lacing = bytes(sizes) if max(sizes, default=0) < 255 else b"".join(map(_lacing, sizes))
        body = b"".join(packets)
        pages: list[bytes] = []
        while len(lacing) > _SEGMENTS_A_PAGE:
            # Only a single packet of more than 65,025 bytes comes here, so no packet ends on this page.
            cut = sum(lacing[:_SEGMENTS_A_PAGE])
            first = flags & (_FIRST | _CONTINUED)
            pages.append(self._page(first, _NO_PACKET_ENDS, lacing[:_SEGMENTS_A_PAGE], body[:cut]))
            lacing, body = lacing[_SEGMENTS_A_PAGE:], body[cut:]
            flags = flags & ~_FIRST | _CONTINUED
        pages.append(self._page(flags, position, lacing, body))
        return b"".join(pages)

    def _page(self, flags: int, position: int, lacing: bytes, body: bytes) -> bytes:
        head = _PAGE.pack(b"OggS", 0, flags, position, self._serial, self._number, 0, len(lacing))
        self._number += 1
        page = head + lacing + body
        return page[:_CRC_AT] + checksum(page).to_bytes(4, "little") + page[_CRC_END:]


def checksum(page: bytes) -> int:
    """Ogg's CRC-32 of a page whose checksum field is zero (RFC 3533, section 6: polynomial 0x04C11DB7, unreflected).

    zlib has the same polynomial reflected, so bits are reversed on the way in and out; zlib's two inversions (of the
    start value and of the result), which Ogg does not have, are undone.
    """
    reflected = zlib.crc32(page.translate(_REVERSED_BITS), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int.from_bytes(reflected.to_bytes(4, "little").translate(_REVERSED_BITS), "big")


def read_pages(data: bytes) -> Iterator[OggPage]:
    """The pages of a file from its start; stops at the first that is torn or has a wrong checksum."""
    at = 0
    while (page := _page_at(data, at)) is not None:
        yield page
        at = page.end_bytes


def valid_bytes(data: bytes) -> int:
    """How much of a file, from its start, is whole pages: where to cut one whose writer was killed."""
    end = 0
    for page in read_pages(data):
        end = page.end_bytes
    return end


def read_packets(data: bytes) -> Iterator[OggPacket]:
    """The packets of a file in order, headers included; ends quietly where the last whole page ends.

    Chained streams follow one another. A packet whose rest is missing is left out.
    """
    partial = b""
    end_samples = 0
    for page in read_pages(data):
        if page.flags & _FIRST:
            partial, end_samples = b"", 0
        if not page.flags & _CONTINUED:
            partial = b""
        complete, partial = _unlace(page, partial)
        headers = [packet for packet in complete if packet.startswith((b"OpusHead", b"OpusTags"))]
        yield from (OggPacket(packet, 0, is_header=True) for packet in headers)
        sound = complete[len(headers) :]
        if not sound:
            continue
        lengths = [opus.duration_samples(packet) for packet in sound]
        if not page.flags & _LAST:
            end_samples = max(page.granule_position - sum(lengths), 0)
        for packet, length in zip(sound, lengths, strict=True):
            end_samples = min(end_samples + length, page.granule_position)
            yield OggPacket(packet, end_samples)


def _page_at(data: bytes, at: int) -> OggPage | None:
    if len(data) - at < _PAGE.size:
        return None
    magic, version, flags, position, serial, number, crc, segments = _PAGE.unpack_from(data, at)
    if magic != b"OggS" or version != 0:
        return None
    lacing = data[at + _PAGE.size : at + _PAGE.size + segments]
    start = at + _PAGE.size + segments
    end = start + sum(lacing)
    if len(lacing) < segments or end > len(data):
        return None
    if checksum(data[at : at + _CRC_AT] + bytes(4) + data[at + _CRC_END : end]) != crc:
        return None
    return OggPage(flags, position, serial, number, lacing, data[start:end], end)


def _unlace(page: OggPage, partial: bytes) -> tuple[list[bytes], bytes]:
    """Split a page's body into the packets that end on it and the beginning of one that does not."""
    complete: list[bytes] = []
    at = start = 0
    for value in page.lacing:
        at += value
        if value < 255:
            complete.append(partial + page.body[start:at])
            partial, start = b"", at
    return complete, partial + page.body[start:at]


def _lacing(size: int) -> bytes:
    return b"\xff" * (size // 255) + bytes((size % 255,))


def _counted(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<I", len(raw)) + raw
