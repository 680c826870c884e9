"""Positions and lengths of sound, in samples at the one rate at which everything is recorded and exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SAMPLE_RATE_HZ: Final = 48_000
"""Samples per second: the rate of Opus in Discord's voice (RFC 7587, section 4.1)."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a track or take: from `start_samples` up to but not including `end_samples`."""

    start_samples: int
    end_samples: int

    @property
    def duration_samples(self) -> int:
        """Its length."""
        return self.end_samples - self.start_samples
