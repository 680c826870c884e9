"""Faults of Discord in first answers, for testing the bot. By default there are none.

A script orders a fault (see `fault_orders`). The journal gets `fault_ordered` for each order and `callback_refused`
(interaction_id, status, code) for each answer that is refused because of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from bot.embedded import errors
from bot.embedded.errors import DiscordError
from bot.embedded.interactions.interaction import Interaction
from bot.embedded.journal import Journal

LONGEST_UNAVAILABLE_S: Final = 60.0
"""A longer fault would be a rehearsal without Discord."""


class NotOrderable(Exception):
    """The order names no known fault. The text says why."""


class CallbackFaults:
    """The faults of one embedded Discord; `clock` is in seconds."""

    def __init__(self, journal: Journal, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._clock = clock
        self._forgotten: Counter[int] = Counter()
        self._unavailable_until = float("-inf")

    def order(self, asked: dict[str, Any]) -> None:
        """Accept an order for a fault. Raises NotOrderable for all but the two orders that `fault_orders` names."""
        match asked:
            case {"fault": "forget_next", "user_id": str(user_id), **rest} if user_id.isdecimal() and not rest:
                self._forgotten[int(user_id)] += 1
            case {"fault": "unavailable", "seconds": int() | float() as seconds, **rest} if not rest:
                if not 0 < seconds <= LONGEST_UNAVAILABLE_S:
                    raise NotOrderable(f"Callbacks fail for up to {LONGEST_UNAVAILABLE_S:g} s, not {seconds:g} s.")
                self._unavailable_until = self._clock() + seconds
            case _:
                raise NotOrderable(f"{asked} is not an order for a fault.")
        self._journal.write("fault_ordered", **asked)

    def refuse_all(self, interaction_id: int) -> None:
        """Raise 503 for every answer while callbacks are unavailable."""
        if self._clock() < self._unavailable_until:
            raise self._refused(interaction_id, errors.unavailable())

    def refuse_one(self, interaction: Interaction) -> None:
        """Raise 404 (10062) once per order to forget a press of this person. Their next answer is taken."""
        if self._forgotten[interaction.user_id]:
            self._forgotten[interaction.user_id] -= 1
            raise self._refused(interaction.interaction_id, errors.unknown_interaction())

    def _refused(self, interaction_id: int, error: DiscordError) -> DiscordError:
        self._journal.write("callback_refused", interaction_id=interaction_id, status=error.status, code=error.code)
        return error
