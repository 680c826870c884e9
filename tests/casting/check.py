"""The design's groups held against brute force, case by case."""

from __future__ import annotations

from itertools import combinations
from random import Random

from casting.possible import best_spans

from bot.domain.casting_groups import choose_group
from bot.domain.casting_types import History

CASES = ((3, 2, 12), (4, 2, 12), (4, 3, 12), (5, 2, 12), (5, 3, 12), (5, 4, 12), (6, 2, 9), (6, 3, 9), (6, 4, 9))
"""People, size of the group, scenes."""

SEEDS = 40


def designed_spans(people: int, size: int, scenes: int, seed: int) -> list[int]:
    """The same, dealt by the design."""
    random = Random(seed)
    appearances: dict[int, list[int]] = {}
    pairs: dict[tuple[int, int], int] = {}
    spans: list[int] = []
    for scene in range(1, scenes + 1):
        group = choose_group(range(people), size, History(appearances=appearances, pairs=pairs), random)
        for one in group:
            appearances.setdefault(one, []).append(scene)
        for pair in combinations(group, 2):
            pairs[pair] = pairs.get(pair, 0) + 1
        counts = [pairs.get(pair, 0) for pair in combinations(range(people), 2)]
        spans.append(max(counts) - min(counts))
    return spans


def missed(people: int, size: int, scenes: int, seeds: int = SEEDS) -> tuple[int, int]:
    """After how many scenes a span of at most one is possible, and how often, over all seeds, it was not reached."""
    best = best_spans(people, size, scenes)
    within = [place for place, span in enumerate(best) if span <= 1]
    gone = 0
    for seed in range(seeds):
        spans = designed_spans(people, size, scenes, seed)
        gone += sum(spans[place] > 1 for place in within)
    return len(within), gone


def possible_table() -> str:
    """Every case in a table."""
    lines = [
        "| performers | on stage | scenes | pairs within one are possible after | of these missed, over "
        f"{SEEDS} seeds |",
        "| --: | --: | --: | --: | --: |",
    ]
    for people, size, scenes in CASES:
        possible, gone = missed(people, size, scenes)
        lines.append(f"| {people} | {size} | {scenes} | {possible} of {scenes} scenes | {gone} of {possible * SEEDS} |")
    return "\n".join(lines)
