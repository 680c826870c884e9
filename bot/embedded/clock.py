"""The embedded Discord's own clock, which a script can advance: an evening of three hours passes in a minute.

It decides all that Discord's clock decides: ids and times of messages, deadlines of interactions, rate limits.
"""

from __future__ import annotations

import time


class Clock:
    """The machine's monotonic clock in seconds, plus what it was advanced by (`ahead_s`)."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self._wall_minus_monotonic = time.time() - time.monotonic()

    def __call__(self) -> float:
        """Seconds since an arbitrary moment."""
        return time.monotonic() + self.ahead_s

    def wall(self) -> float:
        """Unix time in seconds; like the monotonic time, it never goes back."""
        return self() + self._wall_minus_monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass immediately."""
        assert seconds >= 0, "time does not go back"
        self.ahead_s += seconds
