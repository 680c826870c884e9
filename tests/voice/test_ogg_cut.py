"""Stretches of an Ogg Opus stream are cut out without decoding, and decode to the sound that they were cut from."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ, Span
from bot.wire.ogg import read_packets, read_pages
from bot.wire.ogg_cut import PREROLL_SAMPLES, cut_out, pre_skip_of, with_serial

SECONDS = 6


def _sound() -> Samples:
    t = np.arange(SECONDS * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    sweep = 0.3 * np.sin(2 * np.pi * (200 * t + 150 * t**2)) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))
    return (sweep + np.random.default_rng(4).normal(0, 0.01, len(t))).astype(np.float32)


@pytest.fixture(scope="module")
def stream() -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, _sound(), SAMPLE_RATE_HZ, format="OGG", subtype="OPUS")
    return buffer.getvalue()


def _decoded(data: bytes) -> Samples:
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate == SAMPLE_RATE_HZ
    return np.asarray(samples, np.float32)


def _cut(stream: bytes, *spans: tuple[int, int], serial: int = 7) -> dict[int, bytes]:
    return dict(cut_out(read_packets(stream), [Span(*span) for span in spans], serial))


@pytest.mark.parametrize(
    "span",
    [(0, 48_000), (1, 2), (960, 1920), (100_003, 171_717), (100_003, 100_963), (5 * 48_000, SECONDS * 48_000)],
)
def test_a_cut_decodes_to_its_span_to_the_sample(stream: bytes, span: tuple[int, int]) -> None:
    whole = _decoded(stream)
    (cut,) = _cut(stream, span).values()
    heard, meant = _decoded(cut), whole[slice(*span)]
    assert len(heard) == span[1] - span[0]
    difference = heard.astype(np.float64) - meant
    # After 80 ms, what the decoder still remembers of the past is at least 20 dB below the sound.
    assert np.sqrt(np.mean(difference**2)) < 0.1 * np.sqrt(np.mean(whole.astype(np.float64) ** 2))


def test_packets_are_the_original_ones_with_at_least_80_ms_before(stream: bytes) -> None:
    originals = [packet.data for packet in read_packets(stream)][2:]
    (cut,) = _cut(stream, (100_003, 171_717)).values()
    head, _, *packets = read_packets(cut)
    at = originals.index(packets[0].data)
    assert [packet.data for packet in packets] == originals[at : at + len(packets)]
    assert PREROLL_SAMPLES <= pre_skip_of(head.data) < PREROLL_SAMPLES + 960 + 960


def test_spans_can_overlap_and_come_in_any_order(stream: bytes) -> None:
    spans = [(200_000, 210_000), (10_000, 250_000), (12_000, 12_500)]
    cuts = _cut(stream, *spans)
    assert [len(_decoded(cuts[index])) for index in range(3)] == [end - start for start, end in spans]
    assert list(cuts) == [2, 0, 1]


def test_a_span_beyond_the_end_is_as_long_as_the_sound(stream: bytes) -> None:
    (cut,) = _cut(stream, (5 * 48_000, 60 * 48_000)).values()
    assert 0 <= len(_decoded(cut)) - 48_000 < 960
    assert _cut(stream, (90 * 48_000, 91 * 48_000)) == {}


def test_the_same_cut_has_the_same_bytes(stream: bytes) -> None:
    assert _cut(stream, (0, 9_000)) == _cut(stream, (0, 9_000))
    assert _cut(stream, (0, 9_000)) != _cut(stream, (0, 9_000), serial=8)


def test_another_serial_changes_nothing_that_is_heard(stream: bytes) -> None:
    changed = b"".join(with_serial(read_pages(stream), 5))
    assert changed != stream
    assert {page.serial for page in read_pages(changed)} == {5}
    assert np.array_equal(_decoded(changed), _decoded(stream))
