"""What of an outage was a hole in the sound. No I/O, no clock; times are monotonic seconds."""

from __future__ import annotations

from bisect import insort
from itertools import pairwise
from typing import Final

HOLE_SECONDS: Final = 0.05
"""Frames come every 20 ms: a longer wait between two of them, during an outage, is taken for missing sound."""


class Outage:
    """One outage from `lost_at` on. The websocket's end need not stop the sound, so what is heard is noted."""

    def __init__(self, lost_at: float) -> None:
        self.lost_at = lost_at
        self._heard: list[float] = []

    def heard(self, arrival: float) -> None:
        """A frame arrived then, and could be opened."""
        if arrival > self.lost_at:
            insort(self._heard, arrival)

    def holes(self, over_at: float) -> tuple[tuple[float, float], ...]:
        """Where nothing was heard up to `over_at`, as (from, to)."""
        moments = [self.lost_at, *(moment for moment in self._heard if moment < over_at), max(over_at, self.lost_at)]
        return tuple((start, end) for start, end in pairwise(moments) if end - start > HOLE_SECONDS)
