"""Emotion sets in menus, by families. A menu holds 25 options, so a larger set is offered in parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby, pairwise

from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import Family

MOST_IN_A_MENU = 22
"""25 options (Discord, string select), minus those for something else, for bad sound and for what no one can judge."""

_ORDER = {family: number for number, family in enumerate(Family)}


def parts_of(emotions: EmotionSet) -> list[Sequence[Emotion]]:
    """The set in as few menus as possible, of similar size. Emotions of one family stay together.

    A set without families stays as it is if it fits into a menu; otherwise it is divided by alphabet.
    """
    has_families = all(one.family for one in emotions.emotions)
    grouped = by_family(emotions.emotions) if has_families else None
    fewest = -(-len(emotions.emotions) // MOST_IN_A_MENU)
    if fewest <= 1:  # without any, there is one menu, which is empty
        return list[Sequence[Emotion]]([grouped or emotions.emotions])
    if grouped is None:
        return _even(sorted(emotions.emotions, key=_label), fewest)
    return _between_families(grouped, fewest) or _even(grouped, fewest)


def by_family(emotions: Sequence[Emotion]) -> list[Emotion]:
    """The emotions by family and then by alphabet; those without a family come last."""
    return sorted(emotions, key=lambda one: (_ORDER[one.family] if one.family else len(_ORDER), _label(one)))


def _between_families(grouped: Sequence[Emotion], count: int) -> list[Sequence[Emotion]] | None:
    """The best division between families; None if a part would not fit into a menu."""
    sizes = [len(list(group)) for _, group in groupby(grouped, key=lambda one: one.family)]
    ends = [sum(sizes[: number + 1]) for number in range(len(sizes) - 1)]
    cuts = [(0, *chosen, len(grouped)) for chosen in combinations(ends, count - 1)]
    best = min(cuts, key=_largest, default=None)
    if best is None or _largest(best) > MOST_IN_A_MENU:
        return None
    return [grouped[start:end] for start, end in pairwise(best)]


def _largest(cuts: Sequence[int]) -> int:
    return max(end - start for start, end in pairwise(cuts))


def _even(ordered: Sequence[Emotion], count: int) -> list[Sequence[Emotion]]:
    size = -(-len(ordered) // count)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def _label(emotion: Emotion) -> str:
    return emotion.label.lower()
