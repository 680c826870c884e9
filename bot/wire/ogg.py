"""Ogg pages (RFC 3533) and the Opus packets in them (RFC 7845), read from bytes. `ogg_writer` writes such bytes.

A file is OpusHead, OpusTags, then audio pages. Written bytes never change, so a file that ends anywhere is valid up
to its last whole page.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from typing import Final

from bot.wire import opus

CONTINUED, FIRST, LAST = 0x01, 0x02, 0x04
"""Flags of a page (RFC 3533, section 6): continues a packet; first page of the stream; last page of the stream."""

FileBytes = bytes | mmap
"""A file's content: mapped, so that a long file does not have to fit into memory."""

_PAGE: Final = struct.Struct("<4sBBqIIIB")
_POSITION_AT, _NUMBER_AT, _CRC_AT, _CRC_END = 6, 18, 22, 26
_REVERSED_BITS: Final = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


@dataclass(frozen=True, slots=True)
class OggPacket:
    """One packet of a file. `end_samples` is the granule position at its end, including the pre-skip; 0 for headers.

    It is never beyond the position of its page, so that a trimmed last packet ends where the sound ends.
    """

    data: bytes
    end_samples: int
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class OggPage:
    """One whole page. `lacing` has the sizes of its segments, `end_bytes` is its end in the file."""

    flags: int
    granule_position: int
    serial: int
    number: int
    lacing: bytes
    body: bytes
    end_bytes: int = 0

    def to_bytes(self) -> bytes:
        """Return the page as it is in a file, with its checksum."""
        numbers = self.flags, self.granule_position, self.serial, self.number
        page = _PAGE.pack(b"OggS", 0, *numbers, 0, len(self.lacing)) + self.lacing + self.body
        return page[:_CRC_AT] + checksum(page).to_bytes(4, "little") + page[_CRC_END:]


def pages_like(page: OggPage, count: int, samples: int) -> Iterator[bytes]:
    """Yield a page and those after it, `count` in all: each only differs in being `samples` later than the last."""
    data = bytearray(page.to_bytes())
    for number in range(count):
        struct.pack_into("<q", data, _POSITION_AT, page.granule_position + number * samples)
        struct.pack_into("<I", data, _NUMBER_AT, page.number + number)
        data[_CRC_AT:_CRC_END] = bytes(4)
        data[_CRC_AT:_CRC_END] = checksum(data).to_bytes(4, "little")
        yield bytes(data)


def checksum(page: bytes | bytearray) -> int:
    """Return Ogg's CRC-32 of a page whose checksum field is zero.

    RFC 3533, section 6: polynomial 0x04C11DB7, unreflected. zlib has the same polynomial reflected, so bits are
    reversed in both directions. zlib also inverts the start value and the result, which Ogg does not; both are undone
    here.
    """
    reflected = zlib.crc32(page.translate(_REVERSED_BITS), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int.from_bytes(reflected.to_bytes(4, "little").translate(_REVERSED_BITS), "big")


def read_pages(data: FileBytes) -> Iterator[OggPage]:
    """Yield the pages of a file from its start. Stops at the first one that is torn or has a wrong checksum."""
    at = 0
    while (page := _page_at(data, at)) is not None:
        yield page
        at = page.end_bytes


def valid_bytes(data: bytes) -> int:
    """Return the length of the whole pages at the start of a file: where to cut the file of a killed writer."""
    end = 0
    for page in read_pages(data):
        end = page.end_bytes
    return end


def read_packets(data: FileBytes) -> Iterator[OggPacket]:
    """Yield the packets of a file in order, including headers. Stops without an error after the last whole page.

    Chained streams follow one another. A packet whose rest is missing is left out.
    """
    partial = b""
    end_samples = 0
    for page in read_pages(data):
        if page.flags & FIRST:
            partial, end_samples = b"", 0
        if not page.flags & CONTINUED:
            partial = b""
        complete, partial = _unlace(page, partial)
        headers = [packet for packet in complete if packet.startswith((b"OpusHead", b"OpusTags"))]
        yield from (OggPacket(packet, 0, is_header=True) for packet in headers)
        sound = complete[len(headers) :]
        if not sound:
            continue
        lengths = [opus.duration_samples(packet) for packet in sound]
        if not page.flags & LAST:
            end_samples = max(page.granule_position - sum(lengths), 0)
        for packet, length in zip(sound, lengths, strict=True):
            end_samples = min(end_samples + length, page.granule_position)
            yield OggPacket(packet, end_samples)


def _page_at(data: FileBytes, at: int) -> OggPage | None:
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
