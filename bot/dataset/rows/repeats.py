"""The table of hidden repeats: whether raters answer the same about a turn that they are given again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.dataset.model.contents import Contents
from bot.dataset.model.judged import EMOTION, Judged
from bot.dataset.rows.columns import Row
from bot.dataset.rows.figures import consistency_figures
from bot.domain.ids import TrialId
from bot.domain.instrument import EMOTION_ITEM, NOT_JUDGED
from bot.domain.states import TrialKind, TrialPurpose
from bot.statistics.alpha import Level
from bot.statistics.answers import Value
from bot.statistics.repeats import Repeat, repeat_consistency


def repeat_rows(contents: Contents) -> Iterator[Row]:
    """Yield how consistent every rater is, item by item, in the order of items and pseudonyms."""
    judged = Judged(contents)
    for item, repeats in _repeats(contents, judged).items():
        level = judged.levels[item][-1]
        found = repeat_consistency(repeats, level)
        for rater, consistency in sorted(found.items(), key=lambda one: str(one[0])):
            yield {"rater_id": rater, "item": item, "level": str(level)} | consistency_figures(consistency)


def _repeats(contents: Contents, judged: Judged) -> Mapping[str, list[Repeat]]:
    """Return both answers to every item that a rater answered twice, with the rater's pseudonym."""
    first = {(one.turn_id, one.rater_id): one for one in contents.snapshot.ratings}
    again = _answers_again(contents, judged)
    found: dict[str, list[Repeat]] = {item: [] for item in judged.levels}
    for trial in contents.snapshot.trials:
        rating = first.get((trial.turn_id, trial.rater_id))
        if rating is None or trial.kind is not TrialKind.TURN or trial.purpose is not TrialPurpose.REPEAT:
            continue
        for item, value in again[trial.trial_id].items():
            before = judged.answer_to(item, rating)
            if before is not None:
                found[item].append(Repeat(contents.index.name(trial.rater_id), before, value))
    return found


def _answers_again(contents: Contents, judged: Judged) -> Mapping[TrialId, Mapping[str, Value]]:
    """Return the answers of every trial by item, as `Judged` has them. Trials that were not judged have none."""
    found: defaultdict[TrialId, dict[str, Value]] = defaultdict(dict)
    for answer in contents.snapshot.answers:
        item = EMOTION if answer.item == EMOTION_ITEM else answer.item
        if item in judged.levels and answer.value is not None and answer.value not in NOT_JUDGED:
            is_label = judged.levels[item][0] is Level.NOMINAL
            found[answer.trial_id][item] = answer.value if is_label else int(answer.value)
    return found
