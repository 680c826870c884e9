"""Who comes, who is on standby, and how often each performer was on stage: for everyone to see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import GuildId, SessionId, UserId
from bot.domain.reminding import EARLIEST_START
from bot.domain.sign_ups import Roster
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.services.facts.consents import ConsentsInForce
from bot.services.ports.board import Board
from bot.services.schedule.reminders import end_of, start_of
from bot.services.schedule.sign_up_messages import SignUpMessages
from bot.store.database import Database
from bot.store.records import ScheduledSession
from bot.store.scheduled import became, close_scheduled, scheduled_in
from bot.store.sign_ups import on_stage_in, roster_to, scenes_played


@dataclass(frozen=True, slots=True)
class OnStage:
    """How many scenes one performer has played: tonight, in the open session, and on the server."""

    discord_user_id: UserId
    tonight: int
    overall: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The next scheduled session (tonight's, while it is open) with who comes to it, and who was on stage how often."""

    scheduled: ScheduledSession | None
    roster: Roster | None
    played: Sequence[OnStage]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Of those who signed up to the session that begins: who is not in the channel, and who on standby is."""

    missing: Sequence[UserId]
    on_standby_here: Sequence[UserId]


@dataclass(frozen=True, slots=True)
class Rosters:
    """Reads who comes."""

    database: Database
    clock: Clock
    errands: Errands
    live: LiveSessions
    consents: ConsentsInForce
    board: Board
    messages: SignUpMessages

    async def show(self, guild_id: GuildId) -> Shown:
        """What everyone on a server may see."""
        session = self.live.in_guild(guild_id)
        scheduled = await became(self.database, session.session_id) if session else None
        if scheduled is None:
            scheduled = next(iter(await scheduled_in(self.database, guild_id)), None)
        roster = await roster_to(self.database, scheduled) if scheduled else None
        people = {*roster.coming, *roster.on_standby} if roster else set[UserId]()
        if session:
            people |= await on_stage_in(self.database, session.session_id)
        return Shown(scheduled, roster, await self._played(guild_id, people, session.session_id if session else None))

    async def _played(
        self, guild_id: GuildId, people: Collection[UserId], session_id: SessionId | None
    ) -> list[OnStage]:
        """Count for those who consent to perform: who has withdrawn is not counted in public."""
        counted = await self.consents.performers_among(people, guild_id)
        overall = await scenes_played(self.database, guild_id, counted)
        tonight = await scenes_played(self.database, guild_id, counted, session_id) if session_id else {}
        found = [OnStage(user, tonight.get(user, 0), overall.get(user, 0)) for user in counted]
        return sorted(found, key=lambda one: (-one.tonight, -one.overall, one.discord_user_id))

    async def begun(self, session: LiveSession) -> Arrivals | None:
        """A session was opened: if it was scheduled, end sign-up; returns who came. None if it was not scheduled."""
        scheduled = await self._due_now(session.guild_id)
        if scheduled is None:
            return None
        roster = await roster_to(self.database, scheduled)
        async with self.database.transaction() as tx:
            now = self.clock.now()
            if not await close_scheduled(
                tx, scheduled.scheduled_id, now, session_id=session.session_id, is_cancelled=False
            ):
                return None
        self.messages.changed(scheduled.scheduled_id)
        if scheduled.event_id is not None:
            self.errands.run(self.board.start_event(scheduled), "start of a scheduled event")
        here = set(session.booth.occupants()) if session.booth else set[UserId]()
        return Arrivals(
            [user for user in roster.coming if user not in here],
            [user for user in roster.on_standby if user in here],
        )

    async def ended(self, session_id: SessionId) -> None:
        """A session has ended: if it was scheduled, Discord shows so."""
        scheduled = await became(self.database, session_id)
        if scheduled and scheduled.event_id is not None:
            self.errands.run(self.board.end_event(scheduled), "end of a scheduled event")

    async def _due_now(self, guild_id: GuildId) -> ScheduledSession | None:
        """The scheduled session that is meant when one is opened now: the one whose start is nearest."""
        now = self.clock.wall()

        def distance(start: datetime) -> float:
            return abs((start - now).total_seconds())

        due = [
            one
            for one in await scheduled_in(self.database, guild_id)
            if start_of(one) - EARLIEST_START <= now <= end_of(one)
        ]
        return min(due, key=lambda one: distance(start_of(one)), default=None)
