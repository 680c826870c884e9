"""Opus packets seen from outside: how long they last, what stands for silence, what asks for concealment (RFC 6716).

No I/O, and nothing is decoded. Lengths are samples at 48 kHz, Opus's own clock.
"""

from __future__ import annotations

from typing import Final

STEP_SAMPLES: Final = 120
"""2.5 ms, the shortest Opus frame: the grid on which sound is laid into a file."""

LONGEST_SAMPLES: Final = 5_760
"""120 ms: no packet may last longer (RFC 6716, section 3.2.5, requirement R5)."""

DISCORD_SILENCE: Final = b"\xf8\xff\xfe"
"""20 ms of silence; Discord's clients end a talk spurt with five of them, and its server sends them in the clear."""

TRAILING_SILENCE_FRAMES: Final = 5

SILENCE: Final[dict[int, bytes]] = {
    960: DISCORD_SILENCE,
    480: b"\xf0\xff\xfe",
    240: b"\xe8\xff\xfe",
    120: b"\xe0\xff\xfe",
}
"""Packets (CELT, full band, mono) that decode to exactly as many samples of silence, the longest first."""

# RFC 6716, table 2: frame lengths by configuration number, in runs of one mode and bandwidth.
_SILK = (480, 960, 1920, 2880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)
_FRAME_SAMPLES: Final = _SILK * 3 + _HYBRID * 2 + _CELT * 4

ONE_FRAME_SAMPLES: Final = tuple(0 if toc & 0x03 else _FRAME_SAMPLES[toc >> 3] for toc in range(256))
"""The length of packets of code 0, by their first byte; 0 where the code asks for a closer look."""


class MalformedPacket(ValueError):
    """These bytes are not an Opus packet."""


def frame_samples(packet: bytes) -> int:
    """How long one frame of the packet lasts (a packet has one or several of the same length)."""
    if not packet:
        raise MalformedPacket("An Opus packet has at least one byte.")
    return _FRAME_SAMPLES[packet[0] >> 3]


def frame_count(packet: bytes) -> int:
    """How many frames the packet holds (RFC 6716, section 3.2: the code in the TOC's two lowest bits)."""
    if not packet:
        raise MalformedPacket("An Opus packet has at least one byte.")
    code = packet[0] & 0x03
    if code < 3:
        return 1 if code == 0 else 2
    if len(packet) < 2 or not packet[1] & 0x3F:
        raise MalformedPacket("An Opus packet of code 3 names how many frames it has, at least one.")
    return packet[1] & 0x3F


def duration_samples(packet: bytes) -> int:
    """How long the packet lasts. MalformedPacket when it is empty, counts no frames or exceeds 120 ms."""
    if packet and (samples := ONE_FRAME_SAMPLES[packet[0]]):
        return samples
    samples = frame_samples(packet) * frame_count(packet)
    if samples > LONGEST_SAMPLES:
        raise MalformedPacket(f"An Opus packet lasts 120 ms at most, this one {samples / 48:g} ms.")
    return samples


def is_packet(packet: bytes) -> bool:
    """Whether these bytes are an Opus packet, as far as can be seen from outside."""
    try:
        return duration_samples(packet) > 0
    except MalformedPacket:
        return False


def is_silence(packet: bytes) -> bool:
    """Whether this is one of the silence packets above, rather than somebody's sound."""
    return len(packet) == 3 and packet in _SILENCES


def concealment_for(packet: bytes) -> bytes:
    """One byte that makes a decoder conceal a frame like those of `packet`: its TOC with code 0 and no frame data.

    A frame of length zero means a lost frame (RFC 6716, section 3.2.1). It lasts `frame_samples(packet)`.
    """
    if not packet:
        raise MalformedPacket("An Opus packet has at least one byte.")
    return bytes((packet[0] & 0xFC,))


def concealment_of(packet: bytes, samples: int) -> list[bytes]:
    """What makes a decoder conceal `samples` after `packet`, rounded down to 2.5 ms: whole frames, then a shorter rest.

    The rest has a CELT configuration, the only one with frames so short; a decoder conceals in the mode it was in.
    """
    whole, rest = divmod(samples, frame_samples(packet))
    packets = [concealment_for(packet)] * whole
    for length, silence in SILENCE.items():
        if length <= rest:
            packets.append(bytes((silence[0] | packet[0] & 0x04,)))
            rest -= length
    return packets


def fill_silence(samples: int) -> list[bytes]:
    """Silence packets for a gap, the longest first, rounded to the nearest 2.5 ms; empty for less than half a step."""
    steps = max(samples + STEP_SAMPLES // 2, 0) // STEP_SAMPLES
    whole, rest = divmod(steps * STEP_SAMPLES, 960)
    packets = [DISCORD_SILENCE] * whole
    for length, packet in SILENCE.items():
        if length <= rest:
            packets.append(packet)
            rest -= length
    return packets


_SILENCES: Final = frozenset(SILENCE.values())
