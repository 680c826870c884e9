"""Compares the design's groups with brute force, case by case."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from random import Random

from bot.domain.casting.company import company_of
from bot.domain.casting.groups import choose_group
from bot.domain.casting.types import History
from bot.domain.ids import PersonId
from tools.casting.measures import span
from tools.casting.possible import best_spans

CASES = ((3, 2, 12), (4, 2, 12), (4, 3, 12), (5, 2, 20), (5, 3, 20), (5, 4, 15), (6, 2, 15), (6, 3, 20), (6, 4, 15))
"""People, size of the group, scenes: as many as it takes for all pairs to meet equally often, or twelve."""

SEEDS = 40


@dataclass(frozen=True, slots=True)
class Comparison:
    """After which scenes, from 1, the design was less even than possible, and in how many evenings.

    `within_one` counts the scenes after which all pairs can be within one; `beyond_one` says how often the design
    missed that.
    """

    scenes: int
    within_one: int
    beyond_one: int
    not_best: dict[int, int]


def designed_spans(people: int, size: int, scenes: int, seed: int) -> list[int]:
    """Return the largest difference between the counts of two pairs after each scene that the design deals."""
    random = Random(seed)
    appearances: dict[PersonId, list[int]] = {}
    present = [PersonId(number) for number in range(people)]
    pairs = dict.fromkeys(combinations(present, 2), 0)
    spans: list[int] = []
    for scene in range(1, scenes + 1):
        history = History(appearances=appearances, pairs=pairs)
        group = choose_group(company_of(present, history), size, history, random)
        for one in group:
            appearances.setdefault(one, []).append(scene)
        for pair in combinations(group, 2):
            pairs[pair] += 1
        spans.append(span(pairs.values()))
    return spans


def compare(people: int, size: int, scenes: int, seeds: int = SEEDS) -> Comparison:
    """Compare the design's evenings with this number of seeds to the best possible ones."""
    best = best_spans(people, size, scenes)
    evenings = [designed_spans(people, size, scenes, seed) for seed in range(seeds)]
    beyond_one = sum(evening[at] > 1 for evening in evenings for at, possible in enumerate(best) if possible <= 1)
    missed = {at + 1: sum(evening[at] > best[at] for evening in evenings) for at in range(scenes)}
    return Comparison(
        scenes, sum(one <= 1 for one in best), beyond_one, {scene: times for scene, times in missed.items() if times}
    )


def possible_table() -> str:
    """Return every case as a table."""
    lines = [
        f"| performers | on stage | scenes | pairs within one are possible after | missed, in {SEEDS} evenings | "
        "less even than possible after |",
        "| --: | --: | --: | --: | --: | --- |",
    ]
    for people, size, scenes in CASES:
        found = compare(people, size, scenes)
        late = f"scenes {', '.join(map(str, found.not_best))}" if found.not_best else "none"
        missed = f"{found.beyond_one} of {found.within_one * SEEDS}"
        lines.append(f"| {people} | {size} | {scenes} | {found.within_one} of {scenes} scenes | {missed} | {late} |")
    return "\n".join(lines)
