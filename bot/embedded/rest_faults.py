"""Faults of Discord in requests, and its clock, for testing the bot. By default there are none.

A script orders them (see `fault_orders`). The journal gets `fault_ordered` for each order, and `answer_lost` (method,
route) for each request that was carried out and answered with 502.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from bot.embedded.clock import Clock
from bot.embedded.errors import RateLimited
from bot.embedded.interactions.callback_faults import NotOrderable
from bot.embedded.journal import Journal

LONGEST_ADVANCE_S: Final = 24 * 3_600.0
LONGEST_LIMIT_S: Final = 3_600.0
NICKNAME: Final = ("PATCH", "/guilds/{guild_id}/members/@me")


class RestFaults:
    """The faults of one embedded Discord."""

    KNOWN: Final = frozenset({"lose_answer", "limit_nickname", "advance_clock"})

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._lost: Counter[tuple[str, str]] = Counter()
        self._nickname_until = float("-inf")

    def order(self, asked: dict[str, Any]) -> None:
        """Accept an order. Raises NotOrderable for all but the orders that `fault_orders` names."""
        match asked:
            case {"fault": "lose_answer", "method": str(method), "route": str(route), **rest} if not rest:
                self._lost[method, route] += 1
            case {"fault": "limit_nickname", "seconds": int() | float() as seconds, **rest} if not rest:
                self._check(seconds, LONGEST_LIMIT_S)
                self._nickname_until = self._clock() + seconds
            case {"fault": "advance_clock", "seconds": int() | float() as seconds, **rest} if not rest:
                self._check(seconds, LONGEST_ADVANCE_S)
                self._clock.advance(seconds)
            case _:
                raise NotOrderable(f"{asked} is not an order for a fault.")
        self._journal.write("fault_ordered", **asked)

    def refuse(self, method: str, route: str) -> None:
        """Raise RateLimited for a change of the nickname while that is limited."""
        left_s = self._nickname_until - self._clock()
        if (method, route) == NICKNAME and left_s > 0:
            raise RateLimited(left_s)

    def loses_answer(self, method: str, route: str) -> bool:
        """Whether the answer to a request that was carried out gets lost; once per order."""
        is_lost = self._lost[method, route] > 0
        if is_lost:
            self._lost[method, route] -= 1
            self._journal.write("answer_lost", method=method, route=route)
        return is_lost

    def _check(self, seconds: float, longest_s: float) -> None:
        if not 0 < seconds <= longest_s:
            raise NotOrderable(f"This lasts up to {longest_s:g} s, not {seconds:g} s.")
