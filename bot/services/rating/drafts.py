"""What raters entered in forms that could not be stored: the next form about the same turn has it filled in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.ids import TurnId, UserId

Entered = Mapping[str, Sequence[str]]
"""What a form sent, by the keys of items."""

MOST_DRAFTS: Final = 1000
"""The oldest ones go first. A draft lasts only until its form is stored."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Keeps forms in memory while they are stored. A restart loses them; nothing of them is ever written."""

    _kept: OrderedDict[tuple[UserId, TurnId], Entered] = field(
        default_factory=OrderedDict[tuple[UserId, TurnId], Entered]
    )

    def keep(self, user_id: UserId, turn_id: TurnId, entered: Entered) -> None:
        """Keep what a person entered about a turn, in place of what they entered before."""
        self._kept[user_id, turn_id] = entered
        self._kept.move_to_end((user_id, turn_id))
        while len(self._kept) > MOST_DRAFTS:
            self._kept.popitem(last=False)

    def of(self, user_id: UserId, turn_id: TurnId) -> Entered:
        """Return what a person entered about a turn; nothing if it was stored, or never sent."""
        return self._kept.get((user_id, turn_id), {})

    def drop(self, user_id: UserId, turn_id: TurnId) -> None:
        """Forget what a person entered about a turn."""
        self._kept.pop((user_id, turn_id), None)
