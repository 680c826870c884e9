"""Who comes and goes: everyone who was there, performers who drop out of a take, and performers who come back."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.errors import SessionPaused
from bot.domain.events.catalogue import Event, PerformerCameBack, PerformerDroppedOut
from bot.domain.ids import GuildId, UserId
from bot.domain.states import CutReason, OnDropout, PauseCause
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.take.live_take import LiveTake
from bot.services.ending.cuts import Cuts
from bot.services.panel.panels import Panels
from bot.services.rating.attendance import Attendances
from bot.services.session.pauses import Pauses
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import find_person

GRACE_SECONDS = 5.0
"""How long to wait for a performer before a dropout ends the take: a client that changes networks needs this."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Notices who comes and goes."""

    database: Database
    clock: Clock
    errands: Errands
    live: LiveSessions
    panels: Panels
    cuts: Cuts
    pauses: Pauses
    attendances: Attendances

    async def channel_changed(
        self,
        guild_id: GuildId,
        discord_user_id: UserId,
        from_channel: int | None,
        to_channel: int | None,
        *,
        is_idle: bool = False,
    ) -> None:
        """An account moved from one voice channel (or none) to another (or none).

        `is_idle`: it is in the server's AFK channel now, to which Discord moves people who are idle.
        """
        session = self.live.in_guild(guild_id)
        if session is None or from_channel == to_channel:
            return
        at = self.clock.monotonic()
        if to_channel == session.voice_channel_id:
            self.attendances.came(session, [discord_user_id])
        take = session.take
        if take and take.is_running and from_channel == session.voice_channel_id:
            if discord_user_id in take.recordable:
                await self._dropped_out(session, take, discord_user_id, at, is_idle=is_idle)
        elif to_channel == session.voice_channel_id:
            await self._came_back(session, discord_user_id)
        if session.voice_channel_id in (from_channel, to_channel):
            self.panels.changed(session.session_id)

    async def muting_changed(self, guild_id: GuildId, channel_id: int | None) -> None:
        """An account in this channel was muted or unmuted, by itself or by a moderator."""
        session = self.live.in_guild(guild_id)
        if session and session.voice_channel_id == channel_id:
            self.panels.changed(session.session_id)

    async def _dropped_out(
        self, session: LiveSession, take: LiveTake, user: UserId, at: float, *, is_idle: bool
    ) -> None:
        take.dropped_out(user, at)
        guild = session.settings
        ending: asyncio.Task[None] | None = None
        if guild.on_dropout is OnDropout.END:
            ending = self.errands.run(
                self._end_without(session, take, user, at), f"dropout in take {take.take.take_id}"
            )
        elif take.is_running and user in take.missing:
            session.await_return(user)
            with suppress(SessionPaused):
                self.pauses.pause_now(session, at, cause=PauseCause.DROPOUT)
        await self._store_event(take, user, PerformerDroppedOut(is_idle))
        if ending:
            await ending

    async def _end_without(self, session: LiveSession, take: LiveTake, user: UserId, at: float) -> None:
        await self.clock.sleep_until(at + GRACE_SECONDS)
        # If the performer came back and left again, the bot waits for them again.
        if take.missing.get(user) == at:
            self.cuts.end(session, take, at, CutReason.DROPOUT)
            await self.cuts.keep_unless_kept(session, take)

    async def _came_back(self, session: LiveSession, user: UserId) -> None:
        take = session.take
        if take and user in take.missing:
            take.came_back(user)
            await self._store_event(take, user, PerformerCameBack())
        if session.has_returned(user):
            await self.pauses.resume_once_all_are_back(session)

    async def _store_event(self, take: LiveTake, user: UserId, event: Event) -> None:
        person = await find_person(self.database, user)
        async with self.database.transaction() as tx:
            person_id = person.person_id if person else None
            await log_event(tx, event, self.clock.now(), **take.where, person_id=person_id)
