"""Signing up to a scheduled session: a place, standby, or a place that becomes free for the next one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import ScheduledOver
from bot.domain.ids import ScheduledId, UserId
from bot.domain.sign_ups import Roster, moved_up, to_ask
from bot.domain.states import SignUpAnswer
from bot.live.ports import Clock
from bot.services.facts.consents import ConsentsInForce
from bot.services.ports.board import Notice
from bot.services.schedule.notices import Notices
from bot.services.schedule.sign_up_messages import SignUpMessages
from bot.store.database import Database
from bot.store.records import ScheduledSession
from bot.store.scheduled import find_scheduled
from bot.store.sign_ups import have_place, roster_to, sign_up


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What came of an answer. `may_perform` says whether the person consents to be recorded on the server."""

    scheduled: ScheduledSession
    roster: Roster
    answer: SignUpAnswer
    may_perform: bool


@dataclass(frozen=True, slots=True)
class SignUps:
    """Takes answers."""

    database: Database
    clock: Clock
    consents: ConsentsInForce
    notices: Notices
    messages: SignUpMessages

    async def answer(self, scheduled_id: ScheduledId, discord_user_id: UserId, answer: SignUpAnswer) -> SignedUp:
        """Store an answer, and tell the person who gets a place by it. Raises ScheduledOver."""
        now = self.clock.now()
        async with self.database.transaction() as tx:
            scheduled = await find_scheduled(tx, scheduled_id)
            if scheduled is None or not scheduled.is_open:
                raise ScheduledOver
            before = await roster_to(tx, scheduled)
            await sign_up(tx, scheduled_id, discord_user_id, answer, now)
            after = await roster_to(tx, scheduled)
            await have_place(tx, scheduled_id, moved_up(before, after), now)
        self.messages.changed(scheduled_id)
        self.notices.send(scheduled, moved_up(before, after), Notice.MOVED_UP)
        if (asked := to_ask(before, after)) is not None:
            self.notices.send(scheduled, [asked], Notice.PLACE_FREE)
        may_perform = await self.consents.may_perform(discord_user_id, scheduled.guild_id)
        return SignedUp(scheduled, after, answer, may_perform)
