"""Packets built and parsed, sealed and opened, back to back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire.rtp import build_header, parse_header, sequence_delta, strip_body, timestamp_delta
from bot.wire.transport import MODES, cipher_for


@given(
    sequence=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 0xFFFFFFFF),
    ssrc=st.integers(0, 0xFFFFFFFF),
    marker=st.booleans(),
    words=st.none() | st.integers(0, 3),
    padding=st.integers(0, 255),
    body=st.binary(min_size=1, max_size=200),
    mode=st.sampled_from(MODES),
)
def test_what_is_built_and_sealed_is_opened_and_parsed(
    sequence: int, timestamp: int, ssrc: int, marker: bool, words: int | None, padding: int, body: bytes, mode: str
) -> None:
    clear = build_header(
        sequence=sequence, timestamp=timestamp, ssrc=ssrc, marker=marker, padded=padding > 0, extension_words=words
    )
    tail = bytes(padding - 1) + bytes([padding]) if padding else b""
    cipher = cipher_for(mode, bytes(range(32)))
    datagram = cipher.seal(clear, bytes(4 * (words or 0)) + body + tail, 77)
    header = parse_header(datagram)
    assert header is not None
    assert (header.sequence, header.timestamp, header.ssrc, header.marker) == (sequence, timestamp, ssrc, marker)
    assert header.clear_bytes == len(clear)
    plain = cipher.open(datagram, header.clear_bytes)
    assert plain is not None
    assert strip_body(header, plain) == body
    assert cipher_for(mode, bytes(32)).open(datagram, header.clear_bytes) is None


@pytest.mark.parametrize("count", [0, 9, 255])
def test_padding_that_cannot_be_true_is_not_trusted(count: int) -> None:
    header = parse_header(build_header(sequence=1, timestamp=2, ssrc=3, padded=True))
    assert header is not None
    body = bytes(7) + bytes([count])
    assert strip_body(header, body) == body


@given(st.integers(0, 2**32 - 1), st.integers(-(2**15), 2**15 - 1), st.integers(-(2**31), 2**31 - 1))
def test_distances_wrap(origin: int, steps: int, samples: int) -> None:
    assert sequence_delta((origin + steps) & 0xFFFF, origin & 0xFFFF) == steps
    assert timestamp_delta((origin + samples) & 0xFFFFFFFF, origin) == samples
