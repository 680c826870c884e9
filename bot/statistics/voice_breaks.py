"""Where a performer loses a character's voice: between which scenes it no longer sounds like the same character.

For pairs of turns of one character, each from two scenes, raters answered whether they hear the same character. If the
voice broke between two scenes, pairs across that point are taken for one character less often than pairs on one side.
Each point is tested with the difference of both shares over its standard error (pooled), one-sided, and the greatest
counts if it remains significant after Bonferroni's correction for the number of points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

from bot.statistics.quantiles import normal_quantile
from bot.statistics.undefined import FEWEST_TRIALS, Undefined

ALARM: Final = 0.05
"""How often a voice that was held is said to have broken, at most."""

FEWEST_A_SIDE: Final = 8
"""The fewest pairs across a point, and on its sides, with which it is tested."""


class Pair(NamedTuple):
    """An answer about two turns of one character: the numbers of their scenes, and whether one character was heard."""

    scene: int
    other_scene: int
    heard_same: bool


@dataclass(frozen=True, slots=True)
class VoiceBreak:
    """Before which scene the voice broke; None if no break was found, or for `reason` none could be.

    `across` and `beside` are the shares of pairs that were taken for one character, across that point and on its sides.
    """

    pairs: int
    before_scene: int | None
    across: float | None
    beside: float | None
    reason: Undefined | None


@dataclass(frozen=True, slots=True)
class _Point:
    scene: int
    across: float
    beside: float
    z: float


def find_break(pairs: Iterable[Pair]) -> VoiceBreak:
    """Return where the voice of one character broke, from the answers about pairs of its turns."""
    known = list(pairs)
    if len(known) < FEWEST_TRIALS:
        return VoiceBreak(len(known), None, None, None, Undefined.TOO_FEW_TRIALS)
    scenes = sorted({scene for pair in known for scene in (pair.scene, pair.other_scene)})
    points = [point for scene in scenes[1:] if (point := _test(known, scene))]
    if not points:
        return VoiceBreak(len(known), None, None, None, Undefined.TOO_FEW_TRIALS)
    worst = max(points, key=lambda point: point.z)
    if worst.z < normal_quantile(1 - ALARM / len(points)):
        return VoiceBreak(len(known), None, None, None, None)
    return VoiceBreak(len(known), worst.scene, worst.across, worst.beside, None)


def _test(pairs: list[Pair], scene: int) -> _Point | None:
    """Compare the pairs across the point before a scene with those on its sides; None with too few of either."""
    across = [pair.heard_same for pair in pairs if (pair.scene < scene) != (pair.other_scene < scene)]
    beside = [pair.heard_same for pair in pairs if (pair.scene < scene) == (pair.other_scene < scene)]
    if min(len(across), len(beside)) < FEWEST_A_SIDE:
        return None
    lower, upper = sum(across) / len(across), sum(beside) / len(beside)
    pooled = (sum(across) + sum(beside)) / len(pairs)
    error = sqrt(pooled * (1 - pooled) * (1 / len(across) + 1 / len(beside)))
    return _Point(scene, lower, upper, (upper - lower) / error if error else 0.0)
