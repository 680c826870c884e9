"""Puts one track's frames into the sender's order before they are laid into a file.

No I/O, no clock. A recorder is in no hurry: every frame waits HOLD_SECONDS. So a packet that the network delayed by
less finds its place, the timeline can look ahead, and nothing is written yet beyond a cut that was called a moment ago.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

from bot.voice.receiving.arrivals import ArrivalClock
from bot.voice.receiving.receiver import FrameReceived
from bot.wire import opus
from bot.wire.opus import ONE_FRAME_SAMPLES
from bot.wire.rtp import sequence_delta, timestamp_delta

HOLD_SECONDS: Final = 0.25
"""Longer than networks reorder (about 60 ms), and longer than a button press takes to reach the bot."""

_RESTART_SEQUENCE = -200  # further back than reordering reaches: the sender has begun to count again
_RESTART_SECONDS = 1.0  # longer than reordering takes: an older number this late is a new count, too
# A NamedTuple's constructor calls this, and takes twice as long; it runs once per packet.
_new = cast(Any, tuple.__new__)  # pyright: ignore[reportUnknownMemberType]


@dataclass(slots=True, eq=False)
class Stream:
    """One SSRC: the unwrapped numbers of its newest frame, and its clock."""

    ssrc: int
    sequence: int
    timestamp: int
    step_samples: int = 960
    clock: ArrivalClock = field(default_factory=ArrivalClock)
    blanks: set[int] = field(default_factory=lambda: set[int]())

    def missing_between(self, sequence: int, later: int) -> int:
        """Return how many packets between two sequence numbers never came. Call it once per pair, in order."""
        if later == sequence + 1:
            return 0
        # Blanks that came before the first frame of a take lie between no two of its frames.
        blank = sum(sequence < number < later for number in self.blanks)
        self.blanks = {number for number in self.blanks if number > later}
        return later - sequence - 1 - blank


class OrderedFrame(NamedTuple):
    """A frame with numbers that no longer wrap. `run` counts changes of stream; the order is (run, sequence)."""

    run: int
    sequence: int
    timestamp: int
    stream: Stream
    arrival: float
    opus: bytes
    samples: int
    is_silence: bool
    payload: bytes

    @property
    def order(self) -> tuple[int, int]:
        """The sort key of the sender's order."""
        return self.run, self.sequence


class ReorderBuffer:
    """The frames of one user that came within the last HOLD_SECONDS, in the sender's order."""

    def __init__(self) -> None:
        self._streams: dict[int, Stream] = {}
        self._current: Stream | None = None
        self._run = 0
        self._waiting: list[OrderedFrame] = []
        self._released: tuple[int, int] = (-1, 0)
        self.late_frames = 0

    @property
    def waiting(self) -> list[OrderedFrame]:
        """The frames that have not been released yet, in order."""
        return self._waiting

    def take(self, frame: FrameReceived) -> None:
        """Take a frame as it arrived. If its successors have been released, it is counted and dropped."""
        _, ssrc, sequence_16, timestamp_32, arrival, packet, blanks, payload = frame
        stream = self._current
        if stream is None or stream.ssrc != ssrc or blanks:
            self._push(frame)
            return
        # Nearly always, it is the next frame of the current stream and comes after all that wait.
        sequence, timestamp = stream.sequence + 1, stream.timestamp + stream.step_samples
        if sequence & 0xFFFF != sequence_16 or timestamp & 0xFFFF_FFFF != timestamp_32:
            self._push(frame)
            return
        stream.sequence, stream.timestamp = sequence, timestamp
        stream.clock.note(timestamp, arrival)
        samples = ONE_FRAME_SAMPLES[packet[0]] or opus.duration_samples(packet)
        silent = len(packet) == 3 and opus.is_silence(packet)
        ordered = self._run, sequence, timestamp, stream, arrival, packet, samples, silent, payload
        self._waiting.append(_new(OrderedFrame, ordered))

    def ready(self, now: float) -> int:
        """Return how many of those `waiting`, from the first on, have waited long enough."""
        until = now - HOLD_SECONDS
        count = 0
        for _, _, _, _, arrival, _, _, _, _ in self._waiting:
            if arrival > until:
                break
            count += 1
        return count

    def release(self, count: int) -> None:
        """Release the first `count` frames, which have been laid down: earlier ones that come now are late."""
        if count:
            self._released = self._waiting[count - 1].order
            del self._waiting[:count]

    def _push(self, frame: FrameReceived) -> None:
        stream, sequence, timestamp = self._unwrap(frame)
        stream.clock.note(timestamp, frame.arrival)
        samples, silent = opus.duration_samples(frame.opus), opus.is_silence(frame.opus)
        sound = frame.opus, samples, silent, frame.payload
        ordered = OrderedFrame(self._run, sequence, timestamp, stream, frame.arrival, *sound)
        if ordered.order <= self._released:
            self.late_frames += 1
        else:
            self._insert(ordered)

    def _insert(self, ordered: OrderedFrame) -> None:
        waiting = self._waiting
        at = bisect_left(waiting, ordered.order, key=lambda one: one.order)
        if at == len(waiting) or waiting[at].order != ordered.order:
            waiting.insert(at, ordered)

    def _unwrap(self, frame: FrameReceived) -> tuple[Stream, int, int]:
        stream = self._streams.get(frame.ssrc)
        ahead = 0 if stream is None else sequence_delta(frame.sequence, stream.sequence & 0xFFFF)
        if stream is None or (ahead < 0 and _has_restarted(stream, ahead, frame.arrival)):
            ahead, stream = 0, Stream(frame.ssrc, frame.sequence, frame.timestamp)
            self._streams[frame.ssrc] = stream
        sequence = stream.sequence + ahead
        timestamp = stream.timestamp + timestamp_delta(frame.timestamp, stream.timestamp & 0xFFFF_FFFF)
        if stream is not self._current:
            # A user has one stream at a time: the one that sound comes in on.
            self._current = stream
            self._run += 1
        if frame.blanks:
            newest = stream.sequence
            stream.blanks.update(newest + sequence_delta(blank, newest & 0xFFFF) for blank in frame.blanks)
        if ahead == 1:
            stream.step_samples = timestamp - stream.timestamp
        if ahead > 0:
            stream.sequence, stream.timestamp = sequence, timestamp
        return stream, sequence, timestamp


def _has_restarted(stream: Stream, ahead: int, arrival: float) -> bool:
    """Whether the sender has begun to count again with the same SSRC, rather than the network having reordered."""
    return ahead < _RESTART_SEQUENCE or arrival > stream.clock.newest_arrival + _RESTART_SECONDS
