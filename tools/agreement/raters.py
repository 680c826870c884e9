"""Raters whose answers are drawn from known probabilities, so that their agreement over endlessly many turns is known.

A turn has something to hear: an emotion, or a place on a scale. A rater's row of probabilities for it comes from how
clearly they hear (noise), what they tend to answer (bias), and how often they answer at random (carelessness).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from bot.statistics.alpha import Level
from bot.statistics.answers import Answer, Floats

Integers = NDArray[np.int64]

EMOTIONS = 8
VARIANTS = 4
"""How many ways each emotion is played; one sounds like the next emotion, and one, where it is asked for, like none."""
SCALE = (1, 2, 3, 4, 5)
RATERS, A_TURN = 8, 5
PLACES = np.array([NormalDist(3, 1).inv_cdf((step + 0.5) / 60) for step in range(60)])
"""What there is to hear on a scale: 60 equally likely places of a normal distribution."""


@dataclass(frozen=True)
class Raters:
    """`chances` (raters × things to hear × values); every turn has A_TURN of the raters, drawn for that turn.

    `targets` is what each thing to hear was to be, as the place of a value; without emotions, there are none.
    """

    values: tuple[int, ...]
    chances: Floats
    targets: tuple[int, ...] = ()

    def rate(self, turns: int, rng: np.random.Generator) -> list[Answer]:
        """Draw the answers about some turns."""
        return self.rate_things(self.things(turns, 0, rng), rng)

    def things(self, turns: int, performers: int, rng: np.random.Generator) -> Integers:
        """Draw what there is to hear in some turns, for each turn by itself or for so many performers of emotions.

        Each performer has a way of playing that they prefer; over endlessly many performers, all are equally frequent.
        """
        if not performers:
            return rng.integers(self.chances.shape[1], size=turns)
        prefers = rng.dirichlet(np.ones(VARIANTS), size=performers)[np.arange(turns) % performers]
        variants = (rng.random((turns, 1)) > prefers.cumsum(1)[:, :-1]).sum(1)
        return rng.integers(EMOTIONS, size=turns) * VARIANTS + variants

    def rate_things(self, heard: Integers, rng: np.random.Generator) -> list[Answer]:
        """Draw the answers about turns in which these things are heard."""
        turns = len(heard)
        who = rng.permuted(np.tile(np.arange(len(self.chances)), (turns, 1)), axis=1)[:, :A_TURN]
        ends = self.chances[who, heard[:, None]].cumsum(-1)
        places = (rng.random((turns, A_TURN, 1)) > ends[..., :-1]).sum(-1)
        return [
            Answer(turn, int(rater), self.values[place])
            for turn in range(turns)
            for rater, place in zip(who[turn], places[turn], strict=True)
        ]

    def known_hit_rate(self) -> float:
        """Return which share of the answers name the target, over endlessly many turns."""
        return float(self.chances[:, np.arange(len(self.targets)), list(self.targets)].mean())

    def known_alpha(self, level: Level) -> float:
        """Return the α of endlessly many turns."""
        overall = self.chances.mean((0, 1))
        differences = squared_differences(level, np.array(self.values, float), overall)
        count = len(self.chances)
        everyone = self.chances.sum(0)
        together = np.einsum("hc,hk->ck", everyone, everyone) - np.einsum("rhc,rhk->ck", self.chances, self.chances)
        observed = (together * differences).sum() / (count * (count - 1) * self.chances.shape[1])
        return float(1 - observed / (np.outer(overall, overall) * differences).sum())


def squared_differences(level: Level, values: Floats, shares: Floats) -> Floats:
    """Return Krippendorff's squared difference of every two values, as his paper writes it."""
    if level is Level.NOMINAL:
        return 1 - np.eye(len(values))
    if level is Level.INTERVAL:
        return (values[:, None] - values) ** 2
    between = np.zeros((len(values), len(values)))
    for low in range(len(values)):
        for high in range(low + 1, len(values)):
            step = shares[low : high + 1].sum() - (shares[low] + shares[high]) / 2
            between[low, high] = between[high, low] = step**2
    return between


def emotion_raters(noise: float, careless: float, rng: np.random.Generator, *, has_unclear: bool = False) -> Raters:
    """Return raters of emotions who miss a share of about `noise`, and then answer what they tend to answer."""
    targets = np.repeat(np.arange(EMOTIONS), VARIANTS)
    variants = np.arange(EMOTIONS * VARIANTS) % VARIANTS
    sounds = np.eye(EMOTIONS)[(targets + (variants == 0)) % EMOTIONS]
    chances = np.zeros((RATERS, len(targets), EMOTIONS))
    for rater, random in enumerate(_carelessness(careless, rng)):
        clear = 1 - noise * rng.uniform(0.5, 1.5)
        tends = rng.dirichlet(np.full(EMOTIONS, 2.0))
        is_clear = clear * (1 - has_unclear * (variants == 1))[:, None]
        heard = is_clear * sounds + (1 - is_clear) * tends
        chances[rater] = (1 - random) * heard + random / EMOTIONS
    return Raters(tuple(range(EMOTIONS)), chances, tuple(targets.tolist()))


def scale_raters(noise: float, careless: float, rng: np.random.Generator) -> Raters:
    """Return raters on a scale whose answers lie beside what there is to hear by a bias and by chance (`noise`)."""
    chances = np.zeros((RATERS, len(PLACES), len(SCALE)))
    borders = np.array([-np.inf, *(value + 0.5 for value in SCALE[:-1]), np.inf])
    for rater, random in enumerate(_carelessness(careless, rng)):
        spread = NormalDist(0, noise * rng.uniform(0.7, 1.3))
        bias = rng.normal(0, noise / 2)
        below = np.array([[_below(spread, border - place - bias) for border in borders] for place in PLACES])
        chances[rater] = (1 - random) * np.diff(below, axis=1) + random / len(SCALE)
    return Raters(SCALE, chances)


def _below(spread: NormalDist, distance: float) -> float:
    return float(distance > 0) if np.isinf(distance) else spread.cdf(distance)


def _carelessness(careless: float, rng: np.random.Generator) -> Floats:
    """Return how often each rater answers at random: a share of about `careless` often, the others seldom."""
    return np.where(rng.random(RATERS) < careless, rng.uniform(0.3, 0.9, RATERS), rng.uniform(0, 0.02, RATERS))
