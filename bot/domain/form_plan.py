"""Which items a form asks: a form in Discord has five fields, so items rotate over the raters of a turn.

Each rater is asked the items of which most raters are still wanted. If that can be reached at all, it is: no item is
wanted by more raters than there are, and all items together by no more than these have fields for. (Serving the longest
remaining job first is optimal for unit-time pieces on parallel machines of which a job can use one at a time:
McNaughton 1959.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.instrument import EMOTION_ITEM, Instrument, Item, Needs
from bot.domain.states import TrialKind

MOST_FIELDS: Final = 5
"""Discord's limit for the fields of a form."""


def plan_form(
    instrument: Instrument, kind: TrialKind, asked: Mapping[str, int], raters_wanted: int, *, has_character: bool
) -> Sequence[Item]:
    """Return the items that the next rater of a turn is asked, the emotion first, in the instrument's order.

    `asked` says how many raters of the turn have been asked each item, by its key, those who are answering now among
    them. Items that want no number of their own want that of the turn.
    """
    items = [item for item in instrument.items_about(kind) if has_character or item.needs is not Needs.CHARACTER]
    if len(items) <= MOST_FIELDS:
        return items

    def still_wanted(item: Item) -> int:
        return (item.wanted or raters_wanted) - asked.get(item.key, 0)

    others = [item for item in items if item.key != EMOTION_ITEM]
    first = sorted(others, key=still_wanted, reverse=True)[: MOST_FIELDS - 1]
    return [item for item in items if item.key == EMOTION_ITEM or item in first]


def reachable(instrument: Instrument, kind: TrialKind, raters: int) -> bool:
    """Whether so many raters of a turn can answer every item as often as it is wanted."""
    others = [item for item in instrument.items_about(kind) if item.key != EMOTION_ITEM]
    wanted = [item.wanted or raters for item in others]
    return all(number <= raters for number in wanted) and (
        len(others) < MOST_FIELDS or sum(wanted) <= raters * (MOST_FIELDS - 1)
    )
