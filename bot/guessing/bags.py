"""Texts as bags of words, in groups: what is guessed about a group is learned from the others. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
"""Letters of any script, with apostrophes between them."""

Numbers = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of one group: their places among all texts, and the numbers of the words that occur in them.

    Each token is a pair: the text that has it (counted in `places`), and its word (counted in `words`).
    """

    places: Numbers
    words: Numbers
    token_texts: Numbers
    token_words: Numbers

    def counts(self) -> Counts:
        """Return how often each text has each word: one row per text. Made when it is needed, because it is large."""
        shape = len(self.places), len(self.words)
        flat = np.bincount(self.token_texts * shape[1] + self.token_words, minlength=shape[0] * shape[1])
        return flat.reshape(shape).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Bags:
    """The words of texts, group by group. `words` is how many different ones there are."""

    groups: tuple[Group, ...]
    texts: int
    words: int


def bags_of(texts: Sequence[str], groups: Numbers) -> Bags:
    """Return the words of texts, each of which is in one group. Words that only one text has are left out."""
    found = [_WORD.findall(text.lower()) for text in texts]
    texts_with: dict[str, int] = {}
    for words in found:
        for word in set(words):
            texts_with[word] = texts_with.get(word, 0) + 1
    numbers = {word: at for at, word in enumerate(sorted(word for word, times in texts_with.items() if times > 1))}
    rows = [np.array([numbers[word] for word in words if word in numbers], np.int64) for words in found]
    order = np.argsort(groups, kind="stable")
    borders = np.flatnonzero(np.diff(groups[order])) + 1
    return Bags(tuple(_group(places, rows) for places in np.split(order, borders)), len(texts), len(numbers))


def _group(places: Numbers, rows: Sequence[Numbers]) -> Group:
    own = [rows[place] for place in places]
    words, token_words = np.unique(np.concatenate(own), return_inverse=True)
    token_texts = np.repeat(np.arange(len(own)), [len(row) for row in own])
    return Group(places, words, token_texts, token_words.reshape(-1))
