"""A guesser that knows nothing but which words it has seen with which label: multinomial naive Bayes. Pure.

Every label is as likely as any other beforehand. If it learned how frequent labels are, it would guess worse than
chance: in a balanced design, what is left out is what was frequent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[a-z']+")
_PRIOR = 0.5
"""What is added to every count, so that a word is possible that was never seen with a label."""

Counts = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of texts (one row each), the group that each is in, and its number within whatever it belongs to."""

    counts: Counts
    groups: Numbers
    numbers: Numbers


def counts_of(texts: Sequence[str]) -> Counts:
    """Return how often each text has each word that occurs in at least two texts: one row per text."""
    words = [_WORD.findall(text.lower()) for text in texts]
    texts_with: dict[str, int] = {}
    for row in words:
        for word in set(row):
            texts_with[word] = texts_with.get(word, 0) + 1
    column = {word: at for at, word in enumerate(sorted(word for word, times in texts_with.items() if times > 1))}
    counts = np.zeros((len(texts), len(column)), np.float32)
    for at, row in enumerate(words):
        for word in row:
            if word in column:
                counts[at, column[word]] += 1
    return counts


def accuracy(texts: Texts, labels: Numbers, *, unseen_numbers: bool = False) -> float:
    """Return the share of texts whose label is guessed right, each from the texts of all other groups.

    With `unseen_numbers`, only from those that also have another number.
    """
    classes = int(labels.max()) + 1
    right = 0
    for number in np.unique(texts.numbers) if unseen_numbers else [None]:
        asked = np.full(len(labels), True) if number is None else texts.numbers == number
        known = np.full(len(labels), True) if number is None else ~asked
        is_label = (labels[known][None, :] == np.arange(classes)[:, None]).astype(np.float32)
        seen = is_label @ texts.counts[known] + np.float32(_PRIOR)
        for group in np.unique(texts.groups[asked]):
            inside = texts.groups == group
            own, tested = np.flatnonzero(inside & known), np.flatnonzero(inside & asked)
            others = seen.copy()
            np.subtract.at(others, labels[own], texts.counts[own])
            chances = np.log(others) - np.log(others.sum(axis=1, keepdims=True))
            # A word that was never seen would only speak for the label with the fewest words.
            chances[:, others.sum(axis=0) < classes * _PRIOR + 0.5] = 0
            guesses = np.argmax(texts.counts[tested] @ chances.T, axis=1)
            right += int((guesses == labels[tested]).sum())
    return right / len(labels)
