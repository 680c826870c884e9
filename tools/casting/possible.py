"""Brute force: how even partner pairs can be at best, for small troupes, whatever anybody deals."""

from __future__ import annotations

from itertools import combinations
from typing import Any

State = tuple[tuple[int, ...], tuple[int, ...]]
"""How often each performer was on stage, how often each pair met; both less their smallest count."""


def best_spans(people: int, size: int, scenes: int) -> list[int]:
    """After each scene, the smallest possible difference between the counts of two pairs, over all evenings.

    All evenings in which those on stage least go first. Evenings that differ by names only are one (told apart by
    invariants finer than any that changes a span).
    """
    pairs = list(combinations(range(people), 2))
    place = {pair: number for number, pair in enumerate(pairs)}
    groups = [(group, [place[pair] for pair in combinations(group, 2)]) for group in combinations(range(people), size)]
    states: set[State] = {((0,) * people, (0,) * len(pairs))}
    best: list[int] = []
    for _ in range(scenes):
        kinds: dict[Any, State] = {}
        for turns, met in states:
            for group, ids in groups:
                if not _is_their_turn(group, turns):
                    continue
                after = _less_smallest([turn + (one in group) for one, turn in enumerate(turns)])
                met_after = _less_smallest([count + (number in ids) for number, count in enumerate(met)])
                kinds.setdefault(_kind(people, pairs, after, met_after), (after, met_after))
        states = set(kinds.values())
        best.append(min(max(met) for _, met in states))
    return best


def _is_their_turn(group: tuple[int, ...], turns: tuple[int, ...]) -> bool:
    waiting = [turn for one, turn in enumerate(turns) if one not in group]
    return not waiting or max(turns[one] for one in group) <= min(waiting)


def _less_smallest(counts: list[int]) -> tuple[int, ...]:
    return tuple(count - min(counts) for count in counts)


def _kind(people: int, pairs: list[tuple[int, int]], turns: tuple[int, ...], met: tuple[int, ...]) -> Any:
    """What two evenings have in common that differ by names only."""
    table = [[0] * people for _ in range(people)]
    for (one, other), count in zip(pairs, met, strict=True):
        table[one][other] = table[other][one] = count
    rows = [tuple(sorted(row)) for row in table]
    near = tuple(
        sorted(
            (turns[one], tuple(sorted((rows[other], turns[other], table[one][other]) for other in range(people))))
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
