"""Who comes and goes: performers who drop out of a take, and those who come back."""

from __future__ import annotations

from contextlib import suppress

from bot.domain.errors import NoTakeRunning, PromptbookError, SessionPaused
from bot.services.cuts import cut_take
from bot.services.desk import Desk, LiveTake
from bot.services.guild_settings import settings_of
from bot.services.pauses import pause_in_turn, resume_in_turn
from bot.store.events import log_event
from bot.store.people import find_person
from bot.store.sessions import Session, open_session_of

GRACE_SECONDS = 5.0
"""How long a take that dropouts end waits for a performer to be back: a client that changes networks needs this."""


async def channel_changed(
    desk: Desk, guild_id: int, discord_user_id: int, from_channel: int | None, to_channel: int | None
) -> None:
    """An account went from one voice channel (or none) to another (or none)."""
    session = await open_session_of(desk.database, guild_id)
    if session is None or from_channel == to_channel:
        return
    at = desk.clock.monotonic()
    live = desk.takes.get(session.session_id)
    if live and from_channel == session.voice_channel_id and discord_user_id in live.recordable:
        await _dropped_out(desk, session, live, discord_user_id, at)
    elif live and to_channel == session.voice_channel_id and discord_user_id in live.missing:
        await _came_back(desk, session, live, discord_user_id)
    if session.voice_channel_id in (from_channel, to_channel):
        desk.stage.panel_changed(session.session_id)


async def _dropped_out(desk: Desk, session: Session, live: LiveTake, user: int, at: float) -> None:
    live.missing[user] = at
    await _log(desk, session, live, user, "performer_dropped_out")
    guild = await settings_of(desk, session.guild_id)
    if guild.on_dropout == "end":
        await desk.clock.sleep_until(at + GRACE_SECONDS)
        # Whoever came back and left again is waited for anew.
        if live.missing.get(user) == at:
            with suppress(NoTakeRunning):
                await cut_take(desk, session, at, "dropout", live)
        return
    with suppress(SessionPaused):
        async with desk.to_change(session) as session:
            if desk.takes.get(session.session_id) is live and user in live.missing:
                await pause_in_turn(desk, session, at, "dropout")


async def _came_back(desk: Desk, session: Session, live: LiveTake, user: int) -> None:
    live.missing.pop(user, None)
    await _log(desk, session, live, user, "performer_came_back")
    with suppress(PromptbookError):
        async with desk.to_change(session) as session:
            # Whoever paused it by hand decides when it goes on; a dropout's pause ends with the last one's return.
            if desk.takes.get(session.session_id) is live and session.pause_cause == "dropout" and not live.missing:
                await resume_in_turn(desk, session)


async def _log(desk: Desk, session: Session, live: LiveTake, user: int, kind: str) -> None:
    person = await find_person(desk.database, user)
    async with desk.database.transaction() as tx:
        await log_event(
            tx,
            kind,
            desk.now(),
            session_id=session.session_id,
            scene_id=live.take.scene_id,
            take_id=live.take.take_id,
            person_id=person.person_id if person else None,
        )
