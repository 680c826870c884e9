"""Finding a session to rate, and who may: people who were in its channel, are invited, or hold the rater role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import NoOpenSession, NotARater, RatingOver, SessionUnknown, TargetsKnown
from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.coordinators import Standing
from bot.live.ports import Clock
from bot.live.promises import Promises
from bot.live.sessions import LiveSessions
from bot.services.access.guild_settings import Guilds
from bot.services.access.open_sessions import OpenSessions
from bot.services.rating.absent_raters import AbsentRaters
from bot.services.rating.rated_session import EndedSession, RatedSession
from bot.store.database import Database
from bot.store.invitations import is_invited
from bot.store.records import Session
from bot.store.sessions import session_ids_of, sessions_to_rate
from bot.store.targets_seen import has_seen_targets

FORM_PATIENCE = timedelta(hours=1)
"""For how long a form can still be sent that was open when the time for rating ended."""


@dataclass(frozen=True, slots=True)
class RatedSessions:
    """The sessions that can be rated: the open one of each server, and those that ended not too long ago."""

    database: Database
    clock: Clock
    live: LiveSessions
    open_sessions: OpenSessions
    guilds: Guilds
    promises: Promises
    absent: AbsentRaters

    async def of(self, session_id: SessionId, guild_id: GuildId, *, is_form: bool = False) -> RatedSession:
        """The session of a panel or a clip; with `is_form`, of a form that was opened in time and is sent now.

        Raises RatingOver if it can no longer be rated, SessionUnknown if it is another guild's.
        """
        found = self.live.find(session_id)
        if found and found.guild_id == guild_id:
            return found
        record = await self.open_sessions.of_form(session_id, guild_id)
        if record.is_open:
            return await self.open_sessions.live_of(record)
        if record.rating_until is None:
            raise RatingOver
        until = datetime.fromisoformat(record.rating_until) + (FORM_PATIENCE if is_form else timedelta())
        if self.clock.wall() >= until:
            raise RatingOver
        return await self._ended(record)

    async def in_guild(self, guild_id: GuildId) -> list[RatedSession]:
        """The sessions of a guild that can be rated: the open one first, then those that ended, the newest first.

        Raises RatingOver if there is none any more, NoOpenSession if there never was one.
        """
        found: list[RatedSession] = []
        try:
            found.append(await self.open_sessions.in_guild(guild_id))
        except NoOpenSession:
            if not await session_ids_of(self.database, guild_id):
                raise
        for record in await sessions_to_rate(self.database, guild_id, self.clock.now()):
            found.append(await self._ended(record))
        if not found:
            raise RatingOver
        return found

    async def past_or_open(self, guild_id: GuildId, session_id: SessionId | None) -> tuple[RatedSession, Session]:
        """A session of a guild whether or not it can still be rated; without an id, the open one or the newest.

        Raises SessionUnknown.
        """
        if session_id is None:
            session_ids = await session_ids_of(self.database, guild_id)
            if not session_ids:
                raise SessionUnknown(SessionId(0))
            session_id = session_ids[-1]
        record = await self.open_sessions.of_form(session_id, guild_id)
        return await (self.open_sessions.live_of if record.is_open else self._ended)(record), record

    async def require_rater(self, session: RatedSession, discord_user_id: UserId, standing: Standing) -> None:
        """Raise NotARater for someone who was neither in the session's channel nor invited, and has no rater role.

        Raises TargetsKnown for someone who was shown what was dealt in it.
        """
        await self.require_blind(session, discord_user_id)
        settings = await self.guilds.settings_of(session.guild_id)
        if settings.lets_rate(standing) or await self.absent.was_there(session.session_id, discord_user_id):
            return
        if await is_invited(self.database, session.session_id, discord_user_id):
            return
        # A role that was deleted cannot be asked for.
        role = settings.rater_role_id if settings.rater_role_id in standing.guild_roles else None
        raise NotARater(session.session_id, session.voice_channel_id, role, session.is_open)

    async def require_blind(self, session: RatedSession, discord_user_id: UserId) -> None:
        """Raise TargetsKnown for someone who was shown what was dealt in the session."""
        if await has_seen_targets(self.database, session.session_id, discord_user_id):
            raise TargetsKnown(session.session_id)

    async def _ended(self, record: Session) -> EndedSession:
        wanted = record.ratings_wanted or (await self.guilds.settings_of(record.guild_id)).ratings_wanted
        return EndedSession(
            record.session_id,
            record.guild_id,
            record.voice_channel_id,
            record.seed,
            record.emotion_set,
            record.instrument,
            record.language,
            wanted,
            self.promises,
        )
