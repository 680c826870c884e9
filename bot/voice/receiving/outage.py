"""Which parts of an outage were holes in the sound. No I/O, no clock; times are monotonic seconds."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from math import inf
from typing import Final

from bot.domain.ids import UserId
from bot.voice.receiving.receiver import FrameReceived

HOLE_SECONDS: Final = 0.05
"""Frames come every 20 ms: a longer wait between two of them during an outage counts as missing sound."""

NOTICED_SECONDS: Final = 0.5
"""If the last frame came this shortly before a loss was noticed, it marks when the loss began."""

PAUSE_SECONDS: Final = 0.3
"""Consecutive sequence numbers prove that nothing is missing between two frames, but only if they are closer than this:
in a pause nothing is sent, so the numbers prove nothing.
"""


class Outage:
    """One outage, noticed at `lost_at`; the last frame before it had arrived at `heard_at`.

    Sound can go on after the websocket has ended, so frames that arrive during the outage are noted.
    """

    def __init__(self, lost_at: float, heard_at: float = -inf) -> None:
        self.lost_at = lost_at
        # If someone was cut off in the middle of talking, the outage was noticed late.
        self._since = heard_at if lost_at - NOTICED_SECONDS < heard_at < lost_at else lost_at
        self._whole: list[tuple[float, float]] = []

    def heard(self, arrival: float, follows: float | None = None) -> None:
        """Note a frame that arrived and was opened. `follows` is the arrival of the frame with the previous number."""
        if arrival <= self._since:
            return
        is_whole = follows is not None and arrival - follows < PAUSE_SECONDS
        insort(self._whole, (follows if follows is not None and is_whole else arrival, arrival))

    def holes(self, over_at: float) -> tuple[tuple[float, float], ...]:
        """Return the stretches up to `over_at` in which nothing was heard, as (from, to)."""
        found: list[tuple[float, float]] = []
        reached = self._since
        for start, end in [*self._whole, (over_at, over_at)]:
            if min(start, over_at) - reached > HOLE_SECONDS:
                found.append((reached, min(start, over_at)))
            reached = max(reached, end)
        return tuple(found)


class LastHeard:
    """The newest frame of each SSRC, which shows whether the next one follows it."""

    def __init__(self) -> None:
        self._newest: dict[int, FrameReceived] = {}

    @property
    def at(self) -> float:
        """When anything was heard last; -inf if nothing was."""
        return max((frame.arrival for frame in self._newest.values()), default=-inf)

    def since(self, at: float) -> frozenset[UserId]:
        """Return who was heard after `at`."""
        return frozenset(frame.user_id for frame in self._newest.values() if frame.arrival > at)

    def note_all(self, frames: Iterable[FrameReceived]) -> None:
        """Note frames without finding out which of them follow one another."""
        newest = self._newest
        for frame in frames:
            newest[frame.ssrc] = frame

    def note(self, frame: FrameReceived) -> float | None:
        """Note a frame; return the arrival of the newest one before it if their numbers are consecutive."""
        before = self._newest.get(frame.ssrc)
        self._newest[frame.ssrc] = frame
        if before is None or frame.sequence != (before.sequence + 1) & 0xFFFF:
            return None
        return before.arrival


class Outages:
    """The outages of one connection, and what was heard before and during them."""

    def __init__(self) -> None:
        self._last_heard = LastHeard()
        self._lasting: Outage | None = None

    def note(self, frames: Iterable[FrameReceived]) -> None:
        """Note frames that arrived and were opened."""
        if self._lasting is None:
            self._last_heard.note_all(frames)
            return
        for frame in frames:
            self._lasting.heard(frame.arrival, self._last_heard.note(frame))

    def heard_since(self, at: float) -> frozenset[UserId]:
        """Return who was heard after `at`."""
        return self._last_heard.since(at)

    def begin(self, at: float) -> None:
        """Begin an outage that was noticed at `at`."""
        self._lasting = Outage(at, self._last_heard.at)

    def holes(self, until: float) -> tuple[tuple[float, float], ...]:
        """Return the holes of the current outage up to `until`, as (from, to); none without an outage."""
        return () if self._lasting is None else self._lasting.holes(until)

    def end(self, at: float) -> tuple[tuple[float, float], ...]:
        """End the outage, because the connection is back; return its holes."""
        holes, self._lasting = self.holes(at), None
        return holes
