"""Talk spurts of a track: from the first frame that sounds to the last before the silence.

No I/O. Positions are samples since the take's start.
"""

from __future__ import annotations

from typing import Final

from bot.samples import Span
from bot.voice.recording.bed import Laid
from bot.wire import opus

SHORTEST_PAUSE_SAMPLES: Final = opus.TRAILING_SILENCE_FRAMES * 960
"""Five silence frames end a spurt at Discord's clients; fewer between two sounds are part of it."""


class SpurtLog:
    """Finds the spurts in what is laid into a track."""

    def __init__(self) -> None:
        self._closed: list[Span] = []
        self._start = self._end = 0

    def note(self, laid: Laid) -> None:
        """Take what is laid into the track next."""
        if not laid.is_sound:
            return
        if laid.start_samples - self._end >= SHORTEST_PAUSE_SAMPLES:
            self._close()
            self._start = laid.start_samples
        elif self._end == self._start:
            self._start = laid.start_samples
        self._end = laid.start_samples + laid.samples

    def spurts(self, duration_samples: int) -> tuple[Span, ...]:
        """All spurts in order, the one still going on included, none beyond the track's end."""
        spans = [*self._closed, Span(self._start, self._end)]
        clipped = (Span(span.start_samples, min(span.end_samples, duration_samples)) for span in spans)
        return tuple(span for span in clipped if span.duration_samples > 0)

    def _close(self) -> None:
        if self._end > self._start:
            self._closed.append(Span(self._start, self._end))
