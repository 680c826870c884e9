"""Changes of a session, one at a time: its lock, and what a panel must have shown for a press to count."""

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
    """A change that holds the session's lock, or waits for it; `pauses` is how many pauses it knew of at its start."""

    session: LiveSession
    pauses: int

    def require_no_pause(self) -> None:
        """Raise SessionChanged if a pause took effect since the start: pauses need no lock. Call this in the write."""
        if self.session.pauses != self.pauses:
            raise SessionChanged(EventKind.SESSION_PAUSED)


@dataclass(frozen=True, slots=True)
class Changes:
    """Lets in one change of a session at a time."""

    database: Database
    panels: Panels

    @asynccontextmanager
    async def to_change(self, session: LiveSession, seen: EventId | None = None) -> AsyncGenerator[UnderWay]:
        """Hold the session's lock for something that changes the session.

        `seen` is the last change that the person knew of when they asked; None for a command, which means the session
        as it is. Raises SessionEnded, or SessionChanged if someone else was faster.
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
        """Hold the session's lock for something that has already taken effect and only has to be stored."""
        async with session.lock:
            try:
                yield
            finally:
                await self.is_stored(session)

    def require_seen(self, session: LiveSession, seen: EventId | None) -> None:
        """`LiveSession.require_seen`; refreshes a panel that is out of date."""
        try:
            session.require_seen(seen)
        except SessionChanged:
            self.panels.changed(session.session_id)
            raise

    async def has_changed(self, session: LiveSession) -> None:
        """From now on, panels must show and an X-card ends what the store has now."""
        session.has_changed(await last_change(self.database, session.session_id))
        await self._read_scene(session)

    async def is_stored(self, session: LiveSession) -> None:
        """`has_changed`, for something that took effect before it was stored: panels no longer wait for it."""
        session.is_stored(await last_change(self.database, session.session_id))
        await self._read_scene(session)

    async def _read_scene(self, session: LiveSession) -> None:
        if scene := await current_scene(self.database, session.session_id):
            session.scene_is(scene.scene_id)
