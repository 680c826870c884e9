"""The voice test on simulated evenings: d′ and breaks that are known."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from bot.statistics.detection import sensitivity
from bot.statistics.voice_breaks import Pair, find_break
from tools.simulation.raters import RATERS

CHARACTERS: Final = 8
PAIRS: Final = 40
"""Pairs of one character and of two, for every character of a run."""

SCENES: Final = 8
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Held:
    """What was found in one run: how often d′ was in its interval, and of a break, whether, and where to a scene."""

    inside: int
    is_alarmed: int
    is_found: bool
    is_placed: bool


def hold(order: tuple[int, float]) -> Held:
    """Let raters of different criteria judge pairs of characters, of which one breaks between two scenes.

    `order` is the run, and the d′ that is left across the break.
    """
    run, left = order
    rng = np.random.default_rng([run, 6, round(100 * left)])
    criteria = rng.normal(0, 0.3, RATERS)
    inside, alarms = 0, 0
    for _ in range(CHARACTERS - 1):
        d_prime = float(rng.uniform(1, 2.5))
        inside += _is_recovered(d_prime, criteria, rng)
        alarms += find_break(_pairs(d_prime, d_prime, 1, criteria, rng)).before_scene is not None
    d_prime, scene = float(rng.uniform(1.5, 2.5)), int(rng.integers(3, SCENES - 1))
    found = find_break(_pairs(d_prime, left * d_prime, scene, criteria, rng)).before_scene
    return Held(inside, alarms, found is not None, found is not None and abs(found - scene) <= 1)


def _is_recovered(d_prime: float, criteria: np.ndarray, rng: np.random.Generator) -> bool:
    """Whether the interval contains the d′ of endlessly many trials of all raters together."""
    same, two = _shares(d_prime, criteria)
    who = rng.integers(RATERS, size=(2, PAIRS))
    hits, alarms = int((rng.random(PAIRS) < same[who[0]]).sum()), int((rng.random(PAIRS) < two[who[1]]).sum())
    found = sensitivity(hits=hits, misses=PAIRS - hits, false_alarms=alarms, rejections=PAIRS - alarms)
    known = _NORMAL.inv_cdf(float(same.mean())) - _NORMAL.inv_cdf(float(two.mean()))
    return found.d_prime_interval is not None and found.d_prime_interval.covers(known)


def _pairs(d_prime: float, across: float, scene: int, criteria: np.ndarray, rng: np.random.Generator) -> list[Pair]:
    """Draw answers about pairs of one character, whose voice breaks before a scene."""
    beside, apart = _shares(d_prime, criteria)[0], _shares(across, criteria, d_prime)[0]
    found: list[Pair] = []
    for _ in range(PAIRS):
        one, other = sorted(rng.choice(np.arange(1, SCENES + 1), 2, replace=False).tolist())
        rater = int(rng.integers(RATERS))
        same = apart if one < scene <= other else beside
        found.append(Pair(one, other, bool(rng.random() < same[rater])))
    return found


def _shares(d_prime: float, criteria: np.ndarray, held: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return each rater's chance to hear one character in pairs of one, and in pairs of two.

    The criterion is in the middle between two characters and `held`, the d′ with a voice that is held.
    """
    middle = (d_prime if held is None else held) / 2
    same = [_NORMAL.cdf(d_prime - middle - criterion) for criterion in criteria]
    two = [_NORMAL.cdf(-middle - criterion) for criterion in criteria]
    return np.array(same), np.array(two)
