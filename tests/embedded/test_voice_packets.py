"""The cast's packets are like those of real clients, and rarely like those of a simple loopback test."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.embedded.client.voice.packets import FRAME_SAMPLES, Packet, Packetiser
from bot.wire.rtp import parse_header, sequence_delta, strip_body, timestamp_delta


def evening(seed: int, spurts: int = 40, length: int = 100) -> list[tuple[list[Packet], list[Packet]]]:
    """Talk spurts two seconds apart: the frames of each, and the packets after it that hold only padding."""
    packetiser = Packetiser(77, Random(seed))
    result = []
    for spurt in range(spurts):
        packetiser.begin_spurt(spurt * (length + 105) * FRAME_SAMPLES)
        packets = [packetiser.frame(bytes([n % 256])) for n in range(length)]
        packetiser.end_spurt()
        packets += [packetiser.frame(b"\xf8\xff\xfe") for _ in range(5)]
        result.append((packets, packetiser.padding_only()))
    return result


@given(st.integers())
def test_sequence_runs_on_and_time_runs_through_silence(seed: int) -> None:
    spurts = evening(seed, spurts=4, length=20)
    everything = [packet for frames, padding in spurts for packet in frames + padding]
    steps = {sequence_delta(b.sequence, a.sequence) for a, b in pairwise(everything)}
    assert steps == {1}
    first = spurts[0][0][0].timestamp
    for number, (frames, padding) in enumerate(spurts):
        start = number * 125 * FRAME_SAMPLES
        offsets = [timestamp_delta(packet.timestamp, first) - start for packet in frames]
        assert offsets == [n * FRAME_SAMPLES for n in range(25)]
        assert {packet.timestamp for packet in padding} <= {frames[-1].timestamp}
        assert [packet.marker for packet in frames] == [True] + [False] * 24


@given(st.integers())
def test_a_receiver_finds_the_payload_again(seed: int) -> None:
    for frames, padding in evening(seed, spurts=2, length=30):
        for number, packet in enumerate(frames):
            header = parse_header(packet.clear + packet.body)
            assert header
            assert header.clear_bytes == len(packet.clear)
            expected = bytes([number]) if number < 30 else b"\xf8\xff\xfe"
            assert strip_body(header, packet.body) == expected
        for packet in padding:
            header = parse_header(packet.clear + packet.body)
            assert header
            assert strip_body(header, packet.body) == b""


def test_the_mixture_is_that_of_the_air() -> None:
    spurts = evening(seed=5)
    packets = [packet for frames, _ in spurts for packet in frames]
    padded = [packet for packet in packets if packet.padded]
    assert 0.05 < len(padded) / len(packets) < 0.15
    near_silence = [packet.padded for frames, _ in spurts for packet in frames[:3] + frames[-5:]]
    between = [packet.padded for frames, _ in spurts for packet in frames[10:-10]]
    assert sum(near_silence) / len(near_silence) > 3 * sum(between) / len(between) > 0
    assert 10 < sum(len(padding) for _, padding in spurts) < 60
    extended = [packet for packet in packets if packet.extension_words]
    assert 0.4 < len(extended) / len(packets) < 0.8
    profiles = {packet.clear[12:14] for packet in extended}
    assert profiles == {b"\xbe\xde", b"\x10\x00"}
    assert {packet.extension_words for packet in extended} == {1, 2}


def test_a_second_spurt_never_begins_before_the_first_ended() -> None:
    packetiser = Packetiser(1, Random(0))
    packetiser.begin_spurt(0)
    last = [packetiser.frame(b"x") for _ in range(10)][-1]
    packetiser.begin_spurt(3 * FRAME_SAMPLES)
    assert timestamp_delta(packetiser.frame(b"y").timestamp, last.timestamp) == FRAME_SAMPLES


def test_withheld_frames_take_their_time() -> None:
    packetiser = Packetiser(1, Random(0))
    packetiser.begin_spurt(0)
    packetiser.skip_frame()
    packetiser.skip_frame()
    first = packetiser.frame(b"x")
    assert first.marker
    assert timestamp_delta(first.timestamp, packetiser._epoch) == 2 * FRAME_SAMPLES
