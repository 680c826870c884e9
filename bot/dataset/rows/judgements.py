"""The tables of what raters agree on: consensus per clip and item, agreement, confusion, hit rates, each rater."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property

from bot.dataset.model.contents import Contents
from bot.dataset.model.judged import EMOTION, LEVELS, Judged, Raters, answer_to
from bot.dataset.rows.columns import Row
from bot.dataset.rows.places import Places
from bot.domain.ids import TurnId
from bot.statistics.alpha import Alpha, krippendorff_alpha
from bot.statistics.answers import Answer
from bot.statistics.confusion import HitRate, confusion, hit_rate, hit_rates
from bot.statistics.consensus import agree_on_label, agree_on_scale
from bot.statistics.intraclass import intraclass
from bot.statistics.kappa import fleiss_kappa
from bot.statistics.quantiles import Interval
from bot.statistics.rest import agreement_with_the_rest
from bot.statistics.undefined import Undefined
from bot.statistics.weighting import evaluator_weights, weighted_mean
from bot.store.records import Rating

Weights = Mapping[Hashable, float | None]
_DIGITS = 9


class Judgements:
    """Makes the rows of these tables. Orders are those of items, labels, clips and pseudonyms."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._index = contents.index
        self._places = Places(contents)
        self._judged = Judged(contents)

    def agreement(self) -> Iterator[Row]:
        """Yield the agreement on every item at its levels, with and without partners."""
        for raters in Raters:
            for item, levels in LEVELS.items():
                answers = self._judged.answers(item, raters)
                complete = _of_categories(answers) if item == EMOTION else _of_scales(answers)
                for level in levels:
                    names = {"item": item, "level": str(level), "raters": str(raters)}
                    yield names | _alpha(krippendorff_alpha(answers, level)) | complete

    def consensus(self) -> Iterator[Row]:
        """Yield what raters agree on about every rated clip and item that was asked about it."""
        of_turn: defaultdict[TurnId, list[Rating]] = defaultdict(list)
        for rating in self._contents.snapshot.ratings:
            of_turn[rating.turn_id].append(rating)
        for turn_id, ratings in of_turn.items():
            place = self._places.clip(turn_id)
            for item in LEVELS:
                given = {one.rater_id: answer for one in ratings if (answer := answer_to(item, one)) is not None}
                if given:
                    yield place | (_labelled(given) if item == EMOTION else _scaled(item, given, self._weights[item]))

    def confusion(self) -> Iterator[Row]:
        """Yield how many answers name what about each target."""
        labels = self._contents.labels
        for raters in Raters:
            counts = confusion(self._judged.heard(raters))
            for target in labels.targets:
                for perceived in labels.answers:
                    if answers := counts.get((target, perceived)):
                        names = {"target_emotion": target, "perceived_emotion": perceived}
                        yield {"raters": str(raters), **names, "answers": answers}

    def hit_rates(self) -> Iterator[Row]:
        """Yield the hit rate of all targets together, and of each."""
        for raters in Raters:
            heard = self._judged.heard(raters)
            if everything := hit_rate(heard):
                yield {"raters": str(raters), "target_emotion": None} | _hit_rate(everything)
            rates = hit_rates(heard)
            for target in self._contents.labels.targets:
                if rate := rates.get(target):
                    yield {"raters": str(raters), "target_emotion": target} | _hit_rate(rate)

    def rater_agreement(self) -> Iterator[Row]:
        """Yield how far every rater agrees with the others, item by item."""
        for item, levels in LEVELS.items():
            found = agreement_with_the_rest(self._judged.answers(item), levels[-1])
            named = {self._index.name(rating.rater_id): rating.rater_id for rating in self._contents.snapshot.ratings}
            for name, rater_id in sorted(named.items()):
                if with_rest := found.get(rater_id):
                    yield {
                        "rater_id": name,
                        "item": item,
                        "level": str(levels[-1]),
                        "turns": with_rest.units,
                        "agreement": _figure(with_rest.agreement),
                        "shift": _figure(with_rest.shift),
                        "weight": _figure(self._weights[item].get(rater_id)),
                        "reason": _word(with_rest.reason),
                    }

    @cached_property
    def _weights(self) -> Mapping[str, Weights]:
        """The weight of every rater by item; the emotion has none."""
        scales = (item for item in LEVELS if item != EMOTION)
        return {EMOTION: {}, **{item: evaluator_weights(self._judged.answers(item)) for item in scales}}


def _alpha(alpha: Alpha) -> Row:
    return {
        "alpha": _figure(alpha.alpha),
        **_ends("alpha_low", "alpha_high", alpha.interval),
        "turns": alpha.units,
        "n_raters": alpha.raters,
        "answers": alpha.answers,
        "alpha_reason": _word(alpha.reason),
        "interval_reason": _word(alpha.interval_reason),
    }


def _of_categories(answers: list[Answer]) -> Row:
    kappa = fleiss_kappa(answers)
    none = {"icc": None, "icc_mean": None, "icc_reason": _word(Undefined.NOT_A_SCALE)}
    return {"kappa": _figure(kappa.kappa), "kappa_reason": _word(kappa.reason)} | none


def _of_scales(answers: list[Answer]) -> Row:
    found = intraclass(answers)
    case = found.any_raters
    return {
        "kappa": None,
        "kappa_reason": _word(Undefined.NOT_CATEGORIES),
        "icc": _figure(case and case.single),
        "icc_mean": _figure(case and case.mean),
        "icc_reason": _word(found.reason),
    }


def _labelled(given: Mapping[Hashable, str | int]) -> Row:
    found = agree_on_label([str(label) for label in given.values()])
    return {
        "item": EMOTION,
        "n_raters": found.n_raters,
        "label": found.label,
        "agreement": found.agreement,
        "soft_label": found.shares and dict(found.shares),
        "mean": None,
        "deviation": None,
        "weighted_mean": None,
        "reason": _word(found.reason),
        "weighted_reason": _word(Undefined.NOT_A_SCALE),
    }


def _scaled(item: str, given: Mapping[Hashable, str | int], weights: Weights) -> Row:
    found = agree_on_scale([float(value) for value in given.values()])
    weighted = weighted_mean(given, weights)
    return {
        "item": item,
        "n_raters": found.n_raters,
        "label": None,
        "agreement": None,
        "soft_label": None,
        "mean": found.mean,
        "deviation": found.deviation,
        "weighted_mean": _figure(weighted.mean),
        "reason": _word(found.reason),
        "weighted_reason": _word(weighted.reason),
    }


def _hit_rate(rate: HitRate) -> Row:
    return {
        "turns": rate.turns,
        "answers": rate.answers,
        "hits": rate.hits,
        "hit_rate": rate.rate,
        **_ends("hit_rate_low", "hit_rate_high", rate.interval),
        "unbiased": _figure(rate.unbiased),
        "interval_reason": _word(rate.interval_reason),
    }


def _ends(low: str, high: str, interval: Interval | None) -> Row:
    return {low: _figure(interval and interval.low), high: _figure(interval and interval.high)}


def _figure(value: float | None) -> float | None:
    """Return a figure with as many digits as are the same on every machine: libraries add in different orders."""
    return None if value is None else round(value, _DIGITS)


def _word(reason: Undefined | None) -> str | None:
    return reason and str(reason)
