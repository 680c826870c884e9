"""What of an outage was a hole in the sound. No I/O, no clock; times are monotonic seconds."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from math import inf
from typing import Final

from bot.voice.receiving.receiver import FrameReceived

HOLE_SECONDS: Final = 0.05
"""Frames come every 20 ms: a longer wait between two of them, during an outage, is taken for missing sound."""


NOTICED_SECONDS: Final = 0.5
"""What was last heard so shortly before a loss was noticed tells when it began."""


PAUSE_SECONDS: Final = 0.3
"""Numbers that follow one another prove that nothing is missing between two frames of a talker, not of a pause."""


class Outage:
    """One outage, noticed at `lost_at`; the last frame before had arrived at `heard_at`.

    The websocket's end need not stop the sound, so what is heard during the outage is noted.
    """

    def __init__(self, lost_at: float, heard_at: float = -inf) -> None:
        self.lost_at = lost_at
        # It was noticed late if somebody was cut off in the middle of talking.
        self._since = heard_at if lost_at - NOTICED_SECONDS < heard_at < lost_at else lost_at
        self._whole: list[tuple[float, float]] = []

    def heard(self, arrival: float, follows: float | None = None) -> None:
        """A frame arrived then, and could be opened. `follows` is when the frame numbered before it had arrived."""
        if arrival <= self._since:
            return
        is_whole = follows is not None and arrival - follows < PAUSE_SECONDS
        insort(self._whole, (follows if follows is not None and is_whole else arrival, arrival))

    def holes(self, over_at: float) -> tuple[tuple[float, float], ...]:
        """Where nothing was heard up to `over_at`, as (from, to)."""
        found: list[tuple[float, float]] = []
        reached = self._since
        for start, end in [*self._whole, (over_at, over_at)]:
            if min(start, over_at) - reached > HOLE_SECONDS:
                found.append((reached, min(start, over_at)))
            reached = max(reached, end)
        return tuple(found)


class LastHeard:
    """The newest frame of each SSRC: what tells whether the next one follows it."""

    def __init__(self) -> None:
        self._newest: dict[int, FrameReceived] = {}

    @property
    def at(self) -> float:
        """When anything was heard at all."""
        return max((frame.arrival for frame in self._newest.values()), default=-inf)

    def note_all(self, frames: Iterable[FrameReceived]) -> None:
        """Frames arrived, and nobody asks which follow one another."""
        newest = self._newest
        for frame in frames:
            newest[frame.ssrc] = frame

    def note(self, frame: FrameReceived) -> float | None:
        """A frame arrived; returns when the one numbered before it had, if that was the newest."""
        before = self._newest.get(frame.ssrc)
        self._newest[frame.ssrc] = frame
        if before is None or frame.sequence != (before.sequence + 1) & 0xFFFF:
            return None
        return before.arrival


class Outages:
    """The outages of one connection, and what was heard before and in them."""

    def __init__(self) -> None:
        self._last_heard = LastHeard()
        self._lasting: Outage | None = None

    def note(self, frames: Iterable[FrameReceived]) -> None:
        """Frames arrived, and could be opened."""
        if self._lasting is None:
            self._last_heard.note_all(frames)
            return
        for frame in frames:
            self._lasting.heard(frame.arrival, self._last_heard.note(frame))

    def begin(self, at: float) -> None:
        """The connection was lost, as was noticed then."""
        self._lasting = Outage(at, self._last_heard.at)

    def holes(self, until: float) -> tuple[tuple[float, float], ...]:
        """Where nothing was heard in the outage that lasts, as (from, to); nothing when none does."""
        return () if self._lasting is None else self._lasting.holes(until)

    def end(self, at: float) -> tuple[tuple[float, float], ...]:
        """The connection is back; returns the holes of its outage."""
        holes, self._lasting = self.holes(at), None
        return holes
