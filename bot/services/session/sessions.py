"""Opening and closing an evening."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bot.domain.casting.tonight import emotions_of_evening
from bot.domain.errors import NoVoiceChannel, PromptbookError, SessionAlreadyOpen
from bot.domain.events import catalogue
from bot.domain.ids import EventId, GuildId, SessionId, UserId
from bot.domain.states import CutReason
from bot.live.errands import Errands
from bot.live.ports import Booth, Clock, timestamp
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.software import software_versions
from bot.services.access.changes import Changes
from bot.services.access.guild_settings import Guilds
from bot.services.access.open_sessions import OpenSessions
from bot.services.booth.booths import Booths
from bot.services.ending.cuts import Cuts
from bot.services.facts.library import Library
from bot.services.panel.panels import Panels
from bot.services.rating.times import RatingTimes
from bot.services.scene.decks import Decks
from bot.store.attendance import attend
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.history import dealt_in
from bot.store.people import ensure_person
from bot.store.sessions import (
    SessionCounts,
    add_session,
    close_session,
    count_session,
    open_session_of,
)

_log = logging.getLogger(__name__)

INSTRUMENT = "core"
_SEED_BITS = 31


@dataclass(frozen=True, slots=True)
class SessionWishes:
    """What a coordinator asked for; None means the setting's default, or a new random seed."""

    deck: str | None = None
    emotion_set: str | None = None
    seed: int | None = None
    language: str | None = None
    instrument: str | None = None


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens and closes sessions."""

    database: Database
    clock: Clock
    library: Library
    errands: Errands
    live: LiveSessions
    open_sessions: OpenSessions
    guilds: Guilds
    decks: Decks
    changes: Changes
    booths: Booths
    panels: Panels
    cuts: Cuts
    rating_times: RatingTimes

    async def start(
        self, guild_id: GuildId, voice_channel_id: int | None, coordinator_user_id: UserId, wishes: SessionWishes
    ) -> LiveSession:
        """Open a session: join the channel, post the panel, announce and show that the bot records.

        Raises SessionAlreadyOpen, LanguageUnknown, LanguageIncomplete, NoVoiceChannel, VoiceUnreachable,
        ChannelUnsuited, PermissionMissing, DataFileUnknown or DataFileInvalid; then nothing is left behind. Raises
        BotDeafened if the bot would hear no one; then it waits in the channel for a while, so that a moderator can
        undeafen it.
        """
        if voice_channel_id is None:
            raise NoVoiceChannel
        async with self.live.door(guild_id):
            if running := await open_session_of(self.database, guild_id):
                raise SessionAlreadyOpen(running.voice_channel_id)
            guild = await self.guilds.settings_of(guild_id)
            library = self.library.require_language(wishes.language or guild.language)
            deck = await self.decks.find(guild_id, wishes.deck or guild.deck, library.language)
            emotion_set = library.emotion_set(wishes.emotion_set or guild.emotion_set)
            instrument = library.instrument(wishes.instrument or INSTRUMENT)
            seed = secrets.randbits(_SEED_BITS) if wishes.seed is None else wishes.seed
            closed = library.opt_ins().closed(guild.opt_ins)
            tonight = emotions_of_evening(
                emotion_set.without(closed),
                await dealt_in(self.database, guild_id),
                Random(f"{seed}/emotions"),  # noqa: S311 - must be reproducible
            )
            booth = await self.booths.enter_hearing(guild_id, voice_channel_id)
            now = self.clock.now()
            try:
                async with self.database.transaction() as tx:
                    coordinator = await ensure_person(tx, coordinator_user_id, now)
                    session_id = await add_session(
                        tx,
                        guild_id=guild_id,
                        voice_channel_id=voice_channel_id,
                        coordinator_id=coordinator.person_id,
                        deck=deck.name,
                        emotion_set=emotion_set.name,
                        instrument=instrument,
                        ratings_wanted=(await self.guilds.read(tx, guild_id)).ratings_wanted,
                        software=software_versions(),
                        seed=seed,
                        now=now,
                        dealt_emotions=tonight,
                        language=library.language,
                    )
                    await log_event(tx, catalogue.SessionStarted(), now, session_id=session_id)
                return await self._begin(guild_id, session_id, booth)
            except BaseException:
                if booth.is_open():
                    await booth.leave()
                raise

    async def _begin(self, guild_id: GuildId, session_id: SessionId, booth: Booth) -> LiveSession:
        """Show and announce that a stored session records; if that fails, the session is closed."""
        try:
            session = await self.open_sessions.in_guild(guild_id)
            self.booths.seat(session, booth)
            await self.panels.post(session_id)
            await booth.announce()
        except BaseException:
            try:
                await self._close(session_id)
            except Exception:
                _log.exception("Session %d could not begin and stays open: end it with /session end.", session_id)
            raise
        return session

    async def end(self, session: LiveSession, seen: EventId | None = None) -> SessionCounts:
        """Cut the running take, close the session and leave the channel; returns the evening's figures."""
        work = self._end(session, seen)
        # No one who gives up waiting leaves a session that has ended in the store and is open in memory.
        await asyncio.shield(self.errands.run(work, f"end of session {session.session_id}"))
        return await count_session(self.database, session.session_id)

    async def _end(self, session: LiveSession, seen: EventId | None) -> None:
        async with self.changes.to_change(session, seen):
            session.stop_check()
            if session.take:
                self.cuts.end(session, session.take, self.clock.monotonic(), CutReason.SESSION_END)
                await self.cuts.keep_now_or_later(session, session.take)
            await self._close(session.session_id)

    async def cut_all(self) -> None:
        """At the end of the process, keep what running takes have so far. Sessions stay open for the next start.

        Waits for cuts that are under way. If one take cannot be kept, the others still are.
        """
        for session in self.live:
            self._interrupt(session)
            try:
                async with self.changes.changing(session):
                    # A take that was being called while this waited for the lock is known only now.
                    self._interrupt(session)
                    if session.take:
                        await self.cuts.keep_with_lock(session, session.take)
            except Exception:
                _log.exception("A take of session %d could not be kept; the next start closes it.", session.session_id)

    def _interrupt(self, session: LiveSession) -> None:
        if session.take:
            self.cuts.end(session, session.take, self.clock.monotonic(), CutReason.INTERRUPTED)

    async def rejoin_all(self) -> None:
        """Once the bot is back on Discord, join the channels of the open sessions again.

        If a channel cannot be joined now, the next scene or take tries again.
        """
        for session in self.live:
            try:
                async with session.lock:
                    await self.booths.of(session)
            except PromptbookError as error:
                _log.warning("Session %d is open but cannot be rejoined: %s.", session.session_id, type(error).__name__)
            self.panels.changed(session.session_id)

    async def _close(self, session_id: SessionId) -> None:
        session = self.live.find(session_id)
        now, hours = self.clock.wall(), session.settings.rating_hours if session else 0
        ended_at, rating_until = timestamp(now), timestamp(now + timedelta(hours=hours))
        async with self.database.transaction() as tx:
            if session:
                await attend(tx, session_id, session.attended, ended_at)
            if await close_session(tx, session_id, ended_at, rating_until):
                await log_event(tx, catalogue.SessionEnded(), ended_at, session_id=session_id)
        self.rating_times.begin(session_id, rating_until)
        if session is None:
            return
        self.live.close(session)
        self.panels.changed(session_id)
        if booth := session.stand_up():
            await booth.leave()
