"""When the performers of a built take speak: thoughts of several lines, with short pauses in between.

Each performer follows a generator of their own, so that they talk at the same time as improvisers do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.samples import SAMPLE_RATE_HZ
from tools.turns.lines import Line
from tools.turns.truth import Sound

GRID: Final = 120
"""2.5 ms: what lies between two spurts is filled in steps of this length."""

FRAME: Final = 960
_MOST_LINES: Final = 12
_LINES_MEAN: Final = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the pool (by its number) and the position of its first sample."""

    line: int
    start: int


def draw_talk(rng: np.random.Generator, lines: Sequence[Line], duration: int, first: float = 3.0) -> list[Said]:
    """Return who says what when: lines that end before the take does, on a grid of 20 ms within each thought."""
    said: list[Said] = []
    position = round(rng.uniform(0.2, first) * SAMPLE_RATE_HZ) // GRID * GRID
    while True:
        thought = position
        for number in _thought(rng, len(lines)):
            begin, end = _bounds(lines[number])
            start = max(thought + -(-(position - begin - thought) // FRAME) * FRAME, thought)
            if start + len(lines[number].utterance.samples) + SAMPLE_RATE_HZ // 2 > duration:
                return said
            said.append(Said(number, start))
            position = start + end + round(rng.uniform(0.08, 0.45) * SAMPLE_RATE_HZ)
        position += round(_silence(rng) * SAMPLE_RATE_HZ) // GRID * GRID
        position = position // GRID * GRID


def words_of(said: Sequence[Said], lines: Sequence[Line], duration: int) -> tuple[Sound, ...]:
    """Return the words of a talk on the take's clock."""
    return tuple(
        Sound(one.start + word.start_samples, min(one.start + word.end_samples, duration), text=word.text)
        for one in said
        for word in lines[one.line].utterance.words
    )


def _thought(rng: np.random.Generator, lines: int) -> Iterator[int]:
    count = min(int(rng.geometric(1 / _LINES_MEAN)), _MOST_LINES)
    return iter(rng.integers(lines, size=count).tolist())


def _silence(rng: np.random.Generator) -> float:
    """Return seconds between two thoughts, in addition to a pause between lines."""
    return rng.uniform(0.5, 2.0) if rng.random() < 0.5 else 1.5 + rng.exponential(30.0)


def _bounds(line: Line) -> tuple[int, int]:
    words = line.utterance.words
    return words[0].start_samples, words[-1].end_samples
