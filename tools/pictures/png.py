"""Small PNG files: Chromium's output is reduced to a palette, and a picture knows the page that it shows.

Chunks, filters and colour types are as in the PNG specification (W3C, third edition, sections 5, 6 and 9).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tools.pictures.palette import reduce_colours

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _PALETTE = 2, 3
_FILTER_NONE, _FILTER_UP = 0, 2
_SOURCE = b"Source\x00"

Pixels = NDArray[np.uint8]


class PngUnexpected(Exception):
    """A PNG that differs from those that Chromium makes when it encodes for speed."""


def small_png(png: bytes, source: str) -> bytes:
    """Return the picture with at most 256 colours; `source` says what it shows, and `source_of` returns it."""
    palette, indices = reduce_colours(read_pixels(png))
    height, width = indices.shape
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = indices
    return b"".join(
        [
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _PALETTE, 0, 0, 0)),
            _chunk(b"tEXt", _SOURCE + source.encode("latin-1")),
            _chunk(b"PLTE", palette.tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def source_of(png: bytes) -> str | None:
    """Return the source of a picture of `small_png`."""
    texts = [data for kind, data in _chunks(png) if kind == b"tEXt" and data.startswith(_SOURCE)]
    return texts[0].removeprefix(_SOURCE).decode("latin-1") if texts else None


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height in pixels."""
    width, height = struct.unpack_from(">II", next(data for kind, data in _chunks(png) if kind == b"IHDR"))
    return width, height


def read_pixels(png: bytes) -> Pixels:
    """Return rows of pixels of red, green, blue. Raises PngUnexpected for another colour type or filter than Up."""
    header = next(data for kind, data in _chunks(png) if kind == b"IHDR")
    width, height, *form = struct.unpack(">IIBBBBB", header)
    if form != [8, _RGB, 0, 0, 0]:
        raise PngUnexpected(f"A PNG of bit depth, colour type, compression, filter and interlace {form}.")
    data = zlib.decompress(b"".join(data for kind, data in _chunks(png) if kind == b"IDAT"))
    rows = np.frombuffer(data, np.uint8).reshape(height, width * 3 + 1)
    filters = set(rows[1:, 0].tolist())
    if filters - {_FILTER_UP} or rows[0, 0] not in (_FILTER_NONE, _FILTER_UP):
        raise PngUnexpected(f"A PNG with the row filters {sorted(filters)}.")
    # Filter Up: each byte is the difference from the one above it, modulo 256.
    return np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, 3)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        yield kind, png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
