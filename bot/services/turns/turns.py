"""Turns in a running bot: looked for in the background, as soon as a take is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.domain.ids import SessionId, TakeId
from bot.live.errands import Errands
from bot.services.panel.panels import Panels
from bot.services.turns.clips import Clips
from bot.services.turns.search import TurnSearch
from bot.store.turns import takes_to_search

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turns:
    """Looks for turns without anyone waiting; `settled` waits for them."""

    search: TurnSearch
    clips: Clips
    errands: Errands
    panels: Panels
    _searching: dict[TakeId, tuple[SessionId, asyncio.Task[None]]] = field(
        default_factory=dict[TakeId, tuple[SessionId, asyncio.Task[None]]]
    )
    _left_over: asyncio.Lock = field(default_factory=asyncio.Lock)

    def search_soon(self, session_id: SessionId, take_id: TakeId) -> None:
        """Look for the turns of a take that is kept, in the background."""
        self._begin(session_id, take_id, self._search(session_id, take_id))

    async def search_left_over(self, session_ids: Collection[SessionId] = ()) -> None:
        """Look for the turns of all takes that have none yet, for example because the bot ended before that.

        With `session_ids`, only in theirs. A take that is cut in the meantime does not wait for all of them.
        """
        takes = await takes_to_search(self.search.database, session_ids=session_ids)
        for take in takes:
            self._begin(take.session_id, take.take_id, self._search_in_turn(take.session_id, take.take_id))
        await self._ended([take.take_id for take in takes])

    def is_searching(self, session_id: SessionId) -> bool:
        """Whether turns of a session are being looked for."""
        return any(one == session_id for one, _ in self._searching.values())

    async def settled(self, session_ids: Collection[SessionId] = ()) -> None:
        """Wait until the turns of all takes of these sessions, or of all sessions, have been looked for."""
        searching = list(self._searching.items())
        await self._ended([take_id for take_id, (one, _) in searching if not session_ids or one in session_ids])

    async def _ended(self, take_ids: Collection[TakeId]) -> None:
        tasks = [self._searching[take_id][1] for take_id in take_ids if take_id in self._searching]
        await asyncio.gather(*(asyncio.shield(task) for task in tasks), return_exceptions=True)

    def _begin(self, session_id: SessionId, take_id: TakeId, work: Coroutine[Any, Any, None]) -> None:
        if take_id in self._searching:
            work.close()
            return
        task = self.errands.run(work, f"search for the turns of take {take_id}")
        self._searching[take_id] = (session_id, task)
        task.add_done_callback(lambda _: self._searching.pop(take_id, None))

    async def _search_in_turn(self, session_id: SessionId, take_id: TakeId) -> None:
        async with self._left_over:
            await self._search(session_id, take_id)

    async def _search(self, session_id: SessionId, take_id: TakeId) -> None:
        await self.search.search(take_id)
        self.panels.changed(session_id)
        try:
            await self.clips.prepare(take_id)
        except Exception:
            # A clip that cannot be made now is tried again when a rater gets it.
            _log.exception("The clips of take %d could not be made in advance.", take_id)
