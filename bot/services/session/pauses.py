"""Pauses: nothing is dealt or recorded until the session resumes. A running take waits, and its clock stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.domain.errors import PromptbookError, SessionChanged, SessionNotPaused, SessionPaused
from bot.domain.events import catalogue
from bot.domain.events.kinds import EventKind
from bot.domain.ids import EventId
from bot.domain.states import PASSING, CutReason, HoleCause, PauseCause
from bot.live.asked import PAUSED
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.promises import Promise, Promises
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.take.live_take import LiveTake
from bot.live.take.state import TakeState
from bot.services.access.changes import Changes, UnderWay
from bot.services.ending.cuts import Cuts
from bot.services.panel.panels import Panels
from bot.services.take.clock import TakeClock
from bot.services.take.running_takes import RunningTakes
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.sessions import find_session, pause_session, resume_session
from bot.store.takes import add_holes

_REASONS: Final = {
    PauseCause.COORDINATOR: CutReason.COORDINATOR,
    PauseCause.DROPOUT: CutReason.DROPOUT,
    PauseCause.MOVED: CutReason.MOVED,
}
"""Why a take ends if it is paused before its first recorded moment."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pauses sessions and resumes them."""

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
        self,
        session: LiveSession,
        at: float,
        seen: EventId | None = None,
        *,
        cause: PauseCause = PauseCause.COORDINATOR,
        minutes: int | None = None,
    ) -> Promise:
        """Pause a session from a monotonic moment on, in memory and in the journal, without waiting for anything.

        With `minutes`, it is a break: the panel says when people are to be back. Only a coordinator ends it.

        A take that is still counting down is not recorded. The promise is kept once the store has the pause. Raises
        SessionPaused if the session is already paused (but a coordinator can take over a pause that would end by
        itself), or SessionChanged for a press on a panel that is out of date.
        """
        self.changes.require_seen(session, seen)
        if session.is_paused and not (cause is PauseCause.COORDINATOR and session.pause_cause in PASSING):
            raise SessionPaused
        session.pause(cause, self.clock.wall() + timedelta(minutes=minutes) if minutes else None)
        session.will_change(EventKind.SESSION_PAUSED)
        session.stop_check()
        take = session.take
        facts: dict[str, Any] = {"session": session.session_id, "cause": cause, "at": self.clock.now(), "take": None}
        if take and take.is_running:
            facts |= {"take": take.take.take_id, "position_samples": take.position_samples(at)}
            self._hold(session, take, at, cause)
        promise = self.promises.make(PAUSED, facts)
        self.panels.changed(session.session_id)
        return promise

    def _hold(self, session: LiveSession, take: LiveTake, at: float, cause: PauseCause) -> None:
        if take.state is TakeState.COUNTING_DOWN and at >= take.starts_at:
            # The press came before the take's clock noticed that the countdown was over.
            self.take_clock.begin_recording(take)
        if take.state is TakeState.RECORDING and at >= take.starts_at:
            take.pause(at, HoleCause.MOVED if cause is PauseCause.MOVED else HoleCause.PAUSE)
            self.running.wait_patiently(session, take)
        elif take.state is not TakeState.PAUSED:
            self.cuts.end(session, take, min(at, take.starts_at), _REASONS[cause])
            self.errands.run(self.cuts.keep_unless_kept(session, take), f"keeping of take {take.take.take_id}")

    async def pause(self, session: LiveSession, at: float, seen: EventId | None = None) -> None:
        """`pause_now`, and wait until the store has it."""
        await self.pause_now(session, at, seen).kept

    async def store(self, facts: Mapping[str, Any]) -> None:
        """Store a promised pause. It may be stored already, and the session may have ended in the meantime."""
        cause = PauseCause(facts["cause"])
        async with self.database.transaction() as tx:
            session = await find_session(tx, facts["session"])
            if session and session.is_open and session.pause_cause is not cause:
                await pause_session(tx, session.session_id, cause, facts["at"])
                await log_event(tx, catalogue.SessionPaused(cause), facts["at"], session_id=session.session_id)
        if live := self.live.find(facts["session"]):
            await self.changes.is_stored(live)
            self.panels.changed(live.session_id)

    async def resume(self, session: LiveSession, seen: EventId | None = None) -> None:
        """Resume a session, and the take that waited.

        Raises SessionNotPaused if it is not paused, BotMoved or BotDeafened if a take waits that the bot cannot hear.
        """
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
        """Begin a resume before it waits for the session's lock: a pause that comes later is not ended by it.

        Waits until the store has the previous pauses, so that none of them is stored after the resume.
        """
        under_way = UnderWay(session, session.pauses)
        await self.promises.all_kept(lambda one: one.kind == PAUSED and one.facts["session"] == session.session_id)
        return under_way

    async def resume_once_all_are_back(self, session: LiveSession) -> None:
        """End a pause that began by itself, unless it still waits for a performer or the bot hears no one.

        A coordinator's pause lasts until a coordinator ends it.
        """
        under_way = await self.to_resume(session)
        with suppress(PromptbookError):
            async with self.changes.changing(session):
                if session.pause_cause in PASSING and not session.awaited and not session.is_deaf:
                    await self.resume_with_lock(under_way)

    async def resume_with_lock(self, under_way: UnderWay) -> None:
        """`resume` for a caller who holds the session's lock. Raises SessionChanged if it was paused again since."""
        session = under_way.session
        if not session.is_paused:
            raise SessionNotPaused
        take, now = session.take, self.clock.monotonic()
        if take and take.state is TakeState.PAUSED:
            session.require_hearing()
        async with self.database.transaction() as tx:
            under_way.require_no_pause()
            await resume_session(tx, session.session_id)
            await log_event(tx, catalogue.SessionResumed(), self.clock.now(), session_id=session.session_id)
            if take and take.state is TakeState.PAUSED and take.paused_since is not None:
                start, end = take.position_samples(take.paused_since), take.position_samples(now)
                await add_holes(tx, take.take.take_id, [(take.pause_hole, start, max(end, start + 1))])
        try:
            # A pause that came during the commit is stored after the resume.
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
