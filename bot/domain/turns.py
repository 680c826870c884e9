"""Turns: stretches of speech in a track, the unit of rating.

A turn lasts at most 15 s, as in MSP-Podcast and EXPRESSO, because in a longer one the emotion shifts. Raters get turns
of at least 1 s: a shorter one carries too little. Positions are samples at 48 kHz since the take's start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.cues import Shift
from bot.domain.states import FoundBy, TargetClaim
from bot.samples import SAMPLE_RATE_HZ, Span

SHORTEST_SAMPLES = 1 * SAMPLE_RATE_HZ
LONGEST_SAMPLES = 15 * SAMPLE_RATE_HZ
PAUSE_SAMPLES = SAMPLE_RATE_HZ // 2
"""A shorter pause belongs to the turn: the phrases of one thought are closer together."""

MARGIN_SAMPLES = SAMPLE_RATE_HZ // 10
"""How far a clip begins before its speech, and ends after it, where there is room."""

_LEAST_REST_SAMPLES = SAMPLE_RATE_HZ // 3

Weakest = Callable[[int, int], int]
"""Returns the position between two others at which the sound is weakest."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of speech without a pause, and what showed that it is one."""

    span: Span
    found_by: FoundBy


@dataclass(frozen=True, slots=True)
class FoundTurn:
    """A turn: the bounds of its speech, and those of its clip, which lie up to MARGIN_SAMPLES further out."""

    speech: Span
    clip: Span
    found_by: FoundBy


def find_turns(
    parts: Iterable[Part], duration_samples: int, *, holes: Sequence[Span] = (), weakest: Weakest | None = None
) -> list[FoundTurn]:
    """Join the parts of a track (in order, none overlapping) to turns of at most 15 s.

    Parts less than half a second apart belong together, unless no one could be heard between them (`holes`). What is
    too long is divided at its longest pause, again and again; if it has no pause, where `weakest` says, or else in the
    middle. Clips do not overlap, and lie within the track.
    """
    stretches: list[list[Part]] = []
    for part in parts:
        if part.span.duration_samples <= 0:
            continue
        if stretches and _belong_together(stretches[-1][-1].span.end_samples, part.span.start_samples, holes):
            stretches[-1].append(part)
        else:
            stretches.append([part])
    pieces = [piece for stretch in stretches for piece in _divided(stretch, weakest or _middle)]
    return _with_margins(pieces, duration_samples)


def choose_for_rating(turns: Sequence[FoundTurn], shift: Shift | None = None) -> list[FoundTurn]:
    """Return the longest turn of 1-15 s for each target: with a `shift`, one before it and one after it.

    What begins while it is uncertain which target was in force is not chosen. A turn in which no cue was sent is
    preferred to one whose target ends within it. Of equally long turns, the earliest is chosen. A target without a turn
    of that length gets none.
    """
    best: dict[TargetClaim, tuple[bool, int, FoundTurn]] = {}
    for turn in turns:
        length = turn.speech.duration_samples
        claim = shift.claim_at(turn.speech.start_samples) if shift else TargetClaim.FIRST
        if SHORTEST_SAMPLES <= length <= LONGEST_SAMPLES and claim is not TargetClaim.UNCERTAIN:
            is_whole = shift is None or shift.claim_ends_in(turn.speech) is None
            if claim not in best or (is_whole, length) > best[claim][:2]:
                best[claim] = (is_whole, length, turn)
    return [turn for _, _, turn in best.values()]


def without(turns: Sequence[FoundTurn], taken: Sequence[Span]) -> list[FoundTurn]:
    """Return what is left of turns outside stretches that belong to others, without rests of less than 0.3 s."""
    left: list[FoundTurn] = []
    for turn in turns:
        pieces = [turn.clip]
        for other in taken:
            pieces = [rest for piece in pieces for rest in _rest(piece, other)]
        for piece in pieces:
            start = max(piece.start_samples, turn.speech.start_samples)
            end = min(piece.end_samples, turn.speech.end_samples)
            if end - start >= _LEAST_REST_SAMPLES:
                left.append(FoundTurn(Span(start, end), piece, turn.found_by))
    return left


def _rest(piece: Span, other: Span) -> list[Span]:
    before = Span(piece.start_samples, min(piece.end_samples, other.start_samples))
    after = Span(max(piece.start_samples, other.end_samples), piece.end_samples)
    return [rest for rest in (before, after) if rest.duration_samples > 0]


def _belong_together(end: int, start: int, holes: Sequence[Span]) -> bool:
    is_apart = any(hole.start_samples < start and hole.end_samples > end for hole in holes)
    return start - end < PAUSE_SAMPLES and not is_apart


def _divided(parts: Sequence[Part], weakest: Weakest) -> list[list[Part]]:
    """Divide a stretch into pieces of at most LONGEST_SAMPLES."""
    pieces, waiting = list[list[Part]](), [list(parts)]
    while waiting:
        piece = waiting.pop()
        start, end = piece[0].span.start_samples, piece[-1].span.end_samples
        if end - start <= LONGEST_SAMPLES:
            pieces.append(piece)
        elif len(piece) > 1:
            place = _longest_pause(piece)
            waiting += [piece[place:], piece[:place]]
        else:
            # Within the longest piece that may be made, so that the first half is never too long.
            at = weakest(start + SHORTEST_SAMPLES, min(start + LONGEST_SAMPLES, end - SHORTEST_SAMPLES))
            found_by = piece[0].found_by
            waiting += [[Part(Span(at, end), found_by)], [Part(Span(start, at), found_by)]]
    return pieces


def _longest_pause(parts: Sequence[Part]) -> int:
    """Return the number of the part behind the longest pause; of equal ones, of the one nearest to the middle.

    A pause that would leave less than a turn for rating on one side is taken only if there is no other.
    """
    start, end = parts[0].span.start_samples, parts[-1].span.end_samples
    pauses = [(one.span.end_samples, two.span.start_samples) for one, two in pairwise(parts)]

    def rank(place: int) -> tuple[bool, int, int]:
        before, after = pauses[place]
        leaves_turns = before - start >= SHORTEST_SAMPLES and end - after >= SHORTEST_SAMPLES
        return leaves_turns, after - before, -abs(before + after - start - end)

    return 1 + max(range(len(pauses)), key=rank)


def _with_margins(stretches: Sequence[Sequence[Part]], duration_samples: int) -> list[FoundTurn]:
    spans = [Span(parts[0].span.start_samples, parts[-1].span.end_samples) for parts in stretches]
    turns: list[FoundTurn] = []
    for place, (span, parts) in enumerate(zip(spans, stretches, strict=True)):
        before = spans[place - 1].end_samples if place else -span.start_samples
        after = spans[place + 1].start_samples if place + 1 < len(spans) else 2 * duration_samples - span.end_samples
        room_before, room_after = (span.start_samples - before) // 2, (after - span.end_samples) // 2
        clip = Span(
            span.start_samples - min(MARGIN_SAMPLES, room_before), span.end_samples + min(MARGIN_SAMPLES, room_after)
        )
        found = {part.found_by for part in parts}
        turns.append(FoundTurn(span, clip, next(by for by in FoundBy if by in found)))
    return turns


def _middle(start: int, end: int) -> int:
    return (start + end) // 2
