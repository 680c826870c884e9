"""Reminders of scheduled sessions, and the end of sign-up: what there is to do about a session as its time comes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.ids import ScheduledId, UserId
from bot.domain.reminding import KEPT_AFTER, due_lead, is_reminded, next_moment
from bot.domain.sign_ups import Roster
from bot.domain.states import SignUpAnswer
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.services.ports.board import Notice
from bot.services.schedule.notices import Notices
from bot.services.schedule.sign_up_messages import SignUpMessages
from bot.store.database import Database
from bot.store.records import ScheduledSession
from bot.store.scheduled import close_scheduled, find_scheduled
from bot.store.sign_ups import forget_sign_ups, remind_once, roster_to, sign_ups_to, want_reminders

_log = logging.getLogger(__name__)

LONGEST_SLEEP_SECONDS = 600.0
"""The wall clock can be set, and stands still for no machine that sleeps: it is looked at this often."""


RETRY_SECONDS = 60.0


def start_of(scheduled: ScheduledSession) -> datetime:
    """When a scheduled session begins."""
    return datetime.fromisoformat(scheduled.starts_at)


def end_of(scheduled: ScheduledSession) -> datetime:
    """When a scheduled session is to end."""
    return start_of(scheduled) + timedelta(minutes=scheduled.minutes)


@dataclass(frozen=True, slots=True)
class Reminders:
    """Follows each scheduled session until its sign-ups are forgotten."""

    database: Database
    clock: Clock
    errands: Errands
    notices: Notices
    messages: SignUpMessages
    _running: dict[ScheduledId, asyncio.Task[None]] = field(default_factory=dict[ScheduledId, "asyncio.Task[None]"])

    def begin(self, scheduled_id: ScheduledId) -> None:
        """Follow a session that was scheduled, moved, or found in the store."""
        if running := self._running.pop(scheduled_id, None):
            running.cancel()
        work = self._follow(scheduled_id)
        self._running[scheduled_id] = self.errands.run(work, f"reminders of scheduled session {scheduled_id}")

    async def want(self, discord_user_id: UserId, *, wanted: bool) -> None:
        """Store whether an account wants to be reminded."""
        async with self.database.transaction() as tx:
            await want_reminders(tx, discord_user_id, self.clock.now(), wanted=wanted)

    async def _follow(self, scheduled_id: ScheduledId) -> None:
        left: float | None = 0.0
        while left is not None:
            await self.clock.sleep_until(self.clock.monotonic() + left)
            try:
                left = await self._look_at(scheduled_id)
            except Exception:
                # Whatever fails now, for example a full disk, must not cost anyone the next reminder.
                _log.exception("Reminders of scheduled session %d failed and are tried again.", scheduled_id)
                left = RETRY_SECONDS

    async def _look_at(self, scheduled_id: ScheduledId) -> float | None:
        """Do what is due now; returns how long to sleep, None at the end."""
        scheduled = await find_scheduled(self.database, scheduled_id)
        if scheduled is None:
            return None
        # A moment that comes while this works must not be taken for done.
        now = self.clock.wall()
        await self._do(scheduled, now)
        moment = next_moment(start_of(scheduled), end_of(scheduled), now)
        if moment is None or scheduled.cancelled_at:
            return None
        return min((moment - self.clock.wall()).total_seconds(), LONGEST_SLEEP_SECONDS)

    async def _do(self, scheduled: ScheduledSession, now: datetime) -> None:
        if scheduled.cancelled_at or now >= end_of(scheduled) + KEPT_AFTER:
            async with self.database.transaction() as tx:
                await forget_sign_ups(tx, scheduled.scheduled_id)
        if scheduled.is_open and now >= end_of(scheduled):
            async with self.database.transaction() as tx:
                await close_scheduled(tx, scheduled.scheduled_id, self.clock.now(), is_cancelled=False)
            self.messages.changed(scheduled.scheduled_id)
        elif scheduled.is_open and (lead := due_lead(start_of(scheduled), now)):
            await self._remind(scheduled, lead)

    async def _remind(self, scheduled: ScheduledSession, lead: timedelta) -> None:
        unreached: dict[Notice, list[UserId]] = {}
        for user, notice in await self._to_remind(scheduled, lead):
            # Stored first: after a crash, one reminder too few is better than one too many.
            async with self.database.transaction() as tx:
                is_first = await remind_once(tx, scheduled, user, lead, self.clock.now())
            if is_first and not await self.notices.reach(scheduled, user, notice):
                unreached.setdefault(notice, []).append(user)
        for notice, users in unreached.items():
            await self.notices.mention(scheduled, users, notice)

    async def _to_remind(self, scheduled: ScheduledSession, lead: timedelta) -> list[tuple[UserId, Notice]]:
        roster: Roster = await roster_to(self.database, scheduled)
        found: list[tuple[UserId, Notice]] = []
        for one in await sign_ups_to(self.database, scheduled.scheduled_id):
            known_since = datetime.fromisoformat(max(one.placed_at, scheduled.timed_at))
            if one.answer is not SignUpAnswer.ABSENT and is_reminded(start_of(scheduled), lead, known_since):
                has_place = one.discord_user_id in roster.coming
                notice = Notice.REMINDER if has_place else Notice.REMINDER_ON_STANDBY
                found.append((one.discord_user_id, notice))
        return found
