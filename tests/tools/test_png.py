"""Pictures made smaller."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tools.pictures.palette import COLOURS, reduce_colours
from tools.pictures.png import SIGNATURE, Pixels, PngUnexpected, read_pixels, size_of, small_png, source_of


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def as_chromium(pixels: Pixels, row_filter: int = 2, colour_type: int = 2) -> bytes:
    """A PNG in which each row is stored as the difference from the row above."""
    height, width, _ = pixels.shape
    flat = pixels.reshape(height, width * 3)
    rows = np.full((height, width * 3 + 1), row_filter, np.uint8)
    rows[:, 1:] = np.diff(flat, axis=0, prepend=np.zeros((1, width * 3), np.uint8))
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows.tobytes())) + chunk(b"IEND", b"")


def pixels_of(small: bytes) -> Pixels:
    """The pixels of a picture with a palette, read without the code that wrote it."""
    chunks, at = dict[bytes, bytes](), len(SIGNATURE)
    while at < len(small):
        length, kind = struct.unpack_from(">I4s", small, at)
        chunks[kind] = small[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", small, at + 8 + length)[0] == zlib.crc32(kind + chunks[kind])
        at += length + 12
    width, height, depth, colour_type = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    assert (depth, colour_type) == (8, 3)
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]


images = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=12).map(lambda shape: (*shape, 3)))


@given(images)
def test_a_picture_of_few_colours_stays_as_it_is(pixels: Pixels):
    small = small_png(as_chromium(pixels), "page")
    assert np.array_equal(pixels_of(small), pixels)
    assert size_of(small) == (pixels.shape[1], pixels.shape[0])


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_of_many_colours_the_common_ones_stay_and_the_others_come_near(seed: int):
    random = np.random.default_rng(seed)
    pixels = random.integers(100, 140, (60, 60, 3), np.uint8)
    pixels[:30] = (27, 28, 34)
    palette, places = reduce_colours(pixels)
    assert len(palette) <= COLOURS
    assert (palette[places[:30]] == (27, 28, 34)).all()
    assert np.abs(palette[places].astype(int) - pixels).max() < 40


def test_a_picture_knows_what_it_was_made_from():
    small = small_png(as_chromium(np.zeros((2, 2, 3), np.uint8)), "of this page")
    assert source_of(small) == "of this page"
    assert source_of(as_chromium(np.zeros((2, 2, 3), np.uint8))) is None


def test_other_kinds_of_png_are_refused():
    pixels = np.zeros((3, 2, 3), np.uint8)
    with pytest.raises(PngUnexpected):
        read_pixels(as_chromium(pixels, row_filter=4))
    with pytest.raises(PngUnexpected):
        read_pixels(as_chromium(pixels, colour_type=6))
