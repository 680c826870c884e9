"""Control panels: read when something has changed, and pushed to the stage at a pace that Discord accepts."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, field

from bot.domain.ids import SessionId
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.services.panel.reading import PanelReader
from bot.services.ports.panel_state import PanelState
from bot.services.ports.stage import PanelUnreachable, Stage
from bot.store.database import Database
from bot.store.sessions import set_panel_message

_log = logging.getLogger(__name__)

REFRESH_INTERVAL_SECONDS = 1.5
"""Discord allows five edits in five seconds per channel; this leaves room for answers to people."""

RETRY_SECONDS = 3.0
"""How long to wait before the next attempt if Discord could not be reached."""


@dataclass(slots=True)
class _Pace:
    """When a panel may be edited next; `is_stale` while an edit is due that will show what has changed."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    is_stale: bool = False


class Panels:
    """Keeps the panels of all sessions up to date."""

    def __init__(self, database: Database, clock: Clock, errands: Errands, stage: Stage, reader: PanelReader) -> None:
        self._database = database
        self._clock = clock
        self._errands = errands
        self._stage = stage
        self._reader = reader
        self._paces: defaultdict[SessionId, _Pace] = defaultdict(_Pace)

    async def read(self, session_id: SessionId) -> PanelState:
        """What the panel of a session shows now, whether the session is open or ended."""
        return await self._reader.read(session_id)

    async def post(self, session_id: SessionId) -> None:
        """Post the panel of a session that has none yet, and remember where it is."""
        message_id = await self._stage.post_panel(await self._reader.read(session_id))
        await self._remember(session_id, message_id)

    def changed(self, session_id: SessionId) -> None:
        """Refresh soon; the same edit shows all changes that come until then. Never fails the caller."""
        pace = self._paces[session_id]
        if not pace.is_stale:
            pace.is_stale = True
            self._errands.run(self._refresh(session_id, pace), f"panel of session {session_id}")

    async def _refresh(self, session_id: SessionId, pace: _Pace) -> None:
        # One edit at a time: if a panel had to be posted again, the next edit must change the new one.
        async with pace.lock:
            # Edits of one panel keep their distance: the next edit also shows what was pressed in the meantime.
            await asyncio.sleep(max(pace.next_at - self._clock.monotonic(), 0.0))
            pace.next_at = self._clock.monotonic() + REFRESH_INTERVAL_SECONDS
            pace.is_stale = False
            try:
                await self._show(session_id)
            except PanelUnreachable:
                # Presses on a panel that is out of date do not count, so it must be refreshed.
                _log.warning("The panel of session %d could not be refreshed; the bot tries again.", session_id)
                pace.next_at = self._clock.monotonic() + RETRY_SECONDS
                self.changed(session_id)

    async def _show(self, session_id: SessionId) -> None:
        state = await self._reader.read(session_id)
        before = state.session.panel_message_id
        if before is None:
            return
        shown = await self._stage.show_panel(state)
        if shown != before:
            await self._remember(session_id, shown)

    async def _remember(self, session_id: SessionId, message_id: int) -> None:
        async with self._database.transaction() as tx:
            await set_panel_message(tx, session_id, message_id)
