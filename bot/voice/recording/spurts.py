"""The talk spurts of a track: each lasts from the first frame with sound to the last one before silence.

No I/O. Positions are samples since the take's start.
"""

from __future__ import annotations

from typing import Final

from bot.samples import Span
from bot.voice.recording.bed import Laid
from bot.wire import opus

SHORTEST_PAUSE_SAMPLES: Final = opus.TRAILING_SILENCE_FRAMES * 960
"""Discord's clients end a spurt with five silence frames; fewer of them between two sounds are part of the spurt."""


class SpurtLog:
    """Finds the spurts in what is laid down in a track."""

    def __init__(self) -> None:
        self._closed: list[Span] = []
        self._start = self._end = 0

    def note(self, laid: Laid) -> None:
        """Take what is laid down next."""
        if not laid.is_sound:
            return
        if laid.start_samples - self._end >= SHORTEST_PAUSE_SAMPLES:
            self._close()
            self._start = laid.start_samples
        elif self._end == self._start:
            self._start = laid.start_samples
        self._end = laid.start_samples + laid.samples

    def spurts(self, duration_samples: int) -> tuple[Span, ...]:
        """Return all spurts in order, with the one that is still going on, none beyond the track's end."""
        spans = [*self._closed, Span(self._start, self._end)]
        clipped = (Span(span.start_samples, min(span.end_samples, duration_samples)) for span in spans)
        return tuple(span for span in clipped if span.duration_samples > 0)

    def _close(self) -> None:
        if self._end > self._start:
            self._closed.append(Span(self._start, self._end))
