"""Opening and closing an evening."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

from bot.domain.errors import NoVoiceChannel, PromptbookError, SessionAlreadyOpen
from bot.live.ports import Booth
from bot.live.session import LiveSession
from bot.services.cuts import end_take, keep_with_lock
from bot.services.decks import find_deck
from bot.services.desk import Desk
from bot.services.guild_settings import settings_of
from bot.store.events import log_event
from bot.store.people import ensure_person
from bot.store.sessions import (
    Session,
    SessionCounts,
    add_session,
    close_session,
    count_session,
    find_session,
    open_session_of,
    set_panel_message,
)

_log = logging.getLogger(__name__)

INSTRUMENT = "core"
_SEED_BITS = 31


@dataclass(frozen=True, slots=True)
class SessionWishes:
    """What a coordinator asked for; None means the setting's default, or a fresh seed."""

    deck: str | None = None
    emotion_set: str | None = None
    seed: int | None = None


async def start_session(
    desk: Desk, guild_id: int, voice_channel_id: int | None, coordinator_user_id: int, wishes: SessionWishes
) -> Session:
    """Open a session: join the channel, post the panel, say and show that it records.

    Raises SessionAlreadyOpen, NoVoiceChannel, VoiceUnreachable, PermissionMissing, DataFileUnknown or
    DataFileInvalid; then nothing is left behind.
    """
    if voice_channel_id is None:
        raise NoVoiceChannel
    async with desk.live.door(guild_id):
        if running := await open_session_of(desk.database, guild_id):
            raise SessionAlreadyOpen(running.voice_channel_id)
        guild = await settings_of(desk, guild_id)
        deck = await find_deck(desk, guild_id, wishes.deck or guild.deck)
        emotion_set = desk.library.emotion_set(wishes.emotion_set or guild.emotion_set)
        instrument = desk.library.instrument(INSTRUMENT)
        booth = await desk.stage.enter(guild_id, voice_channel_id)
        now = desk.now()
        async with desk.database.transaction() as tx:
            coordinator = await ensure_person(tx, coordinator_user_id, now)
            session_id = await add_session(
                tx,
                guild_id=guild_id,
                voice_channel_id=voice_channel_id,
                coordinator_id=coordinator.person_id,
                deck=deck.name,
                emotion_set=emotion_set.name,
                instrument=instrument.name,
                seed=secrets.randbits(_SEED_BITS) if wishes.seed is None else wishes.seed,
                now=now,
            )
            await log_event(tx, "session_started", now, session_id=session_id)
        live = await desk.live_of(await desk.open_session(guild_id))
        desk.seat(live, booth)
        try:
            await _open_to_all(desk, live, booth)
        except BaseException:
            await _close(desk, live)
            raise
    return await desk.open_session(guild_id)


async def end_session(desk: Desk, session: Session, seen: int | None = None) -> SessionCounts:
    """Cut what still runs, close the session, leave the channel; returns what the evening brought."""
    async with desk.to_change(session, seen) as (session, live):
        live.stop_check()
        if live.take:
            end_take(desk, live, live.take, desk.clock.monotonic(), "session_end")
            await keep_with_lock(desk, live, live.take)
        await _close(desk, live)
    return await count_session(desk.database, session.session_id)


async def cut_all(desk: Desk) -> None:
    """At the end of the process: keep what running takes have so far. Sessions stay open for the next start.

    Waits for cuts that are under way. What goes wrong with one take keeps no other from being kept.
    """
    for session in desk.live:
        if session.take:
            end_take(desk, session, session.take, desk.clock.monotonic(), "interrupted")
        try:
            async with desk.changing(session):
                if session.take:
                    await keep_with_lock(desk, session, session.take)
        except Exception:
            _log.exception("A take of session %d could not be kept; the next start closes it.", session.session_id)


async def resume_sessions(desk: Desk) -> None:
    """Once the bot is back on Discord: sessions that are open go on, with the bot in their channel.

    A channel that cannot be joined now is tried again with the next scene or take.
    """
    for session in desk.live:
        try:
            async with session.lock:
                await desk.booth_of(session)
        except PromptbookError as error:
            _log.warning("Session %d is open but cannot be rejoined: %s.", session.session_id, type(error).__name__)
        desk.stage.panel_changed(session.session_id)


async def _open_to_all(desk: Desk, session: LiveSession, booth: Booth) -> None:
    message_id = await desk.stage.post_panel(session.session_id)
    async with desk.database.transaction() as tx:
        await set_panel_message(tx, session.session_id, message_id)
    await booth.announce()


async def _close(desk: Desk, live: LiveSession) -> None:
    session_id = live.session_id
    now = desk.now()
    async with desk.database.transaction() as tx:
        if await close_session(tx, session_id, now):
            await log_event(tx, "session_ended", now, session_id=session_id)
    desk.live.close(live)
    session = await find_session(desk.database, session_id)
    if session and session.panel_message_id:
        desk.stage.panel_changed(session_id)
    if booth := live.stand_up():
        await booth.leave()
