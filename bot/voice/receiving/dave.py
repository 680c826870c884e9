"""Opens end-to-end encrypted frames (DAVE, Discord's protocol over MLS), which wait for their key if it is unknown.

No I/O. Rules and limits were measured against davey 0.1.7 on a loopback voice server.

The life of a frame
-------------------

A frame arrives in a transport packet. `receiver` opens the transport encryption, takes off the RTP header, extension
and padding, drops duplicates, and hands over the rest: a `SealedFrame`. Four questions stand between it and its Opus
packet:

    transport packet ──► sealed frame
                              │
                     whose SSRC is it? ──unknown──► waits until op 5 names the user, or a trial proves it
                              │ named
                  may it be recorded? ──no────────► dropped, with everything that waits in its stream
                              │ yes
        can a key's earlier frame still come? ─yes► waits up to 0.1 s (SETTLING_SECONDS)
                              │ no
                      is its key known? ──no──────► waits until the keys change, 10 s at most (HOLD_SECONDS)
                              │ yes
                        opened frame, in the sender's order

1. *An unnamed SSRC.* The voice gateway names the user of an SSRC (op 5), at times late or never. Until then a trial can
   find them. Decryption is authenticated and every key belongs to one user, so a frame that opens with a candidate's
   key proves whose SSRC it is (`_prove`; a frame that passes through unchanged proves nothing). Candidates are the
   people in the call who may be recorded: no one else's keys are ever used.
2. *Permission* is asked for every frame, because it can end at any moment.
3. *The first frames of a key.* Once a key has opened a frame, it opens none from before that first one. A frame that
   has overtaken its key's first one therefore waits for it. Nonces begin again with each key, so the nonce shows which
   frames these are (`SsrcStream.is_in_order`).
4. *A keyless epoch.* When people join or leave, the group's keys change, and others can use a new key before it has
   reached us. Its frames wait, and all of them are tried again when `DaveKeys.generation` changes, or after half a
   second in case a change was not noticed (`receiver`). In between only newcomers are tried: everything else has been
   tried with the same keys.

Frames wait in one queue per SSRC, and leave it in the sender's order. What opened is handed out up to the first frame
that still waits (`_accept`); frames in the clear do not overtake it either. A frame that waits is dropped if

- a later frame of its stream has opened with a key: a sender's keys only go forward (`unopenable`),
- it has waited 10 s, or 4,000 newer frames wait in its stream (`expired`),
- its user turns out to be someone who must not be recorded (`not_permitted`), or
- the recording, or a pause in it, ends. In a pause no one may be recorded: frames of named users are dropped as they
  come, and those of unnamed SSRCs wait. At its end `forget_held` drops everything that arrived before, so that nothing
  said in a pause is opened, however late its user or key becomes known.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import UserId
from bot.voice.receiving.keys import DaveKeys, decrypted, open_frame
from bot.voice.receiving.ssrc_stream import NEVER, SealedFrame, SsrcStream
from bot.voice.receiving.undecryptable import FRAMES, Failing, GivenUp
from bot.wire import rtp

HOLD_SECONDS: Final = 10.0
"""How long a frame can wait: davey keeps the keys of an old epoch for 10 s, so nothing can open it later."""

HELD_FRAMES_LIMIT: Final = 4_000
"""The most frames held per stream: HOLD_SECONDS of the shortest Opus frames (2.5 ms)."""


@dataclass(slots=True)
class DecryptionCounts:
    """How many frames were not opened, by cause."""

    duplicates: int = 0
    not_permitted: int = 0
    expired: int = 0
    unopenable: int = 0


Opened = tuple[UserId, SealedFrame, bytes]
"""The frame's user, the frame, and the Opus packet in it."""


class WaitingDecryption:
    """Opens sealed frames, in order per SSRC; they wait up to HOLD_SECONDS for their user and key.

    `may_record` is asked for every frame, so permission can end at any moment; no one else's frames are decrypted.
    `candidates` are the people in the call who may be recorded: their keys are tried on SSRCs that no one has named.
    """

    def __init__(
        self, keys: DaveKeys, may_record: Callable[[UserId], bool], candidates: Callable[[], Collection[UserId]] = tuple
    ) -> None:
        self._keys = keys
        self._may_record = may_record
        self._candidates = candidates
        self._streams: dict[int, SsrcStream] = {}
        self.counts = DecryptionCounts()
        self.given_up = GivenUp()

    @property
    def held_frames(self) -> int:
        """How many frames are waiting."""
        return sum(len(stream.held) for stream in self._streams.values())

    @property
    def streams(self) -> Mapping[int, SsrcStream]:
        """The streams of all SSRCs that were named or heard."""
        return self._streams

    def user_of(self, ssrc: int, now: float) -> UserId | None:
        """Return the user of an SSRC; None if it is unknown."""
        stream = self._streams.get(ssrc)
        return None if stream is None else stream.user_at(now)

    def name_user(self, ssrc: int, user_id: UserId, now: float) -> list[Opened]:
        """Take the user that the voice gateway named for an SSRC; return the frames that were waiting for it."""
        stream = self.stream(ssrc)
        if stream.user_id != user_id:
            stream.tried_with = NEVER
        stream.user_id, stream.left_at = user_id, None
        return self._open_held(ssrc, stream, now)

    def user_left(self, user_id: UserId, now: float, ssrcs: Collection[int] | None = None) -> None:
        """Note that a user left the call, or a session with these SSRCs. Frames already under way are still theirs."""
        for ssrc, stream in self._streams.items():
            if stream.user_id == user_id and stream.left_at is None and (ssrcs is None or ssrc in ssrcs):
                stream.left_at = now

    def push(self, frame: SealedFrame) -> list[Opened]:
        """Take one frame as it arrives. Return what can be opened now: frames that waited before it, and the frame."""
        stream = self.stream(frame.ssrc)
        stream.sender_of(frame.sequence, frame.timestamp, frame.arrival)
        if not stream.is_new(frame.sequence, frame.timestamp):
            self.counts.duplicates += 1
            return []
        return self.wait_or_open(stream, frame)

    def wait_or_open(self, stream: SsrcStream, frame: SealedFrame) -> list[Opened]:
        """Do the same for a frame that is known not to be a duplicate."""
        user_id = stream.user_id
        if user_id is None:
            return self._hold_unnamed(stream, frame)
        if not self._may_record(user_id):
            self.counts.not_permitted += 1 + len(stream.held)
            stream.held.clear()
            return []
        # Asked even if others wait: it also notes where a key begins, and how long to wait for an overtaken frame.
        in_order = stream.is_in_order(frame.payload, frame.sequence, frame.arrival, len(frame.blanks))
        if not stream.held and in_order and (packet := self._open(user_id, frame)) is not None:
            return [(user_id, frame, packet)]
        return self._hold(user_id, stream, frame)

    def retry(self, now: float, *, force: bool = False) -> list[Opened]:
        """Drop what has waited too long, and try the rest again if keys have changed or `force` is set."""
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

    def failing(self) -> list[Failing]:
        """Return the people who may be recorded and whose newest frames do not open, though no wait is due."""
        found: list[Failing] = []
        for stream in self._streams.values():
            if stream.user_id is None or len(stream.held) < FRAMES or not self._may_record(stream.user_id):
                continue
            arrivals = [frame.arrival for frame in stream.held if frame.is_encrypted]
            if len(arrivals) >= FRAMES:
                found.append(Failing(stream.user_id, arrivals[0], arrivals[-1]))
        return found

    def give_up_held(self) -> None:
        """Note what still waits as given up: the recording ends."""
        for stream in self._streams.values():
            self._give_up(stream, stream.held)

    def forget_held(self, before: float = math.inf) -> None:
        """Drop every frame that waits and arrived before a moment: it must never be opened."""
        for stream in self._streams.values():
            stream.held = deque(frame for frame in stream.held if frame.arrival >= before)
            # What is left or comes next has to be tried from its first frame on.
            stream.tried_with = NEVER

    def stream(self, ssrc: int) -> SsrcStream:
        """Return the stream of an SSRC, a new one if it is heard for the first time."""
        stream = self._streams.get(ssrc)
        if stream is None:
            stream = self._streams[ssrc] = SsrcStream()
        return stream

    def _append(self, stream: SsrcStream, frame: SealedFrame) -> None:
        self._expire(stream, frame.arrival)
        if len(stream.held) >= HELD_FRAMES_LIMIT:
            self._drop_first(stream)
        stream.held.append(frame)

    def _hold(self, user_id: UserId, stream: SsrcStream, frame: SealedFrame) -> list[Opened]:
        in_step = stream.tried_with == self._keys.generation and not stream.settles_at
        self._append(stream, frame)
        if not in_step:
            return self._open_held(frame.ssrc, stream, frame.arrival)
        # Everything that waits has been tried with the same keys, so only the newcomer is worth an attempt.
        if frame.is_encrypted and (packet := self._open(user_id, frame)) is not None:
            last = frame if _was_sealed(frame, packet) else None
            return self._accept(user_id, stream, {id(frame): packet}, last)
        return []

    def _hold_unnamed(self, stream: SsrcStream, frame: SealedFrame) -> list[Opened]:
        # For its effects only: it notes where a key begins, and how long to wait for an overtaken frame.
        stream.is_in_order(frame.payload, frame.sequence, frame.arrival, len(frame.blanks))
        self._append(stream, frame)
        return self._try_candidates(frame.ssrc, stream, frame.arrival)

    def _try_candidates(self, ssrc: int, stream: SsrcStream, now: float) -> list[Opened]:
        """Find the user of an SSRC: the candidate whose key opens a frame.

        The oldest frame is tried first, because a key opens no frame from before the first one that it has opened. What
        has failed is not tried again with the same keys and people.
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
                if (packet := decrypted(self._keys, user_id, frame.payload)) is not None:
                    stream.user_id, stream.left_at, stream.tried_with = user_id, None, NEVER
                    return self._open_held(ssrc, stream, now, {id(frame): packet})
        return []

    def _open_held(
        self, ssrc: int, stream: SsrcStream, now: float, proved: dict[int, bytes] | None = None
    ) -> list[Opened]:
        """Try everything that waits in this stream, in order. `proved` holds what a trial has opened."""
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
            packet = packets.get(id(frame)) or self._open(user_id, frame)
            if packet is not None:
                packets[id(frame)] = packet
                stream.note_begun(frame.payload, frame.sequence)
                if _was_sealed(frame, packet):
                    last = frame
        return self._accept(user_id, stream, packets, last)

    def _accept(
        self, user_id: UserId, stream: SsrcStream, packets: dict[int, bytes], last: SealedFrame | None
    ) -> list[Opened]:
        """Hand out opened frames up to the first one that still has to wait.

        A sender's keys only go forward. `last` is the newest frame opened with a key: a frame before it that does not
        open with the keys known now never will. Frames after it wait, even those in the clear, which must not overtake.
        """
        if not packets:
            return []
        order = _order_from(stream.held[0])
        opened: list[Opened] = []
        waiting: list[SealedFrame] = []
        passed: list[SealedFrame] = []
        for frame in sorted(stream.held, key=order):
            packet = packets.get(id(frame))
            if packet is None and not frame.is_encrypted and last is not None and order(frame) < order(last):
                packet = self._open(user_id, frame)
            if packet is not None and not waiting:
                opened.append((user_id, frame, packet))
            elif last is not None and order(frame) < order(last):
                passed.append(frame)
            else:
                waiting.append(frame)
        stream.held = deque(waiting)
        self.counts.unopenable += len(passed)
        self._give_up(stream, passed)
        return opened

    def _open(self, user_id: UserId, frame: SealedFrame) -> bytes | None:
        return open_frame(self._keys, user_id, frame.payload, frame.arrival)

    def _expire(self, stream: SsrcStream, now: float) -> None:
        while stream.held and now - stream.held[0].arrival > HOLD_SECONDS:
            self._drop_first(stream)

    def _drop_first(self, stream: SsrcStream) -> None:
        self._give_up(stream, [stream.held.popleft()])
        stream.tried_frames = max(stream.tried_frames - 1, 0)
        self.counts.expired += 1

    def _give_up(self, stream: SsrcStream, frames: Iterable[SealedFrame]) -> None:
        """Note sealed frames that will never be opened, if it is known whose they are."""
        if stream.user_id is not None and self._may_record(stream.user_id):
            self.given_up.note(stream.user_id, (frame.arrival for frame in frames if frame.is_encrypted))

    def _forget_streams(self, now: float) -> None:
        """Drop the streams in which nothing waits and that belong to no one, or to someone who left."""
        for ssrc in [ssrc for ssrc, stream in self._streams.items() if not stream.held]:
            if self._streams[ssrc].user_at(now) is None:
                del self._streams[ssrc]


def _was_sealed(frame: SealedFrame, packet: bytes) -> bool:
    """Whether a key was needed to open this frame."""
    return len(packet) < len(frame.payload)


def _starts_in_the_clear(stream: SsrcStream) -> bool:
    return bool(stream.held) and not stream.held[0].is_encrypted


def _order_from(first: SealedFrame) -> Callable[[SealedFrame], int]:
    """Return a sort key for the sender's order, by sequence numbers that can wrap."""
    return lambda frame: rtp.sequence_delta(frame.sequence, first.sequence)
