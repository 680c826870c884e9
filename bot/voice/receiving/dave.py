"""End-to-end decryption that waits for its key instead of dropping frames (DAVE, Discord's protocol over MLS).

No I/O. Frames wait in order, one queue an SSRC, until their user and their key are known, and only people who may
be recorded are ever decrypted. Whose SSRC it is tells the voice gateway, or else a trial: authenticated decryption
succeeds with the keys of one user only. Rules and limits were measured against davey 0.1.7 on a loopback voice server.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.ids import UserId
from bot.voice.receiving.ssrc_stream import NEVER, TRAILER, SealedFrame, SsrcStream, may_be_sealed
from bot.wire import opus, rtp

HOLD_SECONDS: Final = 10.0
"""How long a frame may wait: davey keeps the keys of an old epoch for 10 s, so later nothing could open it."""

HELD_FRAMES_LIMIT: Final = 4_000
"""Frames held a stream: 10 s of the shortest Opus frames."""


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

    @property
    def has_session(self) -> bool:
        """Whether there is anything whose keys may open a frame, now or later."""
        ...

    def decrypt(self, user_id: UserId, payload: bytes) -> bytes:
        """The Opus packet in an encrypted frame; ValueError when it cannot be opened (now, or ever)."""
        ...


@dataclass(slots=True)
class DecryptionCounts:
    """What became of frames that did not come out."""

    duplicates: int = 0
    not_permitted: int = 0
    expired: int = 0
    unopenable: int = 0


Opened = tuple[UserId, SealedFrame, bytes]
"""Whose frame it is, the frame, and the Opus packet in it."""


class WaitingDecryption:
    """Turns sealed frames into Opus packets, in order per SSRC, waiting for users and keys up to HOLD_SECONDS.

    `may_record` is asked for every frame, so that permission can end at any moment; nobody else is decrypted.
    `candidates` are those in the call who may be recorded: the users of SSRCs that the voice gateway did not name.
    """

    def __init__(
        self, keys: DaveKeys, may_record: Callable[[UserId], bool], candidates: Callable[[], Collection[UserId]] = tuple
    ) -> None:
        self._keys = keys
        self._may_record = may_record
        self._candidates = candidates
        self._streams: dict[int, SsrcStream] = {}
        self.counts = DecryptionCounts()

    @property
    def held_frames(self) -> int:
        """How many frames wait at the moment."""
        return sum(len(stream.held) for stream in self._streams.values())

    @property
    def streams(self) -> Mapping[int, SsrcStream]:
        """What is known of the SSRCs that were named or heard."""
        return self._streams

    def user_of(self, ssrc: int, now: float) -> UserId | None:
        """Whose SSRC this is, as far as the voice gateway has told."""
        stream = self._streams.get(ssrc)
        return None if stream is None else stream.user_at(now)

    def name_user(self, ssrc: int, user_id: UserId, now: float) -> list[Opened]:
        """The voice gateway named the SSRC's user: returns what had waited for that."""
        stream = self.stream(ssrc)
        if stream.user_id != user_id:
            stream.tried_with = NEVER
        stream.user_id, stream.left_at = user_id, None
        return self._open_held(ssrc, stream, now)

    def user_left(self, user_id: UserId, now: float) -> None:
        """The user left the call; frames already under way are still theirs."""
        for stream in self._streams.values():
            if stream.user_id == user_id and stream.left_at is None:
                stream.left_at = now

    def push(self, frame: SealedFrame) -> list[Opened]:
        """Take one frame as it arrives; returns it, and what waited before it, if they can be opened."""
        stream = self.stream(frame.ssrc)
        if not stream.is_new(frame.sequence, frame.timestamp):
            self.counts.duplicates += 1
            return []
        return self.wait_or_open(stream, frame)

    def wait_or_open(self, stream: SsrcStream, frame: SealedFrame) -> list[Opened]:
        """The same for a frame that is known to be no duplicate."""
        user_id = stream.user_at(frame.arrival)
        if user_id is None:
            return self._hold_unnamed(stream, frame)
        if not self._may_record(user_id):
            self.counts.not_permitted += 1 + len(stream.held)
            stream.held.clear()
            return []
        in_turn = stream.is_in_turn(frame.payload, frame.sequence, frame.arrival, len(frame.blanks))
        if not stream.held and in_turn and (packet := self.open(user_id, frame.payload)) is not None:
            return [(user_id, frame, packet)]
        return self._hold(user_id, stream, frame)

    def retry(self, now: float, *, force: bool = False) -> list[Opened]:
        """Forget what has waited too long and, where keys have changed (or forced), try again what waits."""
        opened: list[Opened] = []
        for ssrc, stream in self._streams.items():
            if not stream.held:
                continue
            self._expire(stream, now)
            if stream.user_at(now) is None:
                opened += self._try_candidates(ssrc, stream, now)
            elif (
                force or stream.settles_at or stream.tried_with != self._keys.generation or _starts_in_the_clear(stream)
            ):
                opened += self._open_held(ssrc, stream, now)
        if force:
            self._forget_streams(now)
        return opened

    def forget_held(self, before: float = math.inf) -> None:
        """Drop everything that waits and arrived before a moment: nobody is to open it any more."""
        for stream in self._streams.values():
            stream.held = deque(frame for frame in stream.held if frame.arrival >= before)
            # What is left, or comes next, has to be tried from its first frame on.
            stream.tried_with = NEVER

    def stream(self, ssrc: int) -> SsrcStream:
        """What is known of an SSRC."""
        stream = self._streams.get(ssrc)
        if stream is None:
            stream = self._streams[ssrc] = SsrcStream()
        return stream

    def _append(self, stream: SsrcStream, frame: SealedFrame) -> None:
        self._expire(stream, frame.arrival)
        if len(stream.held) >= HELD_FRAMES_LIMIT:
            stream.held.popleft()
            stream.tried_frames = max(stream.tried_frames - 1, 0)
            self.counts.expired += 1
        stream.held.append(frame)

    def _hold(self, user_id: UserId, stream: SsrcStream, frame: SealedFrame) -> list[Opened]:
        in_step = stream.tried_with == self._keys.generation and not stream.settles_at
        self._append(stream, frame)
        if not in_step:
            return self._open_held(frame.ssrc, stream, frame.arrival)
        # All that waits has been tried with these very keys, so only the newcomer is worth an attempt.
        if frame.is_encrypted and (packet := self.open(user_id, frame.payload)) is not None:
            last = frame if _was_sealed(frame, packet) else None
            return self._accept(user_id, stream, {id(frame): packet}, last)
        return []

    def _hold_unnamed(self, stream: SsrcStream, frame: SealedFrame) -> list[Opened]:
        stream.is_in_turn(frame.payload, frame.sequence, frame.arrival, len(frame.blanks))
        self._append(stream, frame)
        return self._try_candidates(frame.ssrc, stream, frame.arrival)

    def _try_candidates(self, ssrc: int, stream: SsrcStream, now: float) -> list[Opened]:
        """Find out whose SSRC this is: the oldest frame that opens with a candidate's key names them.

        Oldest first, since a key that has opened a frame opens none from before its first. What has been tried in vain
        is not tried again with the same keys and people.
        """
        candidates = self._candidates()
        if not candidates or not stream.held or not stream.is_settled(now):
            return []
        tried_with = (self._keys.generation, frozenset(candidates))
        if stream.tried_with != tried_with:
            stream.tried_with, stream.tried_frames = tried_with, 0
        held = sorted(stream.held, key=_order_from(stream.held[0])) if not stream.tried_frames else list(stream.held)
        untried = held[stream.tried_frames :]
        stream.tried_frames = len(held)
        for frame in untried:
            for user_id in candidates if frame.is_encrypted else ():
                if (packet := self._prove(user_id, frame)) is not None:
                    stream.user_id, stream.left_at, stream.tried_with = user_id, None, NEVER
                    return self._open_held(ssrc, stream, now, {id(frame): packet})
        return []

    def _prove(self, user_id: UserId, frame: SealedFrame) -> bytes | None:
        """The Opus packet if this user's key opens the frame. What passes through unchanged proves nothing."""
        try:
            packet = self._keys.decrypt(user_id, frame.payload)
        except ValueError:
            return None
        return packet if len(packet) < len(frame.payload) else None

    def _open_held(
        self, ssrc: int, stream: SsrcStream, now: float, proved: dict[int, bytes] | None = None
    ) -> list[Opened]:
        """Try everything that waits in this stream, in order; `proved` is what a trial has opened."""
        user_id = stream.user_at(now)
        if user_id is None or not stream.held:
            return []
        if not self._may_record(user_id):
            self.counts.not_permitted += len(stream.held)
            stream.held.clear()
            return []
        if not stream.is_settled(now):
            return []
        stream.tried_with = self._keys.generation
        packets = dict(proved or {})
        last: SealedFrame | None = None
        for frame in sorted(stream.held, key=_order_from(stream.held[0])):
            packet = packets.get(id(frame)) or self.open(user_id, frame.payload)
            if packet is not None:
                packets[id(frame)] = packet
                stream.note_begun(frame.payload, frame.sequence)
                if _was_sealed(frame, packet):
                    last = frame
        return self._accept(user_id, stream, packets, last)

    def _accept(
        self, user_id: UserId, stream: SsrcStream, packets: dict[int, bytes], last: SealedFrame | None
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
                packet = self.open(user_id, frame.payload)
            if packet is not None and not waiting:
                opened.append((user_id, frame, packet))
            elif last is not None and order(frame) < order(last):
                self.counts.unopenable += 1
            else:
                waiting.append(frame)
        stream.held = deque(waiting)
        return opened

    def open(self, user_id: UserId, payload: bytes) -> bytes | None:
        """The Opus packet in a frame whose turn it is; None while it cannot be opened. The user may be recorded."""
        if payload[-2:] != TRAILER and (payload == opus.DISCORD_SILENCE or self._keys.protocol_version == 0):
            return payload
        try:
            return self._keys.decrypt(user_id, payload)
        except ValueError:
            return payload if self._only_looks_sealed(payload) else None

    def _only_looks_sealed(self, payload: bytes) -> bool:
        """Whether a frame that no key opens ends like a sealed one by chance, as one in 65,536 does in the clear."""
        return self._keys.protocol_version == 0 and not (self._keys.has_session and may_be_sealed(payload))

    def _expire(self, stream: SsrcStream, now: float) -> None:
        while stream.held and now - stream.held[0].arrival > HOLD_SECONDS:
            stream.held.popleft()
            stream.tried_frames = max(stream.tried_frames - 1, 0)
            self.counts.expired += 1

    def _forget_streams(self, now: float) -> None:
        """SSRCs that are nobody's (any more) and for which nothing waits."""
        for ssrc in [ssrc for ssrc, stream in self._streams.items() if not stream.held]:
            if self._streams[ssrc].user_at(now) is None:
                del self._streams[ssrc]


def _was_sealed(frame: SealedFrame, packet: bytes) -> bool:
    """Whether it took a key to make this packet of a frame."""
    return len(packet) < len(frame.payload)


def _starts_in_the_clear(stream: SsrcStream) -> bool:
    return bool(stream.held) and not stream.held[0].is_encrypted


def _order_from(first: SealedFrame) -> Callable[[SealedFrame], int]:
    """Sort key: the sender's order, by sequence numbers that may wrap."""
    return lambda frame: rtp.sequence_delta(frame.sequence, first.sequence)
