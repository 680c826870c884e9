"""A guesser that knows nothing but which words it has seen with which label: multinomial naive Bayes. Pure.

Every label is as likely as any other beforehand. If it learned how frequent labels are, it would guess worse than
chance: in a balanced design, what is left out is what was frequent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.guessing.bags import Bags, Numbers

_PRIOR = np.float32(0.5)
"""What is added to every count, so that a word is possible that was never seen with a label."""

_AT_ONCE = 2_000_000
"""How many counts of words with labels are held in memory: this decides how many labelings are tried at once."""

Flags = npt.NDArray[np.bool_]


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
    columns = len(labelings) * classes
    # A column per labeling and class.
    has = np.zeros((bags.texts, columns), np.float32)
    for at, labels in enumerate(labelings):
        has[np.arange(bags.texts), at * classes + labels] = asked.seen
    seen = np.zeros((bags.words, columns), np.float32)
    for group in bags.groups:
        seen[group.words] += group.counts().T @ has[group.places]
    lengths, texts, totals = seen.sum(axis=0), has.sum(axis=0), seen[:, :classes].sum(axis=1)
    logs = np.log(seen + _PRIOR)
    right = np.zeros((len(labelings), bags.texts), np.bool_)
    for group in bags.groups:
        tested = np.flatnonzero(asked.guessed[group.places])
        if len(tested):
            counts, own = group.counts(), has[group.places]
            inside = counts.T @ own
            chances = logs[group.words]
            # Only here does leaving out the group change anything.
            at = np.nonzero(inside)
            chances[at] = np.log(seen[group.words[at[0]], at[1]] - inside[at] + _PRIOR)
            # A word that was never seen would only speak for the label with the fewest words.
            counts = counts[tested] * (totals[group.words] - inside[:, :classes].sum(axis=1) > 0.5)
            others = np.log(lengths - inside.sum(axis=0) + bags.words * _PRIOR)
            scores = counts @ chances - counts.sum(axis=1)[:, None] * others
            scores[:, texts - own.sum(axis=0) < 0.5] = -np.inf
            guesses = scores.reshape(len(tested), len(labelings), classes).argmax(axis=2)
            places = group.places[tested]
            right[:, places] = labelings[:, places] == guesses.T
    return right
