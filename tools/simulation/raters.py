"""Simulated raters of known bias, noise and carelessness, some of whom have played the turns that the others rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.statistics.answers import Answer, Floats

EMOTIONS: Final = 8
VARIANTS: Final = 4
"""How many ways an emotion is played: one sounds like the next emotion, one is unclear, and two are clear."""

CLEAR_VARIANT: Final = 2
RATERS: Final = 10
PERFORMERS: Final = 6
"""So many of the raters played the turns, equally often each."""

CARELESS: Final = 1 / 6
"""The share of careless raters."""


@dataclass(frozen=True)
class Rater:
    """`chances` (things to hear × emotions): with which probability each emotion is answered. `pace` is relative."""

    chances: Floats
    random: float
    pace: float
    is_careless: bool

    def answer(self, thing: int, rng: np.random.Generator) -> int:
        """Draw an answer about a turn in which this is heard."""
        return int(np.searchsorted(self.chances[thing].cumsum(), rng.random() * self.chances[thing].sum()))


def draw_raters(noise: float, rng: np.random.Generator) -> list[Rater]:
    """Draw raters who miss a share of about `noise` of clear turns, and then answer what each tends to answer."""
    return [_draw(noise, rng) for _ in range(RATERS)]


def _draw(noise: float, rng: np.random.Generator) -> Rater:
    is_careless = bool(rng.random() < CARELESS)
    random = float(rng.uniform(0.5, 0.9) if is_careless else rng.uniform(0, 0.03))
    emotions, variants = np.divmod(np.arange(EMOTIONS * VARIANTS), VARIANTS)
    sounds = np.eye(EMOTIONS)[(emotions + (variants == 0)) % EMOTIONS]
    clear = (1 - noise * rng.uniform(0.5, 1.5)) * np.where(variants == 1, 0.4, 1.0)[:, None]
    heard = clear * sounds + (1 - clear) * rng.dirichlet(np.full(EMOTIONS, 2.0))
    return Rater((1 - random) * heard + random / EMOTIONS, random, float(rng.uniform(0.5, 1.5)), is_careless)


def known_alpha(raters: Sequence[Rater], answers: Sequence[Answer]) -> float:
    """Return the nominal α of endlessly many turns, if raters meet each other as often as they did in these answers.

    As in α, an answer's pairs in a turn with m answers weigh 1/(m − 1).
    """
    turns: dict[object, list[int]] = {}
    for answer in answers:
        turns.setdefault(answer.unit, []).append(int(str(answer.rater)))
    meetings = np.zeros((len(raters), len(raters)))
    for who in turns.values():
        for rater in who:
            for other in who:
                if other != rater:
                    meetings[rater, other] += 1 / (len(who) - 1)
    chances = np.array([rater.chances for rater in raters])
    alike = np.einsum("rhc,shc->rs", chances, chances) / chances.shape[1]
    overall = np.average(chances.mean(1), axis=0, weights=meetings.sum(1))
    observed = 1 - (meetings * alike).sum() / meetings.sum()
    return float(1 - observed / (1 - (overall**2).sum()))
