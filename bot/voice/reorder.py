"""Putting one track's frames into the sender's order before they are laid into a file.

No I/O, no clock. A recorder is in no hurry: every frame waits HOLD_SECONDS, so that what the network delayed by less
falls into place, the timeline can look ahead, and a cut called a moment ago still finds nothing written beyond it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from bot.voice import opus
from bot.voice.arrivals import ArrivalClock
from bot.voice.receiver import FrameReceived
from bot.voice.rtp import sequence_delta, timestamp_delta

HOLD_SECONDS: Final = 0.25
"""Longer than any reordering worth the name (some 60 ms) and than it takes a pressed button to arrive."""

_RESTART_SEQUENCE = -200  # further back than reordering reaches: the sender has begun to count anew
_RESTART_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Stream:
    """One SSRC's numbers unwrapped, from its newest frame, and its clock."""

    ssrc: int
    sequence: int
    timestamp: int
    newest_arrival: float
    clock: ArrivalClock = field(default_factory=ArrivalClock)
    blanks: set[int] = field(default_factory=lambda: set[int]())

    def lost_between(self, sequence: int, later: int) -> int:
        """How many frames between two, given by their sequence numbers, never came. Asked once, in order."""
        if later == sequence + 1:
            return 0
        blank = {number for number in self.blanks if number < later}
        self.blanks -= blank
        return later - sequence - 1 - len(blank)


@dataclass(slots=True, eq=False)
class OrderedFrame:
    """A frame with numbers that no longer wrap. `run` counts changes of stream; order is (run, sequence).

    Never changed; not declared frozen because one is made for every packet.
    """

    run: int
    sequence: int
    timestamp: int
    stream: Stream
    frame: FrameReceived
    samples: int
    is_silence: bool

    @property
    def order(self) -> tuple[int, int]:
        """Frames come in this order."""
        return self.run, self.sequence


class ReorderBuffer:
    """The frames of one user that came within the last HOLD_SECONDS, in the sender's order."""

    def __init__(self) -> None:
        self._streams: dict[int, Stream] = {}
        self._current: Stream | None = None
        self._run = 0
        self._waiting: deque[OrderedFrame] = deque()
        self._released: tuple[int, int] = (-1, 0)
        self.late_frames = 0

    @property
    def waiting(self) -> deque[OrderedFrame]:
        """What has not been released yet, in order."""
        return self._waiting

    def push(self, frame: FrameReceived) -> None:
        """Take a frame; one that comes after its successors were released is counted and dropped."""
        stream, sequence, timestamp = self._unwrap(frame)
        packet = frame.opus
        ordered = OrderedFrame(
            self._run, sequence, timestamp, stream, frame, opus.duration_samples(packet), opus.is_silence(packet)
        )
        stream.clock.note(timestamp, frame.arrival)
        waiting = self._waiting
        if waiting and waiting[-1].run == self._run and waiting[-1].sequence < sequence:
            waiting.append(ordered)
        elif ordered.order <= self._released:
            self.late_frames += 1
        else:
            self._insert(ordered)

    def release(self, now: float) -> OrderedFrame | None:
        """The next frame in order if it has waited long enough; call until None."""
        if not self._waiting or self._waiting[0].frame.arrival + HOLD_SECONDS > now:
            return None
        return self.release_any()

    def release_any(self) -> OrderedFrame | None:
        """The next frame in order, however long it has waited."""
        if not self._waiting:
            return None
        ordered = self._waiting.popleft()
        self._released = (ordered.run, ordered.sequence)
        return ordered

    def _insert(self, ordered: OrderedFrame) -> None:
        waiting = self._waiting
        at = bisect_left(waiting, ordered.order, key=lambda one: one.order)
        if at == len(waiting) or waiting[at].order != ordered.order:
            waiting.insert(at, ordered)

    def _unwrap(self, frame: FrameReceived) -> tuple[Stream, int, int]:
        stream = self._streams.get(frame.ssrc)
        ahead = 0 if stream is None else sequence_delta(frame.sequence, stream.sequence & 0xFFFF)
        if stream is None or (ahead < 0 and _has_restarted(stream, ahead, frame.arrival)):
            ahead, stream = 0, Stream(frame.ssrc, frame.sequence, frame.timestamp, frame.arrival)
            self._streams[frame.ssrc] = stream
        sequence = stream.sequence + ahead
        timestamp = stream.timestamp + timestamp_delta(frame.timestamp, stream.timestamp & 0xFFFF_FFFF)
        if stream is not self._current:
            # A user has one stream at a time; whichever sound comes in is the one that is on.
            self._current = stream
            self._run += 1
        if frame.blanks:
            newest = stream.sequence
            stream.blanks.update(newest + sequence_delta(blank, newest & 0xFFFF) for blank in frame.blanks)
        if ahead > 0:
            stream.sequence, stream.timestamp = sequence, timestamp
        if frame.arrival > stream.newest_arrival:
            stream.newest_arrival = frame.arrival
        return stream, sequence, timestamp


def _has_restarted(stream: Stream, ahead: int, arrival: float) -> bool:
    """Whether the sender has begun anew with the same SSRC, rather than the network having reordered."""
    return ahead < _RESTART_SEQUENCE or arrival > stream.newest_arrival + _RESTART_SECONDS
