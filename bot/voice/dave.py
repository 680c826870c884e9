"""End-to-end decryption that waits for its key instead of dropping frames (DAVE, Discord's protocol over MLS).

No I/O. Frames wait in order, one queue an SSRC, until their user and their key are known, and only people who may
be recorded are ever decrypted. Rules and limits were measured against davey 0.1.7 on a loopback voice server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.voice import opus, rtp

HOLD_SECONDS: Final = 10.0
"""How long a frame may wait: davey keeps the keys of an old epoch for 10 s, so later nothing could open it."""

HELD_FRAMES_LIMIT: Final = 4_000
"""Frames held a stream: 10 s of the shortest Opus frames."""

LINGER_SECONDS: Final = 2.0
"""How long an SSRC still belongs to who has left: the last packets and the news of leaving travel apart."""

_REMEMBERED_FRAMES = 1_024
_NEVER = object()
_TRAILER: Final = b"\xfa\xfa"  # ends every frame that DAVE has encrypted (DAVE protocol, "Protocol Frame Check")


class DaveKeys(Protocol):
    """What decryption needs of the call's DAVE session, whichever session that is at the moment."""

    @property
    def protocol_version(self) -> int:
        """0 while the call is not end-to-end encrypted."""
        ...

    @property
    def generation(self) -> object:
        """A value that compares unequal to earlier ones whenever other keys than then may be known."""
        ...

    def can_passthrough(self, user_id: int) -> bool:
        """Whether this user's frames may come in the clear at the moment."""
        ...

    def decrypt(self, user_id: int, payload: bytes) -> bytes:
        """The Opus packet in an encrypted frame; ValueError when it cannot be opened (now, or ever)."""
        ...


@dataclass(frozen=True, slots=True)
class SealedFrame:
    """One frame off the wire, transport encryption, extension and padding removed. `arrival` is monotonic seconds."""

    ssrc: int
    sequence: int
    timestamp: int
    arrival: float
    payload: bytes

    @property
    def is_encrypted(self) -> bool:
        """Whether it bears the mark of DAVE; frames in the clear prove nothing about keys."""
        return self.payload.endswith(_TRAILER)


@dataclass(slots=True)
class DecryptionCounts:
    """What became of frames that did not come out."""

    duplicates: int = 0
    not_permitted: int = 0
    expired: int = 0
    unopenable: int = 0


@dataclass(slots=True)
class _Stream:
    """What is known of one SSRC."""

    user_id: int | None = None
    left_at: float | None = None
    tried_with: object = _NEVER
    held: deque[SealedFrame] = field(default_factory=lambda: deque[SealedFrame]())
    seen: set[int] = field(default_factory=lambda: set[int]())
    seen_order: deque[int] = field(default_factory=lambda: deque[int]())


Opened = tuple[int, SealedFrame, bytes]
"""Whose frame it is, the frame, and the Opus packet in it."""


class WaitingDecryption:
    """Turns sealed frames into Opus packets, in order per SSRC, waiting for users and keys up to HOLD_SECONDS.

    `may_record` is asked for every frame, so that permission can end at any moment; nobody else is decrypted.
    """

    def __init__(self, keys: DaveKeys, may_record: Callable[[int], bool]) -> None:
        self._keys = keys
        self._may_record = may_record
        self._streams: dict[int, _Stream] = {}
        self.counts = DecryptionCounts()

    @property
    def held_frames(self) -> int:
        """How many frames wait at the moment."""
        return sum(len(stream.held) for stream in self._streams.values())

    def user_of(self, ssrc: int, now: float) -> int | None:
        """Whose SSRC this is, as far as the voice gateway has told."""
        stream = self._streams.get(ssrc)
        if stream is None or (stream.left_at is not None and now > stream.left_at + LINGER_SECONDS):
            return None
        return stream.user_id

    def name_user(self, ssrc: int, user_id: int, now: float) -> list[Opened]:
        """The voice gateway named the SSRC's user: returns what had waited for that."""
        stream = self._stream(ssrc)
        if stream.user_id != user_id:
            stream.tried_with = _NEVER
        stream.user_id, stream.left_at = user_id, None
        return self._open_held(ssrc, stream, now)

    def user_left(self, user_id: int, now: float) -> None:
        """The user left the call; frames already under way are still theirs."""
        for stream in self._streams.values():
            if stream.user_id == user_id and stream.left_at is None:
                stream.left_at = now

    def push(self, frame: SealedFrame) -> list[Opened]:
        """Take one frame as it arrives; returns it, and what waited before it, if they can be opened."""
        stream = self._stream(frame.ssrc)
        if not _is_new(stream, frame):
            self.counts.duplicates += 1
            return []
        user_id = self.user_of(frame.ssrc, frame.arrival)
        if user_id is not None and not self._may_record(user_id):
            self.counts.not_permitted += 1 + len(stream.held)
            stream.held.clear()
            return []
        if user_id is not None and not stream.held:
            packet = self._open(user_id, frame)
            if packet is not None:
                return [(user_id, frame, packet)]
        return self._hold(stream, frame)

    def retry(self, now: float, *, force: bool = False) -> list[Opened]:
        """Forget what has waited too long and, where keys have changed (or forced), try again what waits."""
        opened: list[Opened] = []
        for ssrc, stream in self._streams.items():
            if not stream.held:
                continue
            self._expire(stream, now)
            if force or stream.tried_with != self._keys.generation or _starts_in_the_clear(stream):
                opened += self._open_held(ssrc, stream, now)
        return opened

    def forget_held(self) -> None:
        """Drop everything that waits: nobody will ask for it any more."""
        for stream in self._streams.values():
            stream.held.clear()

    def _stream(self, ssrc: int) -> _Stream:
        stream = self._streams.get(ssrc)
        if stream is None:
            stream = self._streams[ssrc] = _Stream()
        return stream

    def _hold(self, stream: _Stream, frame: SealedFrame) -> list[Opened]:
        self._expire(stream, frame.arrival)
        if len(stream.held) >= HELD_FRAMES_LIMIT:
            stream.held.popleft()
            self.counts.expired += 1
        in_step = stream.tried_with == self._keys.generation
        user_id = self.user_of(frame.ssrc, frame.arrival)
        stream.held.append(frame)
        if user_id is None:
            return []
        if not in_step:
            return self._open_held(frame.ssrc, stream, frame.arrival)
        # All that waits has been tried with these very keys, so only the newcomer is worth an attempt.
        if frame.is_encrypted and (packet := self._open(user_id, frame)) is not None:
            return self._accept(user_id, stream, {id(frame): packet}, last=frame)
        return []

    def _open_held(self, ssrc: int, stream: _Stream, now: float) -> list[Opened]:
        """Try everything that waits in this stream, in order."""
        user_id = self.user_of(ssrc, now)
        if user_id is None or not stream.held:
            return []
        if not self._may_record(user_id):
            self.counts.not_permitted += len(stream.held)
            stream.held.clear()
            return []
        stream.tried_with = self._keys.generation
        packets: dict[int, bytes] = {}
        last: SealedFrame | None = None
        for frame in sorted(stream.held, key=_order_from(stream.held[0])):
            if (packet := self._open(user_id, frame)) is not None:
                packets[id(frame)] = packet
                if frame.is_encrypted:
                    last = frame
        return self._accept(user_id, stream, packets, last)

    def _accept(
        self, user_id: int, stream: _Stream, packets: dict[int, bytes], last: SealedFrame | None
    ) -> list[Opened]:
        """Hand out opened frames up to the first that still has to wait.

        A sender's keys only go forward, so what precedes `last`, the newest frame opened with a key, and did not
        open with the keys known now never will. Frames after it wait, those in the clear among them: they must not
        overtake.
        """
        if not packets:
            return []
        order = _order_from(stream.held[0])
        opened: list[Opened] = []
        waiting: list[SealedFrame] = []
        for frame in sorted(stream.held, key=order):
            packet = packets.get(id(frame))
            if packet is None and not frame.is_encrypted and last is not None and order(frame) < order(last):
                packet = self._open(user_id, frame)
            if packet is not None and not waiting:
                opened.append((user_id, frame, packet))
            elif last is not None and order(frame) < order(last):
                self.counts.unopenable += 1
            else:
                waiting.append(frame)
        stream.held = deque(waiting)
        return opened

    def _open(self, user_id: int, frame: SealedFrame) -> bytes | None:
        if frame.payload == opus.DISCORD_SILENCE:
            return frame.payload
        if not frame.is_encrypted and self._keys.protocol_version == 0:
            return frame.payload
        try:
            return self._keys.decrypt(user_id, frame.payload)
        except ValueError:
            return None

    def _expire(self, stream: _Stream, now: float) -> None:
        while stream.held and now - stream.held[0].arrival > HOLD_SECONDS:
            stream.held.popleft()
            self.counts.expired += 1


def _is_new(stream: _Stream, frame: SealedFrame) -> bool:
    """Whether this (sequence, timestamp) has not been seen lately on the stream."""
    key = frame.sequence << 32 | frame.timestamp
    if key in stream.seen:
        return False
    stream.seen.add(key)
    stream.seen_order.append(key)
    if len(stream.seen_order) > _REMEMBERED_FRAMES:
        stream.seen.discard(stream.seen_order.popleft())
    return True


def _starts_in_the_clear(stream: _Stream) -> bool:
    return bool(stream.held) and not stream.held[0].is_encrypted


def _order_from(first: SealedFrame) -> Callable[[SealedFrame], int]:
    """Sort key: the sender's order, by sequence numbers that may wrap."""
    return lambda frame: rtp.sequence_delta(frame.sequence, first.sequence)
