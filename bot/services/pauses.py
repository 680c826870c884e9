"""Pauses: nothing is dealt or recorded until the session goes on. A running take waits with it, on its own clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import NoTakeRunning, SessionNotPaused, SessionPaused
from bot.live.asked import PAUSED
from bot.live.promises import Promise
from bot.live.session import LiveSession
from bot.live.take import LiveTake, TakeState
from bot.services.cuts import end_take, kept
from bot.services.desk import Desk
from bot.services.take_clock import begin_recording
from bot.services.takes import resume_clock
from bot.store.events import log_event
from bot.store.sessions import Session, find_session, pause_session, resume_session
from bot.store.takes import add_holes


def pause_now(
    desk: Desk, session: LiveSession, at: float, seen: int | None = None, *, cause: str = "coordinator"
) -> Promise:
    """Pause a session from a monotonic moment on, in memory and in the journal; it waits for nothing.

    A take that still counts down is not recorded. The promise is kept once the store has the pause. Raises
    SessionPaused if it is paused already (a coordinator takes over a pause that a dropout began, and ends it), or
    SessionChanged for a press on a panel that is out of date.
    """
    desk.require_seen(session, seen)
    if session.is_paused and not (cause == "coordinator" and session.pause_cause == "dropout"):
        raise SessionPaused
    session.pause(cause)
    session.will_change("session_paused")
    session.stop_check()
    take = session.take
    facts: dict[str, Any] = {"session": session.session_id, "cause": cause, "at": desk.now(), "take": None}
    if take and take.is_running:
        facts |= {"take": take.take.take_id, "position_samples": take.position_samples(at)}
        _hold(desk, session, take, at, cause)
    promise = desk.promises.make(PAUSED, facts)
    desk.stage.panel_changed(session.session_id)
    return promise


def _hold(desk: Desk, session: LiveSession, take: LiveTake, at: float, cause: str) -> None:
    if take.state is TakeState.COUNTING_DOWN and at >= take.starts_at:
        # The press was faster than the clock.
        begin_recording(desk, take)
    if take.state is TakeState.RECORDING and at >= take.starts_at:
        take.pause(at)
    elif take.state is not TakeState.PAUSED:
        end_take(desk, session, take, min(at, take.starts_at), cause)
        desk.errands.run(_keep(desk, session, take), f"keeping of take {take.take.take_id}")


async def _keep(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    try:
        await kept(desk, session, take)
    except NoTakeRunning:
        return


async def pause(desk: Desk, session: LiveSession, at: float, seen: int | None = None) -> None:
    """`pause_now`, until the store has it."""
    await pause_now(desk, session, at, seen).kept


async def store_pause(desk: Desk, facts: Mapping[str, Any]) -> None:
    """Keep a promised pause. It may be kept already, and the session may have ended meanwhile."""
    async with desk.database.transaction() as tx:
        session = await find_session(tx, facts["session"])
        if session is None or not session.is_open or session.pause_cause == facts["cause"]:
            return
        await pause_session(tx, session.session_id, facts["cause"], facts["at"])
        await log_event(tx, "session_paused", facts["at"], session_id=session.session_id, cause=facts["cause"])
    if live := desk.live.find(facts["session"]):
        await desk.has_changed(live)
        desk.stage.panel_changed(live.session_id)


async def resume(desk: Desk, session: Session, seen: int | None = None) -> None:
    """Let a session go on, and the take that waited. SessionNotPaused if it is not paused."""
    async with desk.to_change(session, seen) as (_, live):
        await resume_with_lock(desk, live)


async def resume_with_lock(desk: Desk, session: LiveSession) -> None:
    """`resume` for a caller who holds the session's lock."""
    if not session.is_paused:
        raise SessionNotPaused
    await desk.promises.all_kept()
    take = session.take
    async with desk.database.transaction() as tx:
        await resume_session(tx, session.session_id)
        await log_event(tx, "session_resumed", desk.now(), session_id=session.session_id)
        if take and take.state is TakeState.PAUSED and take.paused_since is not None:
            start, end = take.position_samples(take.paused_since), take.position_samples(desk.clock.monotonic())
            await add_holes(tx, take.take.take_id, [("pause", start, max(end, start + 1))])
    session.resume()
    if take and take.state is TakeState.PAUSED:
        take.resume(desk.clock.monotonic())
        resume_clock(desk, session, take)
    desk.stage.panel_changed(session.session_id)
