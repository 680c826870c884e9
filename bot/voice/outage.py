"""What of an outage was a hole in the sound. No I/O, no clock; times are monotonic seconds."""

from __future__ import annotations

from bisect import insort
from itertools import pairwise
from math import inf
from typing import Final

HOLE_SECONDS: Final = 0.05
"""Frames come every 20 ms: a longer wait between two of them, during an outage, is taken for missing sound."""


NOTICED_SECONDS: Final = 0.5
"""What was last heard so shortly before a loss was noticed tells when it began."""


class Outage:
    """One outage, noticed at `lost_at`; the last frame before had arrived at `heard_at`.

    The websocket's end need not stop the sound, so what is heard during the outage is noted.
    """

    def __init__(self, lost_at: float, heard_at: float = -inf) -> None:
        self.lost_at = lost_at
        # It was noticed late if somebody was cut off in the middle of talking.
        self._since = heard_at if lost_at - NOTICED_SECONDS < heard_at < lost_at else lost_at
        self._heard: list[float] = []

    def heard(self, arrival: float) -> None:
        """A frame arrived then, and could be opened."""
        if arrival > self._since:
            insort(self._heard, arrival)

    def holes(self, over_at: float) -> tuple[tuple[float, float], ...]:
        """Where nothing was heard up to `over_at`, as (from, to)."""
        moments = [self._since, *(moment for moment in self._heard if moment < over_at), max(over_at, self._since)]
        return tuple((start, end) for start, end in pairwise(moments) if end - start > HOLE_SECONDS)
