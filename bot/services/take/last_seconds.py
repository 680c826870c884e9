"""The signal before a take's limit: on the panel and under the cards, never as a sound, because takes are recorded."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.events.catalogue import TakeNearedEnd
from bot.domain.signals import LAST_SECONDS
from bot.live.ports import Clock
from bot.live.take.live_take import LiveTake
from bot.services.panel.panels import Panels
from bot.services.ports.stage import Stage
from bot.store.database import Database
from bot.store.events import log_event


@dataclass(frozen=True, slots=True)
class LastSeconds:
    """Tells the performers of running takes that their time is nearly up."""

    database: Database
    clock: Clock
    stage: Stage
    panels: Panels

    async def signal(self, take: LiveTake) -> None:
        """Wait until a take nears its limit, and tell its performers, once per take.

        A pause cancels this, and it starts again when the pause ends.
        """
        if take.signals_at is None or take.is_near_end:
            return
        await self.clock.sleep_until(take.signals_at)
        take.near_end()
        self.panels.changed(take.session_id)
        await self.stage.take_ends_soon(sorted(take.recordable), round(LAST_SECONDS))
        async with self.database.transaction() as tx:
            await log_event(tx, TakeNearedEnd(round(LAST_SECONDS)), self.clock.now(), **take.where)
