"""Ogg Opus files: our writer against libsndfile, our reader against libsndfile's writer, and torn files."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire import ogg, opus
from bot.wire.ogg_writer import OggOpusWriter


def libsndfile_file(seconds: float = 1.0) -> bytes:
    noise = (0.2 * np.random.default_rng(5).standard_normal(int(seconds * 48_000))).astype(np.float32)
    buffer = io.BytesIO()
    soundfile.write(buffer, noise, 48_000, format="OGG", subtype="OPUS")
    return buffer.getvalue()


FOREIGN = libsndfile_file(3.0)
PACKETS = [packet.data for packet in ogg.read_packets(FOREIGN) if not packet.is_header]


def build(packets: list[bytes], *, flush_every: int = 25, duration: int | None = None) -> bytes:
    writer = OggOpusWriter(serial=9, comments={"TITLE": "a take"})
    data = writer.headers()
    for number, packet in enumerate(packets, 1):
        writer.add(packet, opus.duration_samples(packet))
        if number % flush_every == 0:
            data += writer.pages()
    return data + writer.finish(duration)


def reference_checksum(page: bytes) -> int:
    """RFC 3533, section 6, bit by bit."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)
            crc &= 0xFFFFFFFF
    return crc


@given(st.binary(max_size=300))
def test_the_checksum_is_that_of_the_rfc(page: bytes) -> None:
    assert ogg.checksum(page) == reference_checksum(page)


def test_another_writers_file_is_read_whole() -> None:
    packets = list(ogg.read_packets(FOREIGN))
    assert [packet.is_header for packet in packets[:3]] == [True, True, False]
    assert packets[-1].end_samples == 3 * 48_000 + 312
    assert ogg.valid_bytes(FOREIGN) == len(FOREIGN)


def test_another_reader_reads_our_file() -> None:
    theirs, _ = soundfile.read(io.BytesIO(FOREIGN), dtype="float32")
    ours, _ = soundfile.read(io.BytesIO(build(PACKETS, duration=3 * 48_000)), dtype="float32")
    assert np.array_equal(theirs, ours)


def test_headers_say_mono_and_pre_skip() -> None:
    head = next(ogg.read_packets(build([])))
    assert head.data == b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)


@given(
    sizes=st.lists(st.integers(1, 1_300), min_size=1, max_size=200),
    flush_every=st.integers(1, 300),
    serial=st.integers(0, 2**32 - 1),
)
@settings(deadline=None)
def test_what_is_written_is_read_with_its_positions(sizes: list[int], flush_every: int, serial: int) -> None:
    packets = [b"\xf8" + bytes([size & 0xFF]) * (size - 1) for size in sizes]
    data = build(packets, flush_every=flush_every)
    read = [packet for packet in ogg.read_packets(data) if not packet.is_header]
    assert [packet.data for packet in read] == packets
    assert [packet.end_samples for packet in read] == [960 * number for number in range(1, len(packets) + 1)]
    pages = list(ogg.read_pages(data))
    assert [page.number for page in pages] == list(range(len(pages)))
    assert [bool(page.flags & 4) for page in pages] == [False] * (len(pages) - 1) + [True]
    assert all(sum(page.lacing) == len(page.body) for page in pages)


@pytest.mark.parametrize("size", [254, 255, 256, 510, 65_024, 65_025, 65_026, 200_000])
def test_a_packet_may_span_pages(size: int) -> None:
    big = b"\xf8" + bytes(size - 1)
    data = build([PACKETS[0], big, PACKETS[1]])
    assert [packet.data for packet in ogg.read_packets(data) if not packet.is_header] == [PACKETS[0], big, PACKETS[1]]


@given(cut=st.integers(0, len(FOREIGN)), ours=st.booleans())
@settings(deadline=None, max_examples=200)
def test_a_file_cut_anywhere_is_valid_up_to_its_last_whole_page(cut: int, ours: bool) -> None:
    whole = build(PACKETS) if ours else FOREIGN
    torn = whole[:cut]
    valid = ogg.valid_bytes(torn)
    assert valid <= len(torn)
    read = [packet.data for packet in ogg.read_packets(torn) if not packet.is_header]
    assert read == PACKETS[: len(read)]
    if ours and read:
        for data in (torn, torn[:valid]):
            length = sum(opus.duration_samples(packet) for packet in read)
            assert soundfile.info(io.BytesIO(data)).frames == max(length - 312, 0)
            assert len(soundfile.read(io.BytesIO(data))[0]) == max(length - 312, 0)


@given(at=st.integers(0, len(FOREIGN) - 1), bit=st.integers(0, 7))
@settings(deadline=None)
def test_a_changed_bit_ends_the_reading_there_and_never_raises(at: int, bit: int) -> None:
    damaged = bytearray(FOREIGN)
    damaged[at] ^= 1 << bit
    read = [packet.data for packet in ogg.read_packets(bytes(damaged)) if not packet.is_header]
    assert read == PACKETS[: len(read)]
    assert ogg.valid_bytes(bytes(damaged)) <= at


def test_chained_streams_follow_one_another() -> None:
    data = build(PACKETS[:30]) + build(PACKETS[30:60])
    read = list(ogg.read_packets(data))
    assert [packet.data for packet in read if not packet.is_header] == PACKETS[:60]
    assert sum(packet.is_header for packet in read) == 4


@pytest.mark.parametrize("duration", [1, 100, 959, 24_000, 47_999, 48_000 - 312])
def test_the_end_is_trimmed_to_the_sample_and_every_packet_kept(duration: int) -> None:
    packets = PACKETS[: (duration + 312) // 960 + 3]
    data = build(packets, flush_every=1_000, duration=duration)
    assert soundfile.info(io.BytesIO(data)).frames == duration
    assert [packet.data for packet in ogg.read_packets(data) if not packet.is_header] == packets


def test_pages_already_written_are_never_contradicted() -> None:
    data = build(PACKETS[:50], flush_every=25, duration=24_000)
    positions = [page.granule_position for page in ogg.read_pages(data)]
    assert positions == sorted(positions)
    assert soundfile.info(io.BytesIO(data)).frames == 48_000 - 312


@given(
    sounds=st.integers(0, 300),
    silence=st.integers(0, 40 * 48_000),
    after=st.integers(0, 5),
    cut_short=st.integers(0, 400),
    is_flushed=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_long_silence_is_the_same_packets_as_short_ones(
    sounds: int, silence: int, after: int, cut_short: int, is_flushed: bool
) -> None:
    before, later = [PACKETS[0]] * sounds, [PACKETS[1]] * after
    silent = opus.fill_silence(silence)
    writer = OggOpusWriter(serial=9)
    data = writer.headers()
    writer.add_all([(packet, 960) for packet in before], len(before) * 960)
    writer.fill(silence)
    if is_flushed:
        data += writer.pages()
    for packet in later:
        writer.add(packet, 960)
    total = sum(map(opus.duration_samples, [*before, *silent, *later]))
    assert writer.added_samples == total
    # What is trimmed must still be queued: here, part of the last packet.
    duration = max(total - 312 - (0 if is_flushed else min(cut_short, 100)), 0)
    data += writer.finish(duration)
    read = [packet for packet in ogg.read_packets(data) if not packet.is_header]
    assert [packet.data for packet in read] == [*before, *silent, *later]
    pages = list(ogg.read_pages(data))
    assert [page.number for page in pages] == list(range(len(pages)))
    if total > 312:
        assert soundfile.info(io.BytesIO(data)).frames == duration
