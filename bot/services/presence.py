"""Who comes and goes: performers who drop out of a take, and those who come back."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.domain.errors import NoTakeRunning, PromptbookError, SessionPaused
from bot.live.session import LiveSession
from bot.live.take import LiveTake
from bot.services.cuts import end_take, kept
from bot.services.desk import Desk
from bot.services.guild_settings import settings_of
from bot.services.pauses import pause_now, resume_with_lock
from bot.store.events import log_event
from bot.store.people import find_person

GRACE_SECONDS = 5.0
"""How long a take that dropouts end waits for a performer to be back: a client that changes networks needs this."""


async def channel_changed(
    desk: Desk, guild_id: int, discord_user_id: int, from_channel: int | None, to_channel: int | None
) -> None:
    """An account went from one voice channel (or none) to another (or none)."""
    session = desk.live.in_guild(guild_id)
    if session is None or from_channel == to_channel:
        return
    at = desk.clock.monotonic()
    take = session.take
    if take and take.is_running:
        if from_channel == session.voice_channel_id and discord_user_id in take.recordable:
            await _dropped_out(desk, session, take, discord_user_id, at)
        elif to_channel == session.voice_channel_id and discord_user_id in take.missing:
            await _came_back(desk, session, take, discord_user_id)
    if session.voice_channel_id in (from_channel, to_channel):
        desk.stage.panel_changed(session.session_id)


async def _dropped_out(desk: Desk, session: LiveSession, take: LiveTake, user: int, at: float) -> None:
    take.dropped_out(user, at)
    guild = await settings_of(desk, session.guild_id)
    ending: asyncio.Task[None] | None = None
    if guild.on_dropout == "end":
        ending = desk.errands.run(_end_without(desk, session, take, user, at), f"dropout in take {take.take.take_id}")
    elif take.is_running and user in take.missing:
        with suppress(SessionPaused):
            pause_now(desk, session, at, cause="dropout")
    await _log(desk, session, take, user, "performer_dropped_out")
    if ending:
        await ending


async def _end_without(desk: Desk, session: LiveSession, take: LiveTake, user: int, at: float) -> None:
    await desk.clock.sleep_until(at + GRACE_SECONDS)
    # A performer who came back and left again is waited for once more.
    if take.missing.get(user) == at:
        end_take(desk, session, take, at, "dropout")
        with suppress(NoTakeRunning):
            await kept(desk, session, take)


async def _came_back(desk: Desk, session: LiveSession, take: LiveTake, user: int) -> None:
    take.came_back(user)
    await _log(desk, session, take, user, "performer_came_back")
    with suppress(PromptbookError):
        async with desk.changing(session):
            # A pause by hand goes on until a coordinator ends it; a dropout's ends with the last one's return.
            if session.take is take and session.pause_cause == "dropout" and not take.missing:
                await resume_with_lock(desk, session)


async def _log(desk: Desk, session: LiveSession, take: LiveTake, user: int, kind: str) -> None:
    person = await find_person(desk.database, user)
    async with desk.database.transaction() as tx:
        await log_event(
            tx,
            kind,
            desk.now(),
            session_id=session.session_id,
            scene_id=take.take.scene_id,
            take_id=take.take.take_id,
            person_id=person.person_id if person else None,
        )
