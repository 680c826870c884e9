"""Turns in a running bot: looked for in the background, as soon as a take is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.domain.ids import SessionId, TakeId
from bot.live.errands import Errands
from bot.services.panel.panels import Panels
from bot.services.turns.search import TurnSearch


@dataclass(frozen=True, slots=True)
class Turns:
    """Looks for turns without anyone waiting; `settled` waits for them."""

    search: TurnSearch
    errands: Errands
    panels: Panels
    _searching: dict[TakeId, tuple[SessionId, asyncio.Task[None]]] = field(
        default_factory=dict[TakeId, tuple[SessionId, asyncio.Task[None]]]
    )

    def search_soon(self, session_id: SessionId, take_id: TakeId) -> None:
        """Look for the turns of a take that is kept, in the background."""
        if take_id in self._searching:
            return
        task = self.errands.run(self._search(session_id, take_id), f"search for the turns of take {take_id}")
        self._searching[take_id] = (session_id, task)
        task.add_done_callback(lambda _: self._searching.pop(take_id, None))

    async def search_left_over(self) -> None:
        """Look for the turns of all takes that have none yet, for example because the bot ended before that."""
        async for take in self.search.search_left_over():
            self.panels.changed(take.session_id)

    def is_searching(self, session_id: SessionId) -> bool:
        """Whether turns of a session are being looked for."""
        return any(one == session_id for one, _ in self._searching.values())

    async def settled(self, session_id: SessionId | None = None) -> None:
        """Wait until the turns of all takes of a session, or of all sessions, have been looked for."""
        tasks = [task for one, task in self._searching.values() if session_id in (None, one)]
        await asyncio.gather(*(asyncio.shield(task) for task in tasks), return_exceptions=True)

    async def _search(self, session_id: SessionId, take_id: TakeId) -> None:
        await self.search.search(take_id)
        self.panels.changed(session_id)
