"""The tables of what raters agree on: consensus per clip and item, agreement, confusion, hit rates, each rater."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property

from bot.dataset.model.contents import Contents
from bot.dataset.model.judged import Judged, Raters
from bot.dataset.rows.columns import Row
from bot.dataset.rows.figures import (
    Weights,
    alpha_figures,
    category_figures,
    figure,
    hit_figures,
    label_figures,
    mean_figures,
    scale_figures,
    word,
)
from bot.dataset.rows.places import Places
from bot.domain.ids import TurnId
from bot.statistics.alpha import Level, krippendorff_alpha
from bot.statistics.answers import Value
from bot.statistics.confusion import confusion, hit_rate, hit_rates
from bot.statistics.rest import agreement_with_the_rest
from bot.statistics.weighting import evaluator_weights
from bot.store.records import Rating


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
            for item, levels in self._judged.levels.items():
                answers = self._judged.answers(item, raters)
                complete = category_figures(answers) if self._is_label(item) else scale_figures(answers)
                for level in levels:
                    names = {"item": item, "level": str(level), "raters": str(raters)}
                    yield names | alpha_figures(krippendorff_alpha(answers, level)) | complete

    def consensus(self) -> Iterator[Row]:
        """Yield what raters agree on about every rated clip and item that was asked about it."""
        of_turn: defaultdict[TurnId, list[Rating]] = defaultdict(list)
        for rating in self._contents.snapshot.ratings:
            of_turn[rating.turn_id].append(rating)
        for turn_id, ratings in of_turn.items():
            place = self._places.clip(turn_id)
            for item in self._judged.levels:
                given: dict[Hashable, Value] = {
                    one.rater_id: answer for one in ratings if (answer := self._judged.answer_to(item, one)) is not None
                }
                if given and self._is_label(item):
                    yield place | label_figures(item, given)
                elif given:
                    yield place | mean_figures(item, given, self._weights[item])

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
                yield {"raters": str(raters), "target_emotion": None} | hit_figures(everything)
            rates = hit_rates(heard)
            for target in self._contents.labels.targets:
                if rate := rates.get(target):
                    yield {"raters": str(raters), "target_emotion": target} | hit_figures(rate)

    def rater_agreement(self) -> Iterator[Row]:
        """Yield how far every rater agrees with the others, item by item."""
        for item, levels in self._judged.levels.items():
            found = agreement_with_the_rest(self._judged.answers(item), levels[-1])
            named = {self._index.name(rating.rater_id): rating.rater_id for rating in self._contents.snapshot.ratings}
            for name, rater_id in sorted(named.items()):
                if with_rest := found.get(rater_id):
                    yield {
                        "rater_id": name,
                        "item": item,
                        "level": str(levels[-1]),
                        "turns": with_rest.units,
                        "agreement": figure(with_rest.agreement),
                        "shift": figure(with_rest.shift),
                        "weight": figure(self._weights[item].get(rater_id)),
                        "reason": word(with_rest.reason),
                    }

    @cached_property
    def _weights(self) -> Mapping[str, Weights]:
        """The weight of every rater by item; labels have none."""
        scales = (item for item in self._judged.levels if not self._is_label(item))
        labels: dict[str, Weights] = {item: {} for item in self._judged.levels if self._is_label(item)}
        return labels | {item: evaluator_weights(self._judged.answers(item)) for item in scales}

    def _is_label(self, item: str) -> bool:
        """Whether an item is answered with a label, not with a number."""
        return self._judged.levels[item] == (Level.NOMINAL,)
