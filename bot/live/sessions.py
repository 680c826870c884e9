"""All open sessions by their id; one per server."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator

from bot.domain.consent import Asked
from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.guild_settings import GuildSettings
from bot.live.session import LiveSession
from bot.store.events import Change
from bot.store.records import Session


class LiveSessions:
    """The sessions that are open now. A session that is not here has ended, or has not been read from the store yet."""

    def __init__(self) -> None:
        self._sessions: dict[SessionId, LiveSession] = {}
        self._doors: defaultdict[GuildId, asyncio.Lock] = defaultdict(asyncio.Lock)

    def __iter__(self) -> Iterator[LiveSession]:
        return iter(list(self._sessions.values()))

    def find(self, session_id: SessionId) -> LiveSession | None:
        """An open session by its id."""
        return self._sessions.get(session_id)

    def in_guild(self, guild_id: GuildId) -> LiveSession | None:
        """The open session of a server."""
        return next((one for one in self._sessions.values() if one.guild_id == guild_id), None)

    def door(self, guild_id: GuildId) -> asyncio.Lock:
        """The lock to hold while a session of a server is opened, so that there is never a second one."""
        return self._doors[guild_id]

    def open(self, record: Session, change: Change, settings: GuildSettings) -> LiveSession:
        """Make a session that is open in the store live; returns the same object however often this is called."""
        found = self._sessions.get(record.session_id)
        if found is None:
            found = self._sessions[record.session_id] = LiveSession(record, change, settings)
        return found

    def close(self, session: LiveSession) -> None:
        """End a session."""
        session.end()
        self._sessions.pop(session.session_id, None)

    def ask(self, discord_user_id: UserId, asked: Asked) -> None:
        """A consent form was sent: wherever it ends the consent to be recorded, this account is no longer recorded."""
        for session in self:
            session.ask(discord_user_id, asked)

    def withdraw(self, discord_user_id: UserId) -> None:
        """An account asked to be erased: it is no longer recorded anywhere."""
        for session in self:
            session.withdraw(discord_user_id)
