"""Changes of a session, one after the other: its lock, and what panels must have shown for a press to count."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.errors import SessionChanged
from bot.domain.events.kinds import EventKind
from bot.domain.ids import EventId
from bot.live.session import LiveSession
from bot.services.panel.panels import Panels
from bot.store.database import Database
from bot.store.events import last_change
from bot.store.scenes import current_scene


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A change that holds the session's lock."""

    session: LiveSession
    pauses: int

    def require_no_pause(self) -> None:
        """SessionChanged if a pause took effect meanwhile: it waits for no lock. To be asked in what is written."""
        if self.session.pauses != self.pauses:
            raise SessionChanged(EventKind.SESSION_PAUSED)


@dataclass(frozen=True, slots=True)
class Changes:
    """Lets in one change of a session at a time."""

    database: Database
    panels: Panels

    @asynccontextmanager
    async def to_change(self, session: LiveSession, seen: EventId | None = None) -> AsyncGenerator[UnderWay]:
        """The session's lock for something that changes it.

        `seen` is the last change that the person who asks for it knew of; None for a command, which means the session
        as it is. Raises SessionEnded, or SessionChanged if somebody else was faster.
        """
        async with session.lock:
            session.require_open()
            self.require_seen(session, seen)
            try:
                yield UnderWay(session, session.pauses)
            finally:
                await self.has_changed(session)

    @asynccontextmanager
    async def changing(self, session: LiveSession) -> AsyncGenerator[None]:
        """The session's lock for what has taken effect already and is only to be stored."""
        async with session.lock:
            try:
                yield
            finally:
                await self.is_stored(session)

    def require_seen(self, session: LiveSession, seen: EventId | None) -> None:
        """`LiveSession.require_seen`; a panel that is out of date is refreshed."""
        try:
            session.require_seen(seen)
        except SessionChanged:
            self.panels.changed(session.session_id)
            raise

    async def has_changed(self, session: LiveSession) -> None:
        """What panels must show, and an X-card ends, from now on is what the store says."""
        session.has_changed(await last_change(self.database, session.session_id))
        await self._read_scene(session)

    async def is_stored(self, session: LiveSession) -> None:
        """`has_changed`, for something that took effect before it was stored: panels wait for it no more."""
        session.is_stored(await last_change(self.database, session.session_id))
        await self._read_scene(session)

    async def _read_scene(self, session: LiveSession) -> None:
        if scene := await current_scene(self.database, session.session_id):
            session.scene_is(scene.scene_id)
