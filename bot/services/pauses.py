"""Pauses: nothing is dealt or recorded until the session goes on. A running take waits with it, on its own clock."""

from __future__ import annotations

from bot.domain.errors import SessionNotPaused, SessionPaused
from bot.services.cuts import cut_at_any_rate
from bot.services.desk import Desk, LiveTake
from bot.services.takes import resume_clock
from bot.store.events import log_event
from bot.store.sessions import Session, pause_session, resume_session
from bot.store.takes import add_holes


async def pause(
    desk: Desk, session: Session, pressed_at: float, seen: int | None = None, *, cause: str = "coordinator"
) -> None:
    """Pause a session from a monotonic moment on. A take that still counts down comes to nothing.

    SessionPaused when it is paused already; a coordinator takes over a pause that a dropout began, and ends it.
    """
    async with desk.to_change(session, seen) as session:
        await pause_in_turn(desk, session, pressed_at, cause)


async def pause_in_turn(desk: Desk, session: Session, at: float, cause: str) -> None:
    """`pause` for a caller who holds the guild's turn."""
    if session.is_paused and not (cause == "coordinator" and session.pause_cause == "dropout"):
        raise SessionPaused
    desk.stop_check(session.session_id)
    live = desk.takes.get(session.session_id)
    if live and at < live.starts_at:
        await cut_at_any_rate(desk, session, at, cause)
    elif live and live.paused_since is None:
        live.paused_since = at
        if live.clock:
            live.clock.cancel()
    now = desk.now()
    async with desk.database.transaction() as tx:
        await pause_session(tx, session.session_id, cause, now)
        await log_event(tx, "session_paused", now, session_id=session.session_id, cause=cause)
    desk.stage.panel_changed(session.session_id)


async def resume(desk: Desk, session: Session, seen: int | None = None) -> None:
    """Let a session go on, and the take that waited. SessionNotPaused when it is not paused."""
    async with desk.to_change(session, seen) as session:
        await resume_in_turn(desk, session)


async def resume_in_turn(desk: Desk, session: Session) -> None:
    """`resume` for a caller who holds the guild's turn."""
    if not session.is_paused:
        raise SessionNotPaused
    live = desk.takes.get(session.session_id)
    if live and live.summaries is None:
        await _go_on(desk, session, live)
    async with desk.database.transaction() as tx:
        await resume_session(tx, session.session_id)
        await log_event(tx, "session_resumed", desk.now(), session_id=session.session_id)
    desk.stage.panel_changed(session.session_id)


async def _go_on(desk: Desk, session: Session, live: LiveTake) -> None:
    if live.paused_since is None:
        return
    paused = (live.paused_since, desk.clock.monotonic())
    async with desk.database.transaction() as tx:
        start, end = live.position_samples(paused[0]), live.position_samples(paused[1])
        await add_holes(tx, live.take.take_id, [("pause", start, max(end, start + 1))])
    live.pauses.append(paused)
    live.booth.resume()
    live.paused_since = None
    live.missing.clear()
    resume_clock(desk, session, live)
