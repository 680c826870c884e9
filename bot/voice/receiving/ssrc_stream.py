"""What is known of one SSRC: whose it is, what waits, what was seen, and which frame its key begins with.

No I/O, no clock. Rules were measured against davey 0.1.7 on a loopback voice server.
"""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from bot.domain.ids import UserId
from bot.wire import rtp

LINGER_SECONDS: Final = 2.0
"""How long an SSRC still belongs to who has left: the last packets and the news of leaving travel apart."""

SETTLING_SECONDS: Final = 0.1
"""How long a key's first frames wait for one that they have overtaken: networks reorder within some 60 ms."""

SHORT_NONCE: Final = b"\x0c"
"""What stands third from the end of a frame whose nonce is one byte: the size of its supplement, an 8-byte tag, the
nonce, this byte and the trailer (DAVE protocol, "Protocol Supplemental Data"). So it is for a key's first 127 frames.
"""

_SUPPLEMENT_BYTES: Final = range(12, 17)
"""Sizes that such a supplement can have: nonces take one to five bytes, and of Opus nothing stays unencrypted."""

_FIRST_NONCE: Final = 1
_SMALLEST_SEALED_BYTES: Final = 12  # the tag, a nonce, the size and the trailer
_FIRST_FRAMES: Final = 8  # more are never overtaken at once
_REMEMBERED_FRAMES: Final = 1_024
_NO_FRAME: Final = (1 << 64) - 1
NEVER = object()
"""Equal to no generation of keys."""

TRAILER: Final = b"\xfa\xfa"  # ends every frame that DAVE has encrypted (DAVE protocol, "Protocol Frame Check")


@dataclass(slots=True)
class SealedFrame:
    """One frame off the wire, transport encryption, extension and padding removed. `arrival` is monotonic seconds.

    Never changed; not declared frozen because one is made for every packet, and freezing costs four times as much.
    """

    ssrc: int
    sequence: int
    timestamp: int
    arrival: float
    payload: bytes
    blanks: tuple[int, ...] = ()
    """Sequence numbers of packets without a frame (padding only) that came since the frame before."""

    @property
    def is_encrypted(self) -> bool:
        """Whether it bears the mark of DAVE; frames in the clear prove nothing about keys."""
        return self.payload.endswith(TRAILER)


@dataclass(slots=True)
class SsrcStream:
    """What is known of one SSRC."""

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
        """Whose it is, as far as is known."""
        return self.user_id if self.left_at is None or now <= self.left_at + LINGER_SECONDS else None

    def is_in_turn(self, payload: bytes, sequence: int, arrival: float, blanks: int = 0) -> bool:
        """Whether no earlier frame under the same key may still be under way, as far as that matters: once a key has
        opened a frame, it opens none that precedes the first. A sender's nonces begin anew with every key. `blanks` is
        how many packets without a frame, which have a sequence number and no nonce, came since the frame before.
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
        """A frame was opened, or need not wait for others before it is."""
        if nonce := _early_nonce(payload):
            self.begun_with = nonce, sequence

    def is_settled(self, now: float) -> bool:
        """Whether what is held may be opened: nothing is waited for that it may have overtaken."""
        if now < self.settles_at:
            return False
        self.settles_at = 0.0
        return True

    def is_new(self, sequence: int, timestamp: int) -> bool:
        """Whether this (sequence, timestamp) was not the last to be seen with a sequence number like it."""
        key = sequence << 32 | timestamp
        place = sequence % _REMEMBERED_FRAMES
        if self.seen[place] == key:
            return False
        self.seen[place] = key
        return True


def may_be_sealed(payload: bytes) -> bool:
    """Whether a frame ends as those do that DAVE has encrypted, the size of its supplement included."""
    if payload[-2:] != TRAILER or len(payload) <= _SMALLEST_SEALED_BYTES:
        return False
    return payload[-3] in _SUPPLEMENT_BYTES and payload[-3] < len(payload)


def _early_nonce(payload: bytes) -> int:
    """The nonce of one of a key's first frames; 0 for any other frame."""
    if payload[-3:-2] != SHORT_NONCE or payload[-2:] != TRAILER or len(payload) < _SMALLEST_SEALED_BYTES:
        return 0
    return payload[-4] if payload[-4] <= _FIRST_FRAMES else 0
