"""Why a figure has no value. A figure that is undefined is None, and says why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

FEWEST_RATERS: Final = 3
"""The fewest raters whose answers make a consensus: with two, every difference is a draw, and one is an opinion."""

FEWEST_TURNS: Final = 50
"""The fewest turns for which an interval is given: below, its coverage was not measured."""

FEWEST_OF_RATER: Final = 10
"""The fewest turns that a rater must share with others before their agreement with these, or their weight, is given."""

FEWEST_TRIALS: Final = 20
"""The fewest trials of each kind (with and without a signal) from which a sensitivity is computed."""


class Undefined(StrEnum):
    """A reason why a figure is None; `MEANINGS` has each as a sentence."""

    NO_ANSWERS = "no_answers"
    NO_PAIRS = "no_pairs"
    NO_VARIATION = "no_variation"
    NO_DISAGREEMENT = "no_disagreement"
    UNEQUAL_RATERS = "unequal_raters"
    NOT_CATEGORIES = "not_categories"
    NOT_A_SCALE = "not_a_scale"
    TOO_FEW_RATERS = "too_few_raters"
    TOO_FEW_TURNS = "too_few_turns"
    TOO_FEW_TRIALS = "too_few_trials"
    TOO_FEW_WEIGHTS = "too_few_weights"


MEANINGS: Final[Mapping[Undefined, str]] = {
    Undefined.NO_ANSWERS: "No one answered.",
    Undefined.NO_PAIRS: "No turn was answered by two raters.",
    Undefined.NO_VARIATION: "All answers are the same, so that chance alone would agree as well.",
    Undefined.NO_DISAGREEMENT: "Raters differed in one turn at most, so that an interval cannot be found.",
    Undefined.UNEQUAL_RATERS: "The turns do not all have the same number of answers.",
    Undefined.NOT_CATEGORIES: "The answers are on a scale, and this figure is for categories.",
    Undefined.NOT_A_SCALE: "The answers are categories, and this figure is for scales.",
    Undefined.TOO_FEW_RATERS: f"Fewer than {FEWEST_RATERS} raters answered.",
    Undefined.TOO_FEW_TURNS: f"There are fewer than {FEWEST_TURNS} turns (for a single rater: {FEWEST_OF_RATER}).",
    Undefined.TOO_FEW_TRIALS: f"There are fewer than {FEWEST_TRIALS} trials with or without the signal.",
    Undefined.TOO_FEW_WEIGHTS: f"Fewer than {FEWEST_RATERS} of the raters have a weight above 0.",
}
"""Every reason as a sentence."""
