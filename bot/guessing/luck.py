"""How often a guesser is right, and how often it would be if labels had nothing to do with the texts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.guessing.bags import Bags, Numbers
from bot.guessing.bayes import Asked, hits


@dataclass(frozen=True, slots=True)
class Guessed:
    """The share of texts whose label was guessed right, and the shares with shuffled labels."""

    right: float
    shuffled: tuple[float, ...] = ()

    @property
    def mean(self) -> float | None:
        """The mean share with shuffled labels; None if nothing was shuffled."""
        return sum(self.shuffled) / len(self.shuffled) if self.shuffled else None

    @property
    def p(self) -> float | None:
        """How probable it is to guess as well with shuffled labels; None if nothing was shuffled."""
        if not self.shuffled:
            return None
        return (1 + sum(one >= self.right for one in self.shuffled)) / (1 + len(self.shuffled))


def guess(
    bags: Bags,
    labels: Numbers,
    asked: Iterable[Asked],
    shuffled: Sequence[Numbers] = (),
    weights: npt.NDArray[np.float64] | None = None,
) -> Guessed:
    """Guess labels, and shuffled ones. Each text is asked about once, and counts as often as its weight says."""
    found = np.zeros((1 + len(shuffled), bags.texts), np.bool_)
    for one in asked:
        found |= hits(bags, [labels, *shuffled], one)
    shares = np.average(found, axis=1, weights=weights)
    return Guessed(float(shares[0]), tuple(float(one) for one in shares[1:]))


def shuffled_by_block(labels: Numbers, blocks: Numbers, random: np.random.Generator) -> Numbers:
    """Return the labels with those of whole blocks exchanged, among blocks with as many texts.

    Partners in a scene are dealt the same emotion on purpose, so that a guess at one prompt is right or wrong for
    several texts at once. Labels that were shuffled one by one would hit by luck less often than that. Blocks that are
    the only ones of their size are laid end to end in another order, so that their labels move, too.
    """
    mixed = labels.copy()
    order = np.argsort(blocks, kind="stable")
    _, starts, sizes = np.unique(blocks[order], return_index=True, return_counts=True)
    alone: list[Numbers] = []
    for size in dict.fromkeys(sizes.tolist()):
        # A row per block of this size, with the places of its texts.
        same = order[starts[sizes == size][:, None] + np.arange(size)]
        if len(same) > 1:
            mixed[same] = labels[same[random.permutation(len(same))]]
        else:
            alone.append(same[0])
    if alone:
        others = [alone[at] for at in random.permutation(len(alone))]
        mixed[np.concatenate(alone)] = labels[np.concatenate(others)]
    return mixed
