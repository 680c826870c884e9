"""A finder of turns that tests can hold up and ask what it did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.live.apart import Step, in_thread
from bot.turns.finding import FoundTake, TakeOrder, find_take
from tests.evening import Evening


class Finder:
    """Finds turns, and remembers what it was asked; `may_go_on` holds it up."""

    def __init__(self, evening: Evening) -> None:
        self.orders: list[TakeOrder] = []
        self.results: list[FoundTake] = []
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        turns = evening.services.turns
        object.__setattr__(turns, "search", replace(turns.search, apart=self._find))

    async def _find(self, work: Callable[[Step], Any]) -> Any:
        if not (isinstance(work, partial) and work.func is find_take):
            return await in_thread(work)
        self.orders.append(work.args[0])
        await self.may_go_on.wait()
        self.results.append(await in_thread(work))
        return self.results[-1]


async def forget_turns(evening: Evening, track_ids: Sequence[int]) -> None:
    """Lose the turns of these tracks, as if the process had ended before they were found."""
    marks = ", ".join(map(str, track_ids))
    async with evening.database.transaction() as tx:
        await tx.execute(f"DELETE FROM turns WHERE track_id IN ({marks})")
        await tx.execute(f"UPDATE tracks SET turns_method = NULL WHERE track_id IN ({marks})")
