"""Turns: stretches of speech in a track, the unit of rating.

A turn lasts 1-15 s, as in MSP-Podcast and EXPRESSO: a shorter one carries too little, and in a longer one the emotion
shifts. Positions are samples at 48 kHz since the take's start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.samples import SAMPLE_RATE_HZ, Span

SHORTEST_SAMPLES = 1 * SAMPLE_RATE_HZ
LONGEST_SAMPLES = 15 * SAMPLE_RATE_HZ
PAUSE_SAMPLES = SAMPLE_RATE_HZ // 2
"""A shorter pause belongs to the turn: the phrases of one thought are closer together."""


def find_turns(spurts: Iterable[tuple[int, int]], cues: Sequence[int] = ()) -> list[Span]:
    """Join talk spurts (start and end, in order) that lie close together, and cut what is too long.

    Turns come in order, never overlap, and are at most 15 s long. Short ones are kept, but not for rating. No turn lies
    across one of the `cues` (positions), so that each has one target.
    """
    joined: list[Span] = []
    for start, end in _split(spurts, cues):
        if end <= start:
            continue
        if joined and _belong_together(joined[-1].end_samples, start, cues):
            joined[-1] = Span(joined[-1].start_samples, max(end, joined[-1].end_samples))
        else:
            joined.append(Span(start, end))
    return [piece for stretch in joined for piece in _cut(stretch)]


def choose_for_rating(turns: Sequence[Span], cues: Sequence[int] = ()) -> list[Span]:
    """Return the longest turn of 1-15 s for each target in force: the one before the first cue, after it, and so on.

    Of equally long turns, the earliest is chosen. A target without such a turn gets none.
    """
    longest: dict[int, Span] = {}
    for turn in turns:
        if SHORTEST_SAMPLES <= turn.duration_samples <= LONGEST_SAMPLES:
            target = sum(cue <= turn.start_samples for cue in cues)
            before = longest.get(target)
            if before is None or turn.duration_samples > before.duration_samples:
                longest[target] = turn
    return list(longest.values())


def _belong_together(end: int, start: int, cues: Sequence[int]) -> bool:
    return start - end < PAUSE_SAMPLES and not any(end <= cue <= start for cue in cues)


def _split(spurts: Iterable[tuple[int, int]], cues: Sequence[int]) -> Iterable[tuple[int, int]]:
    for start, end in spurts:
        bounds = [start, *(cue for cue in sorted(cues) if start < cue < end), end]
        yield from pairwise(bounds)


def _cut(stretch: Span) -> list[Span]:
    pieces = -(-stretch.duration_samples // LONGEST_SAMPLES)
    bounds = [stretch.start_samples + stretch.duration_samples * number // pieces for number in range(pieces + 1)]
    return [Span(start, end) for start, end in pairwise(bounds)]
