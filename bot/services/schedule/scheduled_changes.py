"""What changes about a scheduled session: it is moved or cancelled, or someone deletes its event in Discord."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.errors import ScheduledOver
from bot.domain.ids import GuildId, UserId
from bot.domain.local_times import require_ahead
from bot.live.errands import Errands
from bot.live.ports import Clock, timestamp
from bot.services.ports.board import Board, Notice
from bot.services.schedule.notices import Notices
from bot.services.schedule.reminders import Reminders, start_of
from bot.services.schedule.sign_up_messages import SignUpMessages
from bot.services.schedule.zones import instant, local, zone_of
from bot.store.database import Database
from bot.store.records import ScheduledSession
from bot.store.scheduled import close_scheduled, find_scheduled, forget_event, move_scheduled
from bot.store.sign_ups import roster_to, sign_ups_to


@dataclass(frozen=True, slots=True)
class NewTime:
    """What is to change about a scheduled session, as typed; None stays as it is."""

    date: str | None = None
    time: str | None = None
    zone: str | None = None
    minutes: int | None = None
    voice_channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduledChanges:
    """Moves and cancels scheduled sessions, and tells people."""

    database: Database
    clock: Clock
    errands: Errands
    board: Board
    notices: Notices
    messages: SignUpMessages
    reminders: Reminders
    _cancelling: set[int] = field(default_factory=set[int])

    async def move(self, scheduled: ScheduledSession, new: NewTime) -> ScheduledSession:
        """Move a session to another time or channel, and tell everyone who answered.

        If someone has deleted its event, another one is created. Raises what `schedule` raises, and ScheduledOver.
        """
        zone = new.zone or scheduled.time_zone
        before = local(start_of(scheduled), zone)
        starts_at = instant(new.date or f"{before:%Y-%m-%d}", new.time or f"{before:%H:%M}", zone)
        require_ahead(starts_at, self.clock.wall())
        moved = replace(
            scheduled,
            starts_at=timestamp(starts_at),
            minutes=new.minutes or scheduled.minutes,
            voice_channel_id=new.voice_channel_id or scheduled.voice_channel_id,
            time_zone=zone_of(zone)[0],
            timed_at=self.clock.now(),
        )
        self.board.require_place(moved.guild_id, moved.voice_channel_id, moved.chat_channel_id)
        if moved.event_id is None or not await self.board.move_event(moved):
            moved = replace(moved, event_id=await self.board.create_event(moved))
        async with self.database.transaction() as tx:
            current = await find_scheduled(tx, scheduled.scheduled_id)
            if current is None or not current.is_open:
                raise ScheduledOver
            await move_scheduled(tx, moved)
        self.messages.changed(moved.scheduled_id)
        self.reminders.begin(moved.scheduled_id)
        self.notices.send(moved, await self._answered(moved), Notice.MOVED)
        return moved

    async def cancel(self, scheduled: ScheduledSession) -> None:
        """Cancel a session, and tell everyone who comes or is on standby. Raises BoardUnreachable or ScheduledOver."""
        roster = await roster_to(self.database, scheduled)
        if scheduled.event_id is not None:
            # Discord reports this like a deletion by someone else.
            self._cancelling.add(scheduled.event_id)
        try:
            if scheduled.event_id is not None:
                await self.board.cancel_event(scheduled)
            async with self.database.transaction() as tx:
                if not await close_scheduled(tx, scheduled.scheduled_id, self.clock.now(), is_cancelled=True):
                    raise ScheduledOver
        finally:
            self._cancelling.discard(scheduled.event_id or 0)
        self.messages.changed(scheduled.scheduled_id)
        self.errands.run(
            self._say_goodbye(scheduled, [*roster.coming, *roster.on_standby]), "notices of a cancellation"
        )

    async def _say_goodbye(self, scheduled: ScheduledSession, users: Sequence[UserId]) -> None:
        await self.notices.tell(scheduled, users, Notice.CANCELLED)
        # From here on, nothing needs to know who would have come.
        self.reminders.begin(scheduled.scheduled_id)

    async def _answered(self, scheduled: ScheduledSession) -> list[UserId]:
        return [one.discord_user_id for one in await sign_ups_to(self.database, scheduled.scheduled_id)]

    async def event_deleted(self, guild_id: GuildId, event_id: int) -> None:
        """Someone deleted or cancelled an event in Discord: the session stays, and its coordinator is told."""
        if event_id in self._cancelling:
            return
        async with self.database.transaction() as tx:
            scheduled = await forget_event(tx, guild_id, event_id)
        if scheduled:
            self.messages.changed(scheduled.scheduled_id)
            self.notices.send(scheduled, [scheduled.coordinator_user_id], Notice.EVENT_DELETED)
