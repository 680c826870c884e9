"""What raters entered in forms that could not be stored: the next form of the same trial has it filled in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.ids import TrialToken, UserId

Entered = Mapping[str, Sequence[str]]
"""What a form sent, by the keys of items."""

MOST_DRAFTS: Final = 1000
"""The oldest ones go first. A draft lasts only until its form is stored."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Keeps forms in memory while they are stored. A restart loses them; nothing of them is ever written."""

    _kept: OrderedDict[tuple[UserId, TrialToken], Entered] = field(
        default_factory=OrderedDict[tuple[UserId, TrialToken], Entered]
    )

    def keep(self, user_id: UserId, token: TrialToken, entered: Entered) -> None:
        """Keep what a person entered in a trial, in place of what they entered before."""
        self._kept[user_id, token] = entered
        self._kept.move_to_end((user_id, token))
        while len(self._kept) > MOST_DRAFTS:
            self._kept.popitem(last=False)

    def of(self, user_id: UserId, token: TrialToken) -> Entered:
        """Return what a person entered in a trial; nothing if it was stored, or never sent."""
        return self._kept.get((user_id, token), {})

    def drop(self, user_id: UserId, token: TrialToken) -> None:
        """Forget what a person entered in a trial."""
        self._kept.pop((user_id, token), None)
