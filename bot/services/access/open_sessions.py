"""Finding the session that a person means: by the server, by a panel, or by a form that was opened in it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import NoOpenSession, SessionEnded, SessionUnknown
from bot.domain.ids import GuildId, SessionId
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.services.access.guild_settings import Guilds
from bot.store.database import Database
from bot.store.events import last_change
from bot.store.records import Session
from bot.store.scenes import current_scene
from bot.store.sessions import find_session, open_session_of, open_sessions


@dataclass(frozen=True, slots=True)
class OpenSessions:
    """The sessions that are open, both in memory and in the store."""

    database: Database
    live: LiveSessions
    guilds: Guilds

    async def restore(self) -> None:
        """At the start of the process, make every session that is open in the store live again."""
        for session in await open_sessions(self.database):
            await self.live_of(session)

    async def live_of(self, record: Session) -> LiveSession:
        """The live session of a session that is open in the store."""
        if found := self.live.find(record.session_id):
            return found
        change = await last_change(self.database, record.session_id)
        scene = await current_scene(self.database, record.session_id)
        session = self.live.open(record, change, await self.guilds.settings_of(record.guild_id))
        if scene:
            session.scene_is(scene.scene_id)
        return session

    async def in_guild(self, guild_id: GuildId) -> LiveSession:
        """The guild's open session. Raises NoOpenSession if there is none."""
        if found := self.live.in_guild(guild_id):
            return found
        record = await open_session_of(self.database, guild_id)
        if record is None:
            raise NoOpenSession
        return await self.live_of(record)

    async def of_panel(self, session_id: SessionId, guild_id: GuildId) -> LiveSession:
        """The session of a panel. Raises SessionEnded if it is over, SessionUnknown if it is another guild's."""
        found = self.live.find(session_id)
        if found and found.guild_id == guild_id:
            return found
        record = await self.of_form(session_id, guild_id)
        if not record.is_open:
            raise SessionEnded
        return await self.live_of(record)

    async def of_message(self, session_id: SessionId) -> LiveSession:
        """The session that a direct message, which belongs to no server, is about.

        Raises SessionEnded or SessionUnknown.
        """
        if found := self.live.find(session_id):
            return found
        record = await find_session(self.database, session_id)
        if record is None:
            raise SessionUnknown(session_id)
        if not record.is_open:
            raise SessionEnded
        return await self.live_of(record)

    async def of_form(self, session_id: SessionId, guild_id: GuildId) -> Session:
        """The session that a form was opened in, even if it is over. Raises SessionUnknown if it is another guild's."""
        record = await find_session(self.database, session_id)
        if record is None or record.guild_id != guild_id:
            raise SessionUnknown(session_id)
        return record
