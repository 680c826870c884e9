"""Holes of a take laid side by side: where several things kept the bot from hearing, one of them is the cause. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.states import HoleCause
from bot.samples import Span

CausedHole = tuple[HoleCause, int, int]
"""Cause, start and end in samples on the take's clock."""


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """Return the parts of a span that none of the other spans covers, in order."""
    left: list[Span] = []
    at = span.start_samples
    for other in sorted(taken, key=lambda one: one.start_samples):
        if other.end_samples <= at:
            continue
        if other.start_samples >= span.end_samples:
            break
        if other.start_samples > at:
            left.append(Span(at, other.start_samples))
        at = max(at, other.end_samples)
    if at < span.end_samples:
        left.append(Span(at, span.end_samples))
    return left


def side_by_side(layers: Iterable[tuple[HoleCause, Sequence[Span]]], taken: Sequence[Span] = ()) -> list[CausedHole]:
    """Return holes that do not overlap: what an earlier layer covers, or is `taken` already, is left out of others."""
    covered = list(taken)
    found: list[CausedHole] = []
    for cause, spans in layers:
        for span in spans:
            parts = without(span, covered)
            found += [(cause, part.start_samples, part.end_samples) for part in parts]
            covered += parts
    return found
