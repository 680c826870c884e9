"""What raters of a session agree on, as figures: pure functions of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.dataset.model.judged import LEVELS_OF_SCALES
from bot.domain.ids import TurnId
from bot.domain.instrument import EMOTION_ITEM, Instrument
from bot.statistics.alpha import Alpha, Level, krippendorff_alpha
from bot.statistics.answers import Answer
from bot.statistics.confusion import Heard, HitRate, confusion, hit_rate, hit_rates
from bot.store.judged_answers import JudgedAnswer

Levels = Mapping[str, Level]
"""Every item whose agreement is measured, in the order in which it is asked, with its level."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """α of one item, over all raters and without partners, who heard the scene live."""

    item: str
    level: Level
    everyone: Alpha
    without_partners: Alpha


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many answers name what about each target, and how often the target was heard: in all, and by target."""

    counts: Mapping[tuple[str, str], int]
    rate: HitRate
    rates: Mapping[str, HitRate]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a session. `confusion` is None if no one has rated a turn with a claimed target."""

    agreement: tuple[Agreement, ...]
    confusion: Confusion | None


def levels_of(instrument: Instrument) -> Levels:
    """Return what of an instrument has an agreement: no words, and nothing with several values."""
    return {
        item.key: LEVELS_OF_SCALES[item.scale][0]
        for item in instrument.items
        if item.scale in LEVELS_OF_SCALES and not item.takes_several
    }


def figures_of(answers: Sequence[JudgedAnswer], targets: Mapping[TurnId, str], levels: Levels) -> Figures:
    """Compute the figures of a session: some tenths of a second for thousands of answers."""
    agreement = tuple(_agreement(item, level, answers) for item, level in levels.items())
    return Figures(agreement, _confusion(answers, targets))


def _agreement(item: str, level: Level, answers: Sequence[JudgedAnswer]) -> Agreement:
    about = [one for one in answers if one.item == item]
    return Agreement(
        item,
        level,
        krippendorff_alpha(_values(about, level), level),
        krippendorff_alpha(_values((one for one in about if not one.is_partner), level), level),
    )


def _values(answers: Iterable[JudgedAnswer], level: Level) -> list[Answer]:
    is_number = level is not Level.NOMINAL
    return [Answer(one.turn_id, one.rater_id, int(one.value) if is_number else one.value) for one in answers]


def _confusion(answers: Iterable[JudgedAnswer], targets: Mapping[TurnId, str]) -> Confusion | None:
    heard = [
        Heard(one.turn_id, targets[one.turn_id], one.value)
        for one in answers
        if one.item == EMOTION_ITEM and one.turn_id in targets
    ]
    rate = hit_rate(heard)
    return rate and Confusion(confusion(heard), rate, hit_rates(heard))
