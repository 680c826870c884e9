"""Brute force: the most even partner pairs possible for small troupes, over all deals."""

from __future__ import annotations

from itertools import combinations
from typing import Any

State = tuple[tuple[int, ...], tuple[int, ...]]
"""How often each performer was on stage, and how often each pair met; both minus their smallest count."""


def best_spans(people: int, size: int, scenes: int) -> list[int]:
    """Return for each scene the smallest possible difference between the counts of two pairs, over all evenings.

    These are all evenings in which the people least often on stage go first. Evenings that differ only by names count
    as one; the invariants that tell them apart are finer than any that changes a span.
    """
    pairs = list(combinations(range(people), 2))
    place = {pair: number for number, pair in enumerate(pairs)}
    groups = [(group, [place[pair] for pair in combinations(group, 2)]) for group in combinations(range(people), size)]
    states: set[State] = {((0,) * people, (0,) * len(pairs))}
    best: list[int] = []
    for _ in range(scenes):
        kinds: dict[Any, State] = {}
        for played, met in states:
            for group, ids in groups:
                if not _may_play(group, played):
                    continue
                after = _less_smallest([count + (one in group) for one, count in enumerate(played)])
                met_after = _less_smallest([count + (number in ids) for number, count in enumerate(met)])
                kinds.setdefault(_kind(people, pairs, after, met_after), (after, met_after))
        states = set(kinds.values())
        best.append(min(max(met) for _, met in states))
    return best


def _may_play(group: tuple[int, ...], played: tuple[int, ...]) -> bool:
    waiting = [count for one, count in enumerate(played) if one not in group]
    return not waiting or max(played[one] for one in group) <= min(waiting)


def _less_smallest(counts: list[int]) -> tuple[int, ...]:
    return tuple(count - min(counts) for count in counts)


def _kind(people: int, pairs: list[tuple[int, int]], played: tuple[int, ...], met: tuple[int, ...]) -> Any:
    """Return what evenings that differ only by names have in common."""
    table = [[0] * people for _ in range(people)]
    for (one, other), count in zip(pairs, met, strict=True):
        table[one][other] = table[other][one] = count
    rows = [tuple(sorted(row)) for row in table]
    near = tuple(
        sorted(
            (played[one], tuple(sorted((rows[other], played[other], table[one][other]) for other in range(people))))
            for one in range(people)
        )
    )
    threes = tuple(
        sorted(
            tuple(sorted((table[one][two], table[two][three], table[one][three])))
            for one, two, three in combinations(range(people), 3)
        )
    )
    return near, threes
