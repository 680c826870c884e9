"""What is known of one SSRC: its user, the frames that wait, the numbers seen, and the frame that its key begins with.

No I/O, no clock. The rules were measured against davey 0.1.7 on a loopback voice server.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.domain.ids import UserId
from bot.voice.receiving.keys import TRAILER
from bot.wire import rtp

LINGER_SECONDS: Final = 2.0
"""How long an SSRC still belongs to a person who has left: their last packets and the news of it travel separately."""

SETTLING_SECONDS: Final = 0.1
"""How long a key's first frames wait for one that they have overtaken: networks reorder within about 60 ms."""

SHORT_NONCE: Final = b"\x0c"
"""The third byte from the end of a frame whose nonce takes one byte, as in a key's first 127 frames.

It is the size of the frame's supplement: an 8-byte tag, the nonce, this byte and the trailer (DAVE protocol, "Protocol
Supplemental Data").
"""

_FIRST_NONCE: Final = 1
_SMALLEST_SEALED_BYTES: Final = 12  # the tag, a nonce, the size and the trailer
_FIRST_FRAMES: Final = 8  # no packet overtakes more than this (160 ms)
_REMEMBERED_FRAMES: Final = 1_024  # 20 s of frames, longer than any duplicate is under way
_NO_FRAME: Final = (1 << 64) - 1  # equal to no (sequence, timestamp), which take 48 bits
_NEIGHBOURS: Final = 500  # 10 s of frames: more than any loss or burst of padding that a stream outlives
_LONGEST_SILENCE_SAMPLES: Final = 48_000 * 3_600  # RTP time runs on in silence
NEVER = object()
"""A value of `tried_with` that equals no generation of keys."""


@dataclass(slots=True)
class SealedFrame:
    """One frame without transport encryption, extension and padding. `arrival` is monotonic seconds.

    It is never changed. It is not declared frozen because making a frozen instance takes four times as long.
    """

    ssrc: int
    sequence: int
    timestamp: int
    arrival: float
    payload: bytes
    blanks: tuple[int, ...] = ()
    """Sequence numbers of packets without a frame (padding only) that came since the previous frame."""

    @property
    def is_encrypted(self) -> bool:
        """Whether it ends with DAVE's trailer. Frames in the clear prove nothing about keys."""
        return self.payload.endswith(TRAILER)


@dataclass(slots=True)
class SsrcStream:
    """What is known of one SSRC. `begun_with` and `awaits_before` are pairs of nonce and sequence number."""

    user_id: UserId | None = None
    left_at: float | None = None
    tried_with: object = NEVER
    tried_frames: int = 0
    begun_with: tuple[int, int] = (0, 0)
    awaits_before: tuple[int, int] = (0, 0)
    settles_at: float = 0.0
    held: deque[SealedFrame] = field(default_factory=lambda: deque[SealedFrame]())
    seen: array[int] = field(default_factory=lambda: array("Q", [_NO_FRAME]) * _REMEMBERED_FRAMES)

    def user_at(self, now: float) -> UserId | None:
        """Return its user; None if they are unknown or left more than LINGER_SECONDS ago."""
        return self.user_id if self.left_at is None or now <= self.left_at + LINGER_SECONDS else None

    def sender_of(self, sequence: int, timestamp: int, arrival: float) -> UserId | None:
        """Return whose packet this is; None if no one knows. Call it before `is_new`.

        An SSRC can be given to someone else as soon as it is free, and their numbers begin anywhere: from the first
        packet that does not continue the stream, its user is unknown. A stream that simply goes on is still the same
        person's, and it was another of their sessions that ended.
        """
        if self.left_at is not None:
            if not self._continues(sequence, timestamp):
                self.user_id, self.left_at = None, None
            elif arrival > self.left_at + LINGER_SECONDS:
                self.left_at = None
        return self.user_id

    def _continues(self, sequence: int, timestamp: int) -> bool:
        """Whether a packet has numbers near those of the newest ones."""
        for before in _neighbours(sequence):
            seen = self.seen[before % _REMEMBERED_FRAMES]
            if seen != _NO_FRAME and seen >> 32 == before:
                return abs(rtp.timestamp_delta(timestamp, seen & 0xFFFF_FFFF)) < _LONGEST_SILENCE_SAMPLES
        return False

    def is_in_order(self, payload: bytes, sequence: int, arrival: float, blanks: int = 0) -> bool:
        """Whether the frame can be opened now, because no earlier frame of the same key can still be under way.

        Only a key's first frames matter: once a key has opened a frame, it opens none from before that first one. A
        sender's nonces begin again with every key. `blanks` is how many packets without a frame, which have a sequence
        number but no nonce, came since the previous frame. If the answer is False, `settles_at` is when the wait ends.
        """
        nonce = _early_nonce(payload)
        if nonce <= _FIRST_NONCE or self._is_of_one_key(self.begun_with, nonce, sequence, blanks):
            self.note_begun(payload, sequence)
            return True
        if self._is_of_one_key((nonce, sequence), *self.begun_with):
            return True
        if not self.settles_at or not self._is_of_one_key(self.awaits_before, nonce, sequence):
            self.settles_at, self.awaits_before = arrival + SETTLING_SECONDS, (nonce, sequence)
        return False

    @staticmethod
    def _is_of_one_key(earlier: tuple[int, int], nonce: int, sequence: int, blanks: int = 2) -> bool:
        """Whether a frame follows an earlier one (nonce and sequence number) under the same key."""
        nonces, numbers = nonce - earlier[0], rtp.sequence_delta(sequence, earlier[1])
        return earlier[0] > 0 and 0 < nonces <= numbers <= nonces + blanks

    def note_begun(self, payload: bytes, sequence: int) -> None:
        """Note a frame that was opened or that need not wait for others."""
        if nonce := _early_nonce(payload):
            self.begun_with = nonce, sequence

    def is_settled(self, now: float) -> bool:
        """Whether what is held can be opened: the wait for an overtaken frame is over, or there was none."""
        if now < self.settles_at:
            return False
        self.settles_at = 0.0
        return True

    def is_new(self, sequence: int, timestamp: int) -> bool:
        """Whether this (sequence, timestamp) is not a duplicate of one of the last _REMEMBERED_FRAMES."""
        key = sequence << 32 | timestamp
        place = sequence % _REMEMBERED_FRAMES
        if self.seen[place] == key:
            return False
        self.seen[place] = key
        return True


def _neighbours(sequence: int) -> Iterator[int]:
    for distance in range(1, _NEIGHBOURS):
        yield sequence - distance & 0xFFFF
    for distance in range(_NEIGHBOURS):
        yield sequence + distance & 0xFFFF


def _early_nonce(payload: bytes) -> int:
    """Return the nonce of one of a key's first frames; 0 for any other frame."""
    if payload[-3:-2] != SHORT_NONCE or payload[-2:] != TRAILER or len(payload) < _SMALLEST_SEALED_BYTES:
        return 0
    return payload[-4] if payload[-4] <= _FIRST_FRAMES else 0
