"""Opus packets without decoding: their duration, and the packets that mean silence or concealment (RFC 6716).

No I/O. Lengths are samples at 48 kHz, the clock of Opus.
"""

from __future__ import annotations

from typing import Final

STEP_SAMPLES: Final = 120
"""2.5 ms, the shortest Opus frame: the grid for sound in a file."""

LONGEST_SAMPLES: Final = 5_760
"""120 ms, the longest possible packet (RFC 6716, section 3.2.5, requirement R5)."""

DISCORD_SILENCE: Final = b"\xf8\xff\xfe"
"""20 ms of silence. Discord's clients end a talk spurt with five of them; its server sends them in the clear."""

TRAILING_SILENCE_FRAMES: Final = 5

SILENCE: Final[dict[int, bytes]] = {
    960: DISCORD_SILENCE,
    480: b"\xf0\xff\xfe",
    240: b"\xe8\xff\xfe",
    120: b"\xe0\xff\xfe",
}
"""Packets (CELT, full band, mono) that decode to exactly this many samples of silence, the longest first."""

# RFC 6716, table 2: frame lengths by configuration number, in groups of one mode and bandwidth.
_SILK = (480, 960, 1920, 2880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)
_FRAME_SAMPLES: Final = _SILK * 3 + _HYBRID * 2 + _CELT * 4

ONE_FRAME_SAMPLES: Final = tuple(0 if toc & 0x03 else _FRAME_SAMPLES[toc >> 3] for toc in range(256))
"""The duration of packets of code 0, by their first byte; 0 if the code needs more of the packet."""


class MalformedPacket(ValueError):
    """The bytes are not an Opus packet."""


def frame_samples(packet: bytes) -> int:
    """Return the duration of one frame of the packet. All frames of a packet have the same duration."""
    if not packet:
        raise MalformedPacket("An Opus packet has at least one byte.")
    return _FRAME_SAMPLES[packet[0] >> 3]


def frame_count(packet: bytes) -> int:
    """Return the number of frames (RFC 6716, section 3.2: the code in the TOC's two lowest bits)."""
    if not packet:
        raise MalformedPacket("An Opus packet has at least one byte.")
    code = packet[0] & 0x03
    if code < 3:
        return 1 if code == 0 else 2
    if len(packet) < 2 or not packet[1] & 0x3F:
        raise MalformedPacket("An Opus packet of code 3 states its number of frames, at least one.")
    return packet[1] & 0x3F


def duration_samples(packet: bytes) -> int:
    """Return the packet's duration. Raises MalformedPacket if it is empty, has no frames or exceeds 120 ms."""
    if packet and (samples := ONE_FRAME_SAMPLES[packet[0]]):
        return samples
    samples = frame_samples(packet) * frame_count(packet)
    if samples > LONGEST_SAMPLES:
        raise MalformedPacket(f"An Opus packet lasts 120 ms at most, this one {samples / 48:g} ms.")
    return samples


def is_packet(packet: bytes) -> bool:
    """Whether these bytes are an Opus packet, as far as this can be known without decoding."""
    try:
        return duration_samples(packet) > 0
    except MalformedPacket:
        return False


def is_silence(packet: bytes) -> bool:
    """Whether this is one of the silence packets above, and not a person's sound."""
    return len(packet) == 3 and packet in _SILENCES


def concealment_for(packet: bytes) -> bytes:
    """Return one byte that makes a decoder conceal a frame like those of `packet`: its TOC with code 0, no frame data.

    A frame of length zero means a lost frame (RFC 6716, section 3.2.1). It lasts `frame_samples(packet)`.
    """
    if not packet:
        raise MalformedPacket("An Opus packet has at least one byte.")
    return bytes((packet[0] & 0xFC,))


def concealment_of(packet: bytes, samples: int) -> list[bytes]:
    """Return packets that make a decoder conceal `samples` after `packet`, rounded down to 2.5 ms.

    Whole frames come first, then a shorter rest. The rest has a CELT configuration, the only one with frames so short.
    A decoder conceals in its previous mode.
    """
    whole, rest = divmod(samples, frame_samples(packet))
    packets = [concealment_for(packet)] * whole
    for length, silence in SILENCE.items():
        if length <= rest:
            packets.append(bytes((silence[0] | packet[0] & 0x04,)))
            rest -= length
    return packets


def on_grid(samples: int) -> int:
    """Return the length that silence can have, nearest to the length of a gap: whole steps of 2.5 ms, or none."""
    return max(samples + STEP_SAMPLES // 2, 0) // STEP_SAMPLES * STEP_SAMPLES


def fill_silence(samples: int) -> list[bytes]:
    """Return silence packets for a gap, the longest first, rounded to the nearest 2.5 ms (possibly none)."""
    whole, rest = divmod(on_grid(samples), 960)
    packets = [DISCORD_SILENCE] * whole
    for length, packet in SILENCE.items():
        if length <= rest:
            packets.append(packet)
            rest -= length
    return packets


_SILENCES: Final = frozenset(SILENCE.values())
