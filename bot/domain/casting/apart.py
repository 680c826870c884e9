"""Emotions for a cast that is to have different ones: as in replays, where no relation of partners is planned. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.casting.emotions import Option

Apart = tuple[int, int, int, float]
"""What speaks against a combination, in the order in which it counts: shared emotions, repeated ones, emotions that few
others need, and the lot."""


def as_different_as_possible(options: Sequence[Sequence[Option]]) -> Sequence[Option]:
    """Return one option per performer: the combination against which least speaks.

    Six performers have 46,656 combinations. One that has cost as much as the best before it is whole is not finished.
    """
    least: list[Apart] = [(0, 0, 0, 0.0)]
    for own in reversed(options):
        is_last, not_due, lot = (min(parts) for parts in zip(*(_cost(option) for option in own), strict=True))
        least.append(_sum(least[-1], (1, int(is_last), int(not_due), float(lot))))
    best: tuple[Apart, Sequence[Option]] | None = None

    def finish(chosen: tuple[Option, ...], cost: Apart) -> None:
        nonlocal best
        if best and _sum(cost, least[len(options) - len(chosen)]) >= best[0]:
            return
        if len(chosen) == len(options):
            best = cost, chosen
            return
        times = Counter(option.emotion.key for option in chosen)
        for option in options[len(chosen)]:
            # The squares of how often each emotion is dealt: 1, 4, 9, and so on.
            finish((*chosen, option), _sum(cost, (1 + 2 * times[option.emotion.key], *_cost(option))))

    finish((), (0, 0, 0, 0.0))
    assert best is not None
    return best[1]


def _cost(option: Option) -> tuple[int, int, float]:
    return int(option.is_last), option.not_due, option.lot


def _sum(one: Apart, other: Apart) -> Apart:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]
