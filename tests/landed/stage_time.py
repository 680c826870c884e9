"""The time of an evening that is played for the stored home: it passes when the play says so, on both clocks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic

from bot.services.ports import SystemClock

EVENING = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


class StageTime(SystemClock):
    """Begins at a fixed evening, so that a home that is made again holds the same times."""

    def __init__(self) -> None:
        self._began_at = float(int(monotonic()))
        self._passed = 0.0
        self._waits: list[tuple[float, asyncio.Event]] = []

    def wall(self) -> datetime:
        return EVENING + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._began_at + self._passed

    async def sleep_until(self, moment: float) -> None:
        if moment > self.monotonic():
            self._waits.append((moment, asyncio.Event()))
            await self._waits[-1][1].wait()

    def pass_by(self, seconds: float) -> None:
        """Let time pass, and end every wait that is over by then."""
        self._passed += seconds
        for moment, wait in self._waits:
            if moment <= self.monotonic():
                wait.set()
