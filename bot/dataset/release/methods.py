"""What a card says about agreement, in words that fit the methods section of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.dataset.model.contents import Contents
from bot.dataset.model.judged import EMOTION, Judged, Raters
from bot.statistics.alpha import Alpha, Level, krippendorff_alpha
from bot.statistics.answers import Answer
from bot.statistics.confusion import hit_rate
from bot.statistics.quantiles import Interval
from bot.statistics.undefined import FEWEST_TURNS, MEANINGS


@dataclass(frozen=True, slots=True)
class Sentence:
    """An item's agreement: its name, the level of measurement, and the figures in words."""

    item: str
    level: str
    figures: str


def method_words(contents: Contents) -> dict[str, Any]:
    """Return the words for the template: counts, and the agreement of every item that was asked."""
    judged = Judged(contents)
    answers = {item: judged.answers(item) for item in judged.levels}
    emotion = answers[EMOTION]
    return {
        "judged_turns": len({one.unit for one in emotion}),
        "judged_raters": len({one.rater for one in emotion}),
        "judged_answers": len(emotion),
        "agreements": _agreements(judged, answers) if emotion else [],
        "outside_agreement": _alpha(
            krippendorff_alpha(judged.answers(EMOTION, Raters.WITHOUT_PARTNERS), Level.NOMINAL)
        ),
        "hit_rate": _hit_rate(judged),
        "fewest_turns": FEWEST_TURNS,
    }


def _agreements(judged: Judged, answers: dict[str, list[Answer]]) -> Sequence[Sentence]:
    return [
        Sentence(item.replace("_", " "), str(levels[-1]), _alpha(krippendorff_alpha(answers[item], levels[-1])))
        for item, levels in judged.levels.items()
        if answers[item]
    ]


def _alpha(found: Alpha) -> str:
    if found.reason:
        return f"undefined: {_reason(MEANINGS[found.reason])}"
    return f"α = {found.alpha:.2f} ({_interval(found.interval)}{found.units} turns)"


def _hit_rate(judged: Judged) -> str | None:
    found = hit_rate(judged.heard(Raters.ALL))
    if found is None:
        return None
    return f"{found.rate:.2f} of {found.answers} answers ({_interval(found.interval)}{found.turns} turns)"


def _interval(interval: Interval | None) -> str:
    return f"95 % interval {interval.low:.2f} to {interval.high:.2f}; " if interval else ""


def _reason(sentence: str) -> str:
    """Return a sentence as a part of another one."""
    return sentence[0].lower() + sentence[1:].removesuffix(".")
