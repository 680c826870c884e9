"""A clock that shows a date of a test's choice, and goes on only when the test says so."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from bot.live.ports import SystemClock


class DatedClock(SystemClock):
    """Both kinds of time go on together, from sleep to sleep, so that everything happens at its own moment.

    It waits for the work on scheduled sessions, which is known by the names of its tasks.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._passed = 0.0
        self._sleeping: dict[asyncio.Task[Any], tuple[float, asyncio.Event]] = {}

    def wall(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    async def sleep_until(self, moment: float) -> None:
        task, end = asyncio.current_task(), asyncio.Event()
        assert task is not None
        if moment <= self._passed:
            return
        self._sleeping[task] = moment, end
        try:
            await end.wait()
        finally:
            self._sleeping.pop(task, None)

    async def rest(self) -> None:
        """Wait until all work on scheduled sessions is over or sleeps on this clock."""
        async with asyncio.timeout(20):
            await asyncio.sleep(0)
            while any(self._is_busy(task) for task in asyncio.all_tasks()):  # noqa: ASYNC110 - nothing signals it
                await asyncio.sleep(0.0002)

    def _is_busy(self, task: asyncio.Task[Any]) -> bool:
        name = task.get_name()
        is_work = any(word in name for word in ("scheduled session", "scheduled event", "cancellation"))
        return is_work and task not in self._sleeping

    async def pass_to(self, moment: datetime) -> None:
        """Let time pass until a date, with every sleep on the way."""
        target = (moment - self._start).total_seconds()
        await self.rest()
        while due := [(until, task) for task, (until, _) in self._sleeping.items() if until <= target]:
            self._passed, task = min(due, key=lambda one: one[0])
            self._sleeping.pop(task)[1].set()
            await self.rest()
        self._passed = target
