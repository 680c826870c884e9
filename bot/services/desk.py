"""The prompt desk: what every use case works with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.config import Settings
from bot.domain.errors import NoOpenSession, SessionChanged, SessionEnded, SessionUnknown
from bot.live.coordinators import Coordinators
from bot.live.errands import Errands
from bot.live.ports import Booth, Clock, timestamp
from bot.live.promises import Promises
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.workers import Workers
from bot.services.library import Library
from bot.services.ports import Stage
from bot.store.database import Database
from bot.store.events import last_change
from bot.store.guild_settings import choices_of
from bot.store.reader import Reader
from bot.store.scenes import Scene, current_scene
from bot.store.sessions import Session, find_session, open_session_of, open_sessions
from bot.voice.reconnection import ConnectionEvent


@dataclass(slots=True)
class Desk:
    """Everything the services share. One a process; closed by whoever built it."""

    settings: Settings
    database: Database
    library: Library
    clock: Clock
    stage: Stage
    workers: Workers
    promises: Promises
    errands: Errands = field(default_factory=Errands)
    live: LiveSessions = field(default_factory=LiveSessions)
    clips_given: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    """When a clip was last given to somebody to rate, by turn and person; what a restart forgets stays unknown."""
    on_connection: Callable[[LiveSession, ConnectionEvent], None] | None = None
    exporting: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> str:
        """The wall clock as the store writes it."""
        return timestamp(self.clock.wall())

    async def restore(self) -> None:
        """At the start: what is open in the store is live again."""
        for session in await open_sessions(self.database):
            await self.live_of(session)

    async def live_of(self, session: Session) -> LiveSession:
        """What is live of an open session."""
        if found := self.live.find(session.session_id):
            return found
        change = await last_change(self.database, session.session_id)
        return self.live.open(session, change, await self.coordinators_of(session.guild_id))

    async def coordinators_of(self, guild_id: int) -> Coordinators:
        """Who coordinates on a server."""
        chosen = await choices_of(self.database, guild_id)
        return Coordinators(chosen.coordinator_role_id, self.settings.coordinator_role)

    async def open_session(self, guild_id: int) -> Session:
        """The guild's open session; NoOpenSession when there is none."""
        session = await open_session_of(self.database, guild_id)
        if session is None:
            raise NoOpenSession
        return session

    async def session_of_button(self, session_id: int, guild_id: int) -> Session:
        """The session a button belongs to; SessionEnded when it is over, SessionUnknown when it is elsewhere."""
        session = await self.session_of_form(session_id, guild_id)
        if not session.is_open:
            raise SessionEnded
        return session

    async def session_of_form(self, session_id: int, guild_id: int) -> Session:
        """The session a form was opened in, which may be over since; SessionUnknown when it is elsewhere."""
        session = await find_session(self.database, session_id)
        if session is None or session.guild_id != guild_id:
            raise SessionUnknown(session_id)
        return session

    @asynccontextmanager
    async def to_change(self, session: Session, seen: int | None = None) -> AsyncGenerator[tuple[Session, LiveSession]]:
        """The session's lock for something that changes it; yields what the store and what memory know of it.

        `seen` is the last change that the person who asks for it knew of; None for a command, which means the session
        as it is. Raises SessionEnded, SessionUnknown, or SessionChanged if somebody else was faster.
        """
        live = await self.live_of(await self.session_of_button(session.session_id, session.guild_id))
        async with live.lock:
            record = await self.session_of_button(session.session_id, session.guild_id)
            self.require_seen(live, seen)
            try:
                yield record, live
            finally:
                await self.has_changed(live)

    def require_seen(self, live: LiveSession, seen: int | None) -> None:
        """`LiveSession.require_seen`; a panel that is out of date is refreshed."""
        try:
            live.require_seen(seen)
        except SessionChanged:
            self.stage.panel_changed(live.session_id)
            raise

    @asynccontextmanager
    async def changing(self, live: LiveSession) -> AsyncGenerator[None]:
        """The session's lock for what has taken effect already and is only to be stored."""
        async with live.lock:
            try:
                yield
            finally:
                await self.has_changed(live)

    async def scene_of(self, session: Session | LiveSession, reader: Reader | None = None) -> Scene | None:
        """The scene that was dealt last and has not ended; none that an X-card ended, stored or not."""
        scene = await current_scene(reader or self.database, session.session_id)
        live = self.live.find(session.session_id)
        return None if scene and live and live.has_stopped(scene.scene_id) else scene

    async def has_changed(self, live: LiveSession) -> None:
        """What panels must show from now on is what the store says."""
        live.has_changed(await last_change(self.database, live.session_id))

    async def booth_of(self, live: LiveSession) -> Booth:
        """The bot's place in the session's channel; joins again if it has none, for example after a restart."""
        booth = live.booth
        if booth is None or not booth.is_open():
            booth = await self.stage.enter(live.guild_id, live.voice_channel_id)
            self.seat(live, booth)
        return booth

    def seat(self, live: LiveSession, booth: Booth) -> None:
        """From now on this is the session's booth; what happens to its connection is told to `on_connection`."""
        live.sit(booth)

        def told(event: ConnectionEvent) -> None:
            if self.on_connection and live.booth is booth:
                self.on_connection(live, event)

        booth.on_connection(told)
