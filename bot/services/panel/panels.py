"""Control panels: read when something has changed, and pushed to the stage at a pace that Discord accepts.

A panel is edited as long as it is in sight and young. Otherwise a new one is posted, then the old one is deleted: in
the moment between, the buttons of both act.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field

from bot.domain.ids import SessionId, UserId
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.services.panel.ages import Ages
from bot.services.panel.chats import Chats
from bot.services.panel.reading import PanelReader
from bot.services.ports.panel_state import PanelState
from bot.services.ports.stage import PanelGone, PanelUnreachable, Stage
from bot.store.database import Database
from bot.store.records import Session
from bot.store.sessions import forget_former_panel, set_panel_message

_log = logging.getLogger(__name__)

REFRESH_INTERVAL_SECONDS = 1.5
"""Discord allows five edits in five seconds per channel; this leaves room for answers to people."""

OLD_INTERVAL_SECONDS = 2.1
"""The same for a message that is more than an hour old: Discord allows three edits in six seconds per channel."""

POST_INTERVAL_SECONDS = 1.1
"""Discord allows five messages in five seconds per channel."""

RETRY_SECONDS = 3.0
"""How long to wait before the next attempt if Discord did not accept a panel."""

LONGEST_RETRY_SECONDS = 60.0
"""Each attempt that fails doubles the wait for the next one, up to this."""


@dataclass(slots=True)
class _Pace:
    """When a panel may be edited and posted next; `is_stale` while an edit is due that will show what has happened.

    `is_wanted_again`: someone asked for it at the bottom of the chat. `is_being_posted` while a post is due that brings
    it back in sight. `failures` counts attempts in a row.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    next_post_at: float = 0.0
    is_stale: bool = False
    is_wanted_again: bool = False
    is_being_posted: bool = False
    failures: int = 0


class Panels:
    """Keeps the panels of all sessions up to date and in sight."""

    def __init__(self, database: Database, clock: Clock, errands: Errands, stage: Stage, reader: PanelReader) -> None:
        self._database = database
        self._clock = clock
        self._errands = errands
        self._stage = stage
        self._reader = reader
        self._chats = Chats()
        self._ages = Ages(clock, errands, self.changed)
        self._paces: defaultdict[SessionId, _Pace] = defaultdict(_Pace)

    async def read(self, session_id: SessionId) -> PanelState:
        """What the panel of a session shows now, whether the session is open or ended."""
        return await self._reader.read(session_id)

    async def post(self, session_id: SessionId) -> None:
        """Post the panel of a session that has none yet, and remember where it is."""
        state = await self._reader.read(session_id)
        await self._post(state)

    def post_again(self, session_id: SessionId) -> None:
        """Bring the panel to the bottom of the chat immediately. Never fails the caller."""
        self._paces[session_id].is_wanted_again = True
        self._hurry(session_id)

    def came(self, channel_id: int, message_id: int, viewer: UserId | None = None) -> None:
        """A message appeared in a channel, for everyone or only for `viewer`: a panel may be out of sight."""
        self._chats.came(channel_id, message_id, viewer)
        if self._chats.is_out_of_sight(channel_id):
            for session in self._reader.live:
                if session.voice_channel_id == channel_id:
                    self._hurry(session.session_id)

    def gone(self, channel_id: int, message_id: int) -> None:
        """A message of a channel was deleted."""
        self._chats.gone(channel_id, message_id)

    def changed(self, session_id: SessionId) -> None:
        """Refresh soon; the same edit shows all changes that come until then. Never fails the caller."""
        pace = self._paces[session_id]
        if not pace.is_stale:
            pace.is_stale = True
            self._errands.run(self._refresh(session_id, pace), f"panel of session {session_id}")

    async def _refresh(self, session_id: SessionId, pace: _Pace) -> None:
        while pace.is_stale:
            # Edits of one panel keep their distance: the next edit also shows what was pressed in the meantime.
            await asyncio.sleep(max(pace.next_at - self._clock.monotonic(), 0.0))
            # One change at a time: if a panel had to be posted again, the next edit must change the new one.
            async with pace.lock:
                now = self._clock.monotonic()
                if now < pace.next_at:
                    continue
                pace.is_stale = False
                await self._try(session_id, pace)
                # Only now it is known how old the panel is, and with that how often it may be edited.
                pace.next_at = max(pace.next_at, now + self._interval(session_id))

    def _hurry(self, session_id: SessionId) -> None:
        """Post the panel again without waiting for the next edit, which may be a moment away."""
        pace = self._paces[session_id]
        if pace.failures:
            self.changed(session_id)
        elif not pace.is_being_posted:
            pace.is_being_posted = True
            self._errands.run(self._bring_back(session_id, pace), f"panel of session {session_id} in sight")

    async def _bring_back(self, session_id: SessionId, pace: _Pace) -> None:
        await asyncio.sleep(max(pace.next_post_at - self._clock.monotonic(), 0.0))
        async with pace.lock:
            pace.next_post_at = self._clock.monotonic() + POST_INTERVAL_SECONDS
            pace.is_being_posted = False
            await self._try(session_id, pace)

    async def _try(self, session_id: SessionId, pace: _Pace) -> None:
        try:
            await self._show(session_id, pace)
            pace.failures = 0
        except (PanelUnreachable, sqlite3.Error) as error:
            # Presses on a panel that is out of date do not count, so it must be refreshed.
            what = type(error.__cause__ or error).__name__
            _log.warning("The panel of session %d could not be refreshed (%s); the bot tries again.", session_id, what)
            pace.next_at = self._clock.monotonic() + min(RETRY_SECONDS * 2**pace.failures, LONGEST_RETRY_SECONDS)
            pace.failures += 1
            self.changed(session_id)

    def _interval(self, session_id: SessionId) -> float:
        return OLD_INTERVAL_SECONDS if self._ages.is_old(session_id) else REFRESH_INTERVAL_SECONDS

    async def _show(self, session_id: SessionId, pace: _Pace) -> None:
        state = await self._reader.read(session_id)
        session = state.session
        if session.panel_message_id is None:
            return
        if session.former_panel_message_id is not None:
            await self._remove_former(session, session.former_panel_message_id)
        if session.is_open and self._is_due_again(session, pace):
            pace.is_wanted_again = False
            await self._post_or_edit(state, pace)
        else:
            await self._edit(state)

    def _is_due_again(self, session: Session, pace: _Pace) -> bool:
        is_out_of_sight = self._chats.is_out_of_sight(session.voice_channel_id)
        return pace.is_wanted_again or is_out_of_sight or self._ages.is_due(session.session_id)

    async def _post_or_edit(self, state: PanelState, pace: _Pace) -> None:
        try:
            message_id = await self._stage.post_panel(state)
        except PanelUnreachable:
            # Where it is comes second: it must be true, and it comes again.
            pace.is_wanted_again = True
            await self._edit(state)
            raise
        try:
            await self._remember(state.session, message_id)
        except sqlite3.Error:
            # Posted again, it is the same message: the store must know it before the one that it replaces is deleted.
            pace.is_wanted_again = True
            raise
        await self._remove_replaced(state.session)

    async def _edit(self, state: PanelState) -> None:
        session = state.session
        assert session.panel_message_id is not None, "a panel is posted before it is edited"
        try:
            age_seconds = await self._stage.show_panel(state)
        except PanelGone:
            # Someone deleted the panel of an open session: post it again, because its X-card must be in sight.
            if session.is_open:
                await self._post(state)
            return
        self._chats.panel_is(session.voice_channel_id, session.panel_message_id)
        if session.is_open:
            self._ages.is_now(session.session_id, age_seconds)
        else:
            self._ages.forget(session.session_id)

    async def _post(self, state: PanelState) -> None:
        """Post a new panel, remember it, and only then delete the one that it replaces."""
        await self._remember(state.session, await self._stage.post_panel(state))
        await self._remove_replaced(state.session)

    async def _remember(self, session: Session, message_id: int) -> None:
        async with self._database.transaction() as tx:
            await set_panel_message(tx, session.session_id, message_id, session.panel_message_id)
        self._chats.panel_is(session.voice_channel_id, message_id)
        self._ages.is_now(session.session_id, 0.0)

    async def _remove_replaced(self, session: Session) -> None:
        if session.panel_message_id is not None:
            await self._remove_former(session, session.panel_message_id)

    async def _remove_former(self, session: Session, message_id: int) -> None:
        await self._stage.remove_panel(session, message_id)
        async with self._database.transaction() as tx:
            await forget_former_panel(tx, session.session_id)
