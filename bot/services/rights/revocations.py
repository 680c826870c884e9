"""Keeps the list of what holders of datasets must delete up to date with every change of consent."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.home.places import Home
from bot.live.ports import Clock
from bot.live.workers import Lane, Workers
from bot.rights.lists import renew_lists
from bot.store.consents import newest_state
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Revocations:
    """Renews the list when a consent has changed, or ended by itself, since it did so last."""

    database: Database
    home: Home
    clock: Clock
    workers: Workers
    _seen: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    async def renew_if_due(self) -> None:
        """Renew the list if anything has changed. What cannot be written is tried the next time."""
        now = self.clock.now()
        state = await newest_state(self.database, now)
        if self._seen != [state]:
            await self.workers.run(Lane.ERASING, renew_lists, self.home.database, self.home, now)
            self._seen[:] = [state]
