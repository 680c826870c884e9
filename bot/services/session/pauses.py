"""Pauses: nothing is dealt or recorded until the session goes on. A running take waits with it, on its own clock."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import SessionChanged, SessionNotPaused, SessionPaused
from bot.domain.ids import EventId
from bot.live.asked import PAUSED
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.promises import Promise, Promises
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.take import LiveTake, TakeState
from bot.services.panel.panels import Panels
from bot.services.session.changes import Changes, UnderWay
from bot.services.take.clock import TakeClock
from bot.services.take.cuts import Cuts
from bot.services.take.running_takes import RunningTakes
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.sessions import find_session, pause_session, resume_session
from bot.store.takes import add_holes


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pauses sessions and lets them go on."""

    database: Database
    clock: Clock
    promises: Promises
    errands: Errands
    live: LiveSessions
    changes: Changes
    panels: Panels
    cuts: Cuts
    take_clock: TakeClock
    running: RunningTakes

    def pause_now(
        self, session: LiveSession, at: float, seen: EventId | None = None, *, cause: str = "coordinator"
    ) -> Promise:
        """Pause a session from a monotonic moment on, in memory and in the journal; it waits for nothing.

        A take that still counts down is not recorded. The promise is kept once the store has the pause. Raises
        SessionPaused if it is paused already (a coordinator takes over a pause that a dropout began, and ends it), or
        SessionChanged for a press on a panel that is out of date.
        """
        self.changes.require_seen(session, seen)
        if session.is_paused and not (cause == "coordinator" and session.pause_cause == "dropout"):
            raise SessionPaused
        session.pause(cause)
        session.will_change("session_paused")
        session.stop_check()
        take = session.take
        facts: dict[str, Any] = {"session": session.session_id, "cause": cause, "at": self.clock.now(), "take": None}
        if take and take.is_running:
            facts |= {"take": take.take.take_id, "position_samples": take.position_samples(at)}
            self._hold(session, take, at, cause)
        promise = self.promises.make(PAUSED, facts)
        self.panels.changed(session.session_id)
        return promise

    def _hold(self, session: LiveSession, take: LiveTake, at: float, cause: str) -> None:
        if take.state is TakeState.COUNTING_DOWN and at >= take.starts_at:
            # The press was faster than the clock.
            self.take_clock.begin_recording(take)
        if take.state is TakeState.RECORDING and at >= take.starts_at:
            take.pause(at)
        elif take.state is not TakeState.PAUSED:
            self.cuts.end(session, take, min(at, take.starts_at), cause)
            self.errands.run(self.cuts.keep_unless_kept(session, take), f"keeping of take {take.take.take_id}")

    async def pause(self, session: LiveSession, at: float, seen: EventId | None = None) -> None:
        """`pause_now`, until the store has it."""
        await self.pause_now(session, at, seen).kept

    async def store(self, facts: Mapping[str, Any]) -> None:
        """Keep a promised pause. It may be kept already, and the session may have ended meanwhile."""
        async with self.database.transaction() as tx:
            session = await find_session(tx, facts["session"])
            if session and session.is_open and session.pause_cause != facts["cause"]:
                await pause_session(tx, session.session_id, facts["cause"], facts["at"])
                await log_event(tx, "session_paused", facts["at"], session_id=session.session_id, cause=facts["cause"])
        if live := self.live.find(facts["session"]):
            await self.changes.is_stored(live)
            self.panels.changed(live.session_id)

    async def resume(self, session: LiveSession, seen: EventId | None = None) -> None:
        """Let a session go on, and the take that waited. SessionNotPaused if it is not paused."""
        self.changes.require_seen(session, seen)
        if not session.is_paused:
            raise SessionNotPaused
        work = self._resume_in_turn(await self.to_resume(session), seen)
        # No one who gives up waiting leaves a session that goes on in the store and is paused in memory.
        await asyncio.shield(self.errands.run(work, f"resume of session {session.session_id}"))

    async def _resume_in_turn(self, under_way: UnderWay, seen: EventId | None) -> None:
        async with self.changes.to_change(under_way.session, seen):
            await self.resume_with_lock(under_way)

    async def to_resume(self, session: LiveSession) -> UnderWay:
        """What a resume begins with, before it waits for the session's lock: a pause that comes later outlasts it.

        Waits until the store has the pauses before, so that none of them is stored behind the resume.
        """
        under_way = UnderWay(session, session.pauses)
        await self.promises.all_kept(lambda one: one.kind == PAUSED and one.facts["session"] == session.session_id)
        return under_way

    async def resume_with_lock(self, under_way: UnderWay) -> None:
        """`resume` for a caller who holds the session's lock. SessionChanged if it was paused again meanwhile."""
        session = under_way.session
        if not session.is_paused:
            raise SessionNotPaused
        take, now = session.take, self.clock.monotonic()
        async with self.database.transaction() as tx:
            under_way.require_no_pause()
            await resume_session(tx, session.session_id)
            await log_event(tx, "session_resumed", self.clock.now(), session_id=session.session_id)
            if take and take.state is TakeState.PAUSED and take.paused_since is not None:
                start, end = take.position_samples(take.paused_since), take.position_samples(now)
                await add_holes(tx, take.take.take_id, [("pause", start, max(end, start + 1))])
        try:
            # The pause that came while this was committed is stored after it.
            under_way.require_no_pause()
        except SessionChanged:
            if take:
                take.keep_pausing(now)
            raise
        session.resume()
        if take and take.state is TakeState.PAUSED:
            take.resume(self.clock.monotonic())
            self.running.run_clock(session, take)
        self.panels.changed(session.session_id)
