"""Putting one track's frames into the sender's order before they are laid into a file.

No I/O, no clock. A recorder is in no hurry: every frame waits HOLD_SECONDS, so that what the network delayed by less
falls into place, the timeline can look ahead, and a cut called a moment ago still finds nothing written beyond it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

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


@dataclass(frozen=True, slots=True, order=True)
class OrderedFrame:
    """A frame with numbers that no longer wrap. `run` counts changes of stream; order is (run, sequence)."""

    run: int
    sequence: int
    timestamp: int = field(compare=False)
    stream: Stream = field(compare=False)
    frame: FrameReceived = field(compare=False)


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
        """What has not been released yet, in order."""
        return self._waiting

    def push(self, frame: FrameReceived) -> None:
        """Take a frame; one that comes after its successors were released is counted and dropped."""
        stream, sequence, timestamp = self._unwrap(frame)
        ordered = OrderedFrame(self._run, sequence, timestamp, stream, frame)
        stream.clock.note(timestamp, frame.arrival)
        if (ordered.run, ordered.sequence) <= self._released:
            self.late_frames += 1
        elif not self._waiting or ordered > self._waiting[-1]:
            self._waiting.append(ordered)
        else:
            at = bisect_left(self._waiting, ordered)
            if self._waiting[at] != ordered:
                self._waiting.insert(at, ordered)

    def release(self, now: float) -> OrderedFrame | None:
        """The next frame in order if it has waited long enough; call until None."""
        if not self._waiting or self._waiting[0].frame.arrival + HOLD_SECONDS > now:
            return None
        return self.release_any()

    def release_any(self) -> OrderedFrame | None:
        """The next frame in order, however long it has waited."""
        if not self._waiting:
            return None
        ordered = self._waiting.pop(0)
        self._released = (ordered.run, ordered.sequence)
        return ordered

    def _unwrap(self, frame: FrameReceived) -> tuple[Stream, int, int]:
        stream = self._streams.get(frame.ssrc)
        if stream is None or _has_restarted(stream, frame):
            stream = Stream(frame.ssrc, frame.sequence, frame.timestamp, frame.arrival)
            self._streams[frame.ssrc] = stream
        sequence = stream.sequence + sequence_delta(frame.sequence, stream.sequence & 0xFFFF)
        timestamp = stream.timestamp + timestamp_delta(frame.timestamp, stream.timestamp & 0xFFFF_FFFF)
        if stream is not self._current:
            # A user has one stream at a time; whichever sound comes in is the one that is on.
            self._current = stream
            self._run += 1
        if sequence > stream.sequence:
            stream.sequence, stream.timestamp = sequence, timestamp
        stream.newest_arrival = max(stream.newest_arrival, frame.arrival)
        return stream, sequence, timestamp


def _has_restarted(stream: Stream, frame: FrameReceived) -> bool:
    """Whether the sender has begun anew with the same SSRC, rather than the network having reordered."""
    back = sequence_delta(frame.sequence, stream.sequence & 0xFFFF)
    return back < _RESTART_SEQUENCE or (back < 0 and frame.arrival > stream.newest_arrival + _RESTART_SECONDS)
