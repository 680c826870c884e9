"""RTP packets of one speaker, as real Discord clients send them. No I/O; the random generator is passed in.

The packets have what is rare in a loopback test and common in practice: header extensions with both profiles,
padding in bursts around silence, packets of padding only, a marker at the start of a talk spurt, and a clock that
continues through silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.wire.rtp import CLOCK_HZ, build_header

FRAME_SAMPLES = CLOCK_HZ // 50

# RFC 8285: one-byte elements (4.2) under 0xBEDE, two-byte elements (4.3) under 0x1000.
_ONE_BYTE_PROFILE = 0xBEDE
_TWO_BYTE_PROFILE = 0x1000
_AUDIO_LEVEL_ID = 1

_PADDED_START = 0.8
_PADDED_END = 0.8
_PADDING_ONLY_AT_END = 0.5
_MOST_PADDING = 24


@dataclass(frozen=True, slots=True)
class Habits:
    """How one client's packets differ from another's.

    `extended` is the share of packets with a header extension, and `two_byte` the share of those whose extension takes
    two words. `padded_middle` is the probability per packet inside a spurt that a burst of padding begins. `drift_ppm`
    is how much too fast the client's clock runs. The clock of some clients stops in silence. First numbers are drawn
    unless they are given.
    """

    extended: float = 0.6
    two_byte: float = 0.1
    padded_middle: float = 0.025
    drift_ppm: float = 0.0
    stops_in_silence: bool = False
    first_sequence: int | None = None
    first_timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet before transport encryption; `body` is everything after the clear header."""

    clear: bytes
    body: bytes
    sequence: int
    timestamp: int
    marker: bool
    padded: bool
    extension_words: int


class Packetiser:
    """Numbers the packets of one SSRC, from a random sequence number and timestamp (RFC 3550, section 5.1)."""

    def __init__(self, ssrc: int, chance: Random, habits: Habits | None = None) -> None:
        self.ssrc = ssrc
        self._chance = chance
        self._habits = habits = habits or Habits()
        sequence, timestamp = chance.randrange(1 << 16), chance.randrange(1 << 32)
        # The number of the packet before the first one.
        self._sequence = sequence if habits.first_sequence is None else (habits.first_sequence - 1) & 0xFFFF
        self._epoch = timestamp
        self._position = -FRAME_SAMPLES
        self._marker = False
        self._burst = 0

    def begin_spurt(self, elapsed_samples: int) -> None:
        """Begin a spurt `elapsed_samples` after connecting. The next frame carries the marker."""
        follows = self._position // FRAME_SAMPLES + 1
        frames = follows if self._habits.stops_in_silence else max(elapsed_samples // FRAME_SAMPLES, follows)
        if self._position < 0 and self._habits.first_timestamp is not None:
            self._epoch = self._habits.first_timestamp - frames * FRAME_SAMPLES
        self._position = (frames - 1) * FRAME_SAMPLES
        self._marker = True
        self._maybe_burst(_PADDED_START, 1, 4)

    def end_spurt(self) -> None:
        """End the speech. The silence frames follow."""
        self._maybe_burst(_PADDED_END, 2, 6)

    def frame(self, payload: bytes) -> Packet:
        """Return the packet of the next 20 ms."""
        self._position += FRAME_SAMPLES
        if not self._burst:
            self._maybe_burst(self._habits.padded_middle, 2, 5)
        padding = self._padding() if self._burst else b""
        self._burst = max(self._burst - 1, 0)
        marker, self._marker = self._marker, False
        return self._packet(payload, padding, marker)

    def skip_frame(self) -> None:
        """Advance the clock by 20 ms without a packet."""
        self._position += FRAME_SAMPLES

    def padding_only(self) -> list[Packet]:
        """Return zero, one or two packets without a payload, at the time of the last frame."""
        count = self._chance.randint(1, 2) if self._chance.random() < _PADDING_ONLY_AT_END else 0
        return [self._packet(b"", self._padding(), False) for _ in range(count)]

    def _packet(self, payload: bytes, padding: bytes, marker: bool) -> Packet:
        profile, extension = self._extension()
        self._sequence = (self._sequence + 1) & 0xFFFF
        timestamp = (self._epoch + self._position) & 0xFFFFFFFF
        words = len(extension) // 4
        clear = build_header(
            sequence=self._sequence,
            timestamp=timestamp,
            ssrc=self.ssrc,
            marker=marker,
            padded=bool(padding),
            extension_words=words or None,
            profile=profile,
        )
        body = extension + payload + padding
        return Packet(clear, body, self._sequence, timestamp, marker, bool(padding), words)

    def _extension(self) -> tuple[int, bytes]:
        """Return profile and body of a header extension. An empty body means that there is none."""
        if self._chance.random() >= self._habits.extended:
            return _ONE_BYTE_PROFILE, b""
        # Client-to-mixer audio level (RFC 6464): voice flag and level in -dBov.
        level = 0x80 | self._chance.randrange(20, 60)
        if self._chance.random() < self._habits.two_byte:
            time = self._chance.randbytes(3)
            return _TWO_BYTE_PROFILE, bytes([_AUDIO_LEVEL_ID, 1, level, 2, 3]) + time
        return _ONE_BYTE_PROFILE, bytes([_AUDIO_LEVEL_ID << 4, level, 0, 0])

    def _padding(self) -> bytes:
        count = self._chance.randint(1, _MOST_PADDING)
        return bytes(count - 1) + bytes([count])

    def _maybe_burst(self, likelihood: float, least: int, most: int) -> None:
        if self._chance.random() < likelihood:
            self._burst = self._chance.randint(least, most)
