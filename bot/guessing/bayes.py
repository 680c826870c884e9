"""A guesser that knows nothing but which words it has seen with which label: multinomial naive Bayes. Pure.

Every label is as likely as any other beforehand. If it learned how frequent labels are, it would guess worse than
chance: in a balanced design, what is left out is what was frequent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.guessing.bags import Bags, Counts, Group, Numbers

_PRIOR = np.float32(0.5)
"""What is added to every count, so that a word is possible that was never seen with a label."""

_AT_ONCE = 6_000_000
"""How many counts of words with labels are held in memory: this decides how many labelings are tried at once."""

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which texts are guessed, and which of the others may have been seen."""

    guessed: Flags
    seen: Flags


def everything(texts: int) -> Asked:
    """Guess every text, from all that are not in its group."""
    return Asked(np.full(texts, True), np.full(texts, True))


def without_number(numbers: Numbers) -> Iterator[Asked]:
    """Guess the texts of each number, from those that have another one as well."""
    for number in np.unique(numbers):
        yield Asked(numbers == number, numbers != number)


def hits(bags: Bags, labelings: Sequence[Numbers], asked: Asked) -> Flags:
    """Return which texts are guessed right with each labeling: one row per labeling, False for texts not asked about.

    Labels count from 0. A label that no seen text outside the group has is never guessed.
    """
    classes = int(max(labels.max() for labels in labelings)) + 1
    step = max(1, _AT_ONCE // max(1, bags.words * classes))
    parts = (labelings[at : at + step] for at in range(0, len(labelings), step))
    return np.concatenate([_hits(bags, np.array(part), classes, asked) for part in parts])


def _hits(bags: Bags, labelings: Numbers, classes: int, asked: Asked) -> Flags:
    has = _labelled(labelings, classes, asked.seen)
    seen = _Seen((bags.counts.T @ has).toarray(), has.sum(axis=0), classes)
    right = np.zeros((len(labelings), bags.texts), np.bool_)
    for group in bags.groups:
        tested = np.flatnonzero(asked.guessed[group.places])
        if len(tested):
            scores = _scores(group, has[group.places], seen, tested)
            guesses = scores.reshape(len(tested), len(labelings), classes).argmax(axis=2)
            places = group.places[tested]
            right[:, places] = labelings[:, places] == guesses.T
    return right


def _labelled(labelings: Numbers, classes: int, seen: Flags) -> Counts:
    """Return which labels each text has: a row per text, a column per labeling and class."""
    from scipy import sparse

    times, texts = labelings.shape
    columns = (labelings + classes * np.arange(times)[:, None]).T.ravel()
    flags = np.repeat(seen.astype(np.float32), times)
    has = sparse.csr_array((flags, columns, np.arange(texts + 1) * times), shape=(texts, times * classes))
    has.eliminate_zeros()
    return has


class _Seen:
    """How often each word (a row) was seen with each class of each labeling (a column), in all groups.

    `texts` is how many texts each column has, `lengths` how many words, `totals` how often each word was seen at all.
    """

    def __init__(self, counts: Floats, texts: Floats, classes: int) -> None:
        self.counts = counts
        self.texts = texts
        self.classes = classes
        self.logs = np.log(counts + _PRIOR)
        self.lengths = counts.sum(axis=0)
        self.totals = counts[:, :classes].sum(axis=1)


def _scores(group: Group, own: Counts, seen: _Seen, tested: Numbers) -> Floats:
    """Return how well each column fits each tested text of a group, as far as the other groups tell."""
    words = group.words
    inside = (group.counts.T @ own).tocoo()
    row, column = inside.coords
    chances = seen.logs[words]
    # Only here does leaving out the group change anything.
    chances[row, column] = np.log(seen.counts[words[row], column] - inside.data + _PRIOR)
    # A word that was never seen would only speak for the label with the fewest words.
    is_first = column < seen.classes
    in_group = np.bincount(row[is_first], inside.data[is_first], len(words))
    counts = group.counts[tested].multiply(seen.totals[words] - in_group > 0.5).tocsr().astype(np.float32)
    others = np.log(seen.lengths - inside.sum(axis=0) + len(seen.totals) * _PRIOR)
    scores = counts @ chances - counts.sum(axis=1)[:, None] * others
    scores[:, seen.texts - own.sum(axis=0) < 0.5] = -np.inf
    return scores
