"""Texts as bags of words, in groups: what is guessed about a group is learned from the others. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy import sparse

    Counts = sparse.csr_array
else:
    Counts = Any

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
"""Letters of any script, with apostrophes between them."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of one group: their places among all texts, and the numbers of the words that occur in them.

    `counts` says how often each of these texts (a row) has each of these words (a column).
    """

    places: Numbers
    words: Numbers
    counts: Counts


@dataclass(frozen=True, slots=True)
class Bags:
    """The words of texts, group by group: how many texts, and how many different words, there are.

    `counts` says how often each text (a row) has each word (a column).
    """

    counts: Counts
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
    rows = [[numbers[word] for word in words if word in numbers] for words in found]
    order = np.argsort(groups, kind="stable")
    borders = np.flatnonzero(np.diff(groups[order])) + 1
    counts = _counts(rows, len(numbers))
    groups_of_texts = tuple(_group(counts, places) for places in np.split(order, borders))
    return Bags(counts, groups_of_texts, len(texts), len(numbers))


def _group(counts: Counts, places: Numbers) -> Group:
    own = counts[places]
    words = np.unique(own.indices)
    return Group(places, words, own[:, words])


def _counts(rows: Sequence[Sequence[int]], words: int) -> Counts:
    # Loaded here, because whatever loads this module would wait for it.
    from scipy import sparse

    ends = np.cumsum([0, *map(len, rows)])
    tokens = np.fromiter((word for row in rows for word in row), np.int64, ends[-1])
    counts = sparse.csr_array((np.ones(len(tokens), np.float32), tokens, ends), shape=(len(rows), words))
    counts.sum_duplicates()
    return counts
