"""The rule of versions that found turns without listening, to compare with: packets, joined and cut by length alone.

Copied from `bot.domain.turns` and `bot.voice.recording.recovery` as they were, so that it stays when they change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.samples import SAMPLE_RATE_HZ, Span
from bot.wire import opus

_LONGEST_SAMPLES = 15 * SAMPLE_RATE_HZ
_PAUSE_SAMPLES = SAMPLE_RATE_HZ // 2
_SHORTEST_PAUSE_SAMPLES = opus.TRAILING_SILENCE_FRAMES * 960


def find_spurts(packets: Sequence[bytes], duration_samples: int) -> list[Span]:
    """Return where a track has packets that are not silence; less than 100 ms of silence divides nothing."""
    spans: list[Span] = []
    position = 0
    for packet in packets:
        end = position + opus.duration_samples(packet)
        if not opus.is_silence(packet):
            if spans and position - spans[-1].end_samples < _SHORTEST_PAUSE_SAMPLES:
                spans[-1] = Span(spans[-1].start_samples, end)
            else:
                spans.append(Span(position, end))
        position = end
    clipped = (Span(span.start_samples, min(span.end_samples, duration_samples)) for span in spans)
    return [span for span in clipped if span.duration_samples > 0]


def find_turns(spurts: Iterable[Span]) -> list[Span]:
    """Join spurts with less than 0.5 s between them, and cut what is longer than 15 s into equal pieces."""
    joined: list[Span] = []
    for spurt in spurts:
        if joined and spurt.start_samples - joined[-1].end_samples < _PAUSE_SAMPLES:
            joined[-1] = Span(joined[-1].start_samples, max(spurt.end_samples, joined[-1].end_samples))
        else:
            joined.append(spurt)
    return [piece for stretch in joined for piece in _cut(stretch)]


def _cut(stretch: Span) -> list[Span]:
    pieces = -(-stretch.duration_samples // _LONGEST_SAMPLES)
    bounds = [stretch.start_samples + stretch.duration_samples * number // pieces for number in range(pieces + 1)]
    return [Span(start, end) for start, end in pairwise(bounds)]
