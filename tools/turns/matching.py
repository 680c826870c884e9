"""Which found turns belong to which stretches of speech, and what that says about their bounds. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.samples import SAMPLE_RATE_HZ, Span
from tools.turns.finders import FoundTurn
from tools.turns.truth import Sound

CUT_TOLERANCE: Final = SAMPLE_RATE_HZ // 50
"""20 ms of a word may be in another clip: the fading end of a sound, not a part of the word."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Errors of turns' bounds in samples (late is positive), and what has no counterpart.

    `joined` counts pauses over which one turn goes on, `missed` stretches without a turn, `invented` turns without
    speech.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    joined: int
    missed: int
    invented: int


def overlapping(spans: Sequence[Span], others: Sequence[Span]) -> list[range]:
    """For each span, return the indices of the others that overlap it. Both are in order and without overlaps."""
    found: list[range] = []
    first = 0
    for span in spans:
        while first < len(others) and others[first].end_samples <= span.start_samples:
            first += 1
        last = first
        while last < len(others) and others[last].start_samples < span.end_samples:
            last += 1
        found.append(range(first, last))
    return found


def compare_bounds(stretches: Sequence[Span], turns: Sequence[Span]) -> Bounds:
    """Compare the outer bounds of speech. Where a turn covers two stretches, there are no bounds to compare."""
    turns_in = overlapping(stretches, turns)
    stretches_in = overlapping(turns, stretches)
    starts: list[int] = []
    ends: list[int] = []
    for number, (stretch, inside) in enumerate(zip(stretches, turns_in, strict=True)):
        if not inside:
            continue
        if stretches_in[inside[0]][0] == number:
            starts.append(turns[inside[0]].start_samples - stretch.start_samples)
        if stretches_in[inside[-1]][-1] == number:
            ends.append(turns[inside[-1]].end_samples - stretch.end_samples)
    return Bounds(
        tuple(starts),
        tuple(ends),
        joined=sum(max(len(covered) - 1, 0) for covered in stretches_in),
        missed=sum(not inside for inside in turns_in),
        invented=sum(not covered for covered in stretches_in),
    )


def divisions(stretches: Sequence[Span], turns: Sequence[FoundTurn]) -> list[tuple[FoundTurn, FoundTurn]]:
    """Return the pairs of neighbouring turns between which one stretch of speech is divided."""
    inside = overlapping(stretches, [turn.speech for turn in turns])
    return [pair for indices in inside for pair in pairwise([turns[index] for index in indices])]


def cut_words(words: Sequence[Sound], pairs: Sequence[tuple[FoundTurn, FoundTurn]]) -> list[Sound]:
    """Return the word that each division cuts, if it does: some is in one of the two clips, and in neither all."""
    cut: list[Sound] = []
    for before, after in pairs:
        near = (
            word for word in words if word.end > before.speech.start_samples and word.start < after.speech.end_samples
        )
        cut += [word for word in near if _is_cut(word.span, (before.clip, after.clip))][:1]
    return cut


def _is_cut(word: Span, clips: tuple[Span, Span]) -> bool:
    inside = max(_shared(word, clip) for clip in clips)
    return CUT_TOLERANCE < inside < word.duration_samples - CUT_TOLERANCE


def _shared(one: Span, other: Span) -> int:
    return min(one.end_samples, other.end_samples) - max(one.start_samples, other.start_samples)
