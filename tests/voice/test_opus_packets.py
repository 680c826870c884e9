"""What Opus packets reveal without decoding, with libopus as the judge."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from bot.audio.sound import encode_opus
from bot.wire import opus
from bot.wire.ogg_writer import OggOpusWriter


def decode(packets: list[bytes], pre_skip: int = 0) -> np.ndarray:
    writer = OggOpusWriter(serial=1, pre_skip=pre_skip)
    data = writer.headers()
    for packet in packets:
        writer.add(packet, opus.duration_samples(packet))
    samples, rate = soundfile.read(io.BytesIO(data + writer.finish()), dtype="float32")
    assert rate == 48_000
    return samples


# RFC 6716, table 2, and section 3.2 for the codes.
@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        ("00", 480), ("18", 2_880), ("38", 2_880), ("58", 2_880), ("60", 480), ("68", 960), ("78", 960),
        ("80", 120), ("98", 960), ("e0", 120), ("e8", 240), ("f0", 480), ("f8", 960), ("fc", 960),
        ("f9aabb", 1_920), ("fa01aabb", 1_920), ("fb03", 2_880), ("fb43", 2_880), ("e330", 5_760),
    ],
)  # fmt: skip
def test_the_table_of_contents_tells_the_length(packet: str, samples: int) -> None:
    assert opus.duration_samples(bytes.fromhex(packet)) == samples


@pytest.mark.parametrize("packet", ["", "fb", "fb00", "fb80", "fb07", "1b03"])
def test_what_is_no_packet_is_refused(packet: str) -> None:
    with pytest.raises(opus.MalformedPacket):
        opus.duration_samples(bytes.fromhex(packet))


@given(st.binary(max_size=40))
def test_any_bytes_are_a_length_or_a_refusal(packet: bytes) -> None:
    try:
        assert 120 <= opus.duration_samples(packet) <= 5_760
    except opus.MalformedPacket:
        assert not packet or packet[0] & 3 == 3


@pytest.mark.parametrize("samples", [960, 480, 240, 120])
def test_silence_of_every_length_decodes_to_that_length_of_silence(samples: int) -> None:
    heard = decode([opus.SILENCE[samples]] * 7)
    assert len(heard) == 7 * samples
    assert np.abs(heard).max() < 1e-4
    assert opus.is_silence(opus.SILENCE[samples])


@given(st.integers(-10_000, 200_000))
def test_filled_silence_is_within_half_a_step_of_the_gap(gap: int) -> None:
    packets = opus.fill_silence(gap)
    total = sum(opus.duration_samples(packet) for packet in packets)
    assert total % 120 == 0
    assert abs(total - max(gap, 0)) <= 60
    assert len(packets) <= gap // 960 + 4 if gap > 0 else packets == []


def test_a_concealed_frame_goes_on_where_silence_would_break_off() -> None:
    tone = (0.4 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.float32)
    packets = encode_opus(tone)

    def level(stand_in: bytes) -> float:
        heard = decode([*packets[:25], stand_in, *packets[26:]])
        assert len(heard) == 48_000
        return float(np.sqrt(np.mean(heard[25 * 960 : 26 * 960] ** 2)))

    assert opus.concealment_for(packets[25]) == packets[25][:1]
    assert level(opus.concealment_for(packets[25])) > 0.25
    assert level(opus.DISCORD_SILENCE) < 0.15


def test_concealment_lasts_one_frame_whatever_the_code_was() -> None:
    assert opus.concealment_for(bytes.fromhex("fb03aa")) == b"\xf8"
    assert opus.duration_samples(opus.concealment_for(bytes.fromhex("fb03aa"))) == 960


@given(st.sampled_from([b"\x78", b"\xfc\x01", b"\x0b\x01\x00", b"\x6c"]), st.integers(0, 20_000))
def test_concealment_lasts_as_long_as_asked(packet: bytes, samples: int) -> None:
    packets = opus.concealment_of(packet, samples)
    total = sum(opus.duration_samples(one) for one in packets)
    assert 0 <= samples - total < 120
    assert all(len(one) == 1 and one[0] & 0x04 == packet[0] & 0x04 for one in packets)


@pytest.mark.parametrize("samples", [120, 240, 480, 720])
def test_a_short_concealment_goes_on_in_the_voice_that_was(samples: int) -> None:
    tone = (0.4 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.float32)
    packets = encode_opus(tone)
    heard = decode([*packets[:25], *opus.concealment_of(packets[24], samples), *packets[25:]])
    assert len(heard) == 48_000 + samples
    inserted = heard[25 * 960 : 25 * 960 + samples]
    assert float(np.sqrt(np.mean(inserted**2))) > 0.15
