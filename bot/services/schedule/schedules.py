"""Scheduling sessions: a time, Discord's event, and the message in which people sign up."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.domain.errors import (
    BoardUnreachable,
    NothingScheduled,
    NoVoiceChannel,
    PermissionMissing,
    PromptbookError,
    ScheduledOver,
    SeveralScheduled,
)
from bot.domain.ids import GuildId, ScheduledId, UserId
from bot.domain.local_times import require_ahead
from bot.live.errands import Errands
from bot.live.ports import Clock, timestamp
from bot.services.access.guild_settings import Guilds
from bot.services.ports.board import Board, Notice, SignUpState
from bot.services.schedule.notices import Notices
from bot.services.schedule.reminders import Reminders, start_of
from bot.services.schedule.sign_up_messages import SignUpMessages
from bot.services.schedule.zones import instant, local, zone_of
from bot.store.database import Database
from bot.store.guild_settings import choices_of
from bot.store.records import ScheduledSession
from bot.store.scheduled import (
    add_scheduled,
    close_scheduled,
    find_scheduled,
    forget_event,
    message_posted,
    move_scheduled,
    remove_scheduled,
    scheduled_in,
    scheduled_to_keep,
)
from bot.store.sign_ups import roster_to, sign_ups_to

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a coordinator asked for, as typed. Without a zone, the server's counts."""

    title: str
    date: str
    time: str
    zone: str | None
    minutes: int
    performers: int
    voice_channel_id: int | None
    chat_channel_id: int


@dataclass(frozen=True, slots=True)
class NewTime:
    """What is to change about a scheduled session, as typed; None stays as it is."""

    date: str | None = None
    time: str | None = None
    zone: str | None = None
    minutes: int | None = None
    voice_channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class Schedules:
    """Schedules sessions, moves and cancels them."""

    database: Database
    clock: Clock
    errands: Errands
    guilds: Guilds
    board: Board
    notices: Notices
    messages: SignUpMessages
    reminders: Reminders
    _cancelling: set[int] = field(default_factory=set[int])
    _announcing: set[ScheduledId] = field(default_factory=set[ScheduledId])

    async def schedule(self, guild_id: GuildId, coordinator_user_id: UserId, plan: Plan) -> ScheduledSession:
        """Schedule a session: create Discord's event, and post the message in which people sign up.

        A server that has not chosen a time zone gets the one that is named. Raises NoVoiceChannel, PermissionMissing,
        ChannelUnsuited, VoiceUnreachable, BoardUnreachable, or what is wrong with the time; then nothing is left.
        """
        if plan.voice_channel_id is None:
            raise NoVoiceChannel
        zone = plan.zone or (await self.guilds.settings_of(guild_id)).time_zone
        starts_at = instant(plan.date, plan.time, zone)
        require_ahead(starts_at, self.clock.wall())
        self.board.require_place(guild_id, plan.voice_channel_id, plan.chat_channel_id)
        planned = ScheduledSession(
            ScheduledId(0),
            guild_id,
            plan.voice_channel_id,
            coordinator_user_id,
            plan.title,
            timestamp(starts_at),
            plan.minutes,
            plan.performers,
            zone_of(zone)[0],
            self.clock.now(),
            plan.chat_channel_id,
        )
        planned = replace(planned, event_id=await self.board.create_event(planned))
        scheduled = await self._announce(planned)
        if plan.zone and (await choices_of(self.database, guild_id)).time_zone is None:
            await self.guilds.change(guild_id, "time_zone", scheduled.time_zone)
        self.reminders.begin(scheduled.scheduled_id)
        return scheduled

    async def _announce(self, planned: ScheduledSession) -> ScheduledSession:
        """Store a session and post its message; if that fails, neither it nor its event is left."""
        scheduled_id: ScheduledId | None = None
        try:
            async with self.database.transaction() as tx:
                scheduled_id = await add_scheduled(tx, planned)
                self._announcing.add(scheduled_id)
            return await self._post(replace(planned, scheduled_id=scheduled_id))
        except BaseException:
            if scheduled_id is not None:
                async with self.database.transaction() as tx:
                    await remove_scheduled(tx, scheduled_id)
            with suppress(BoardUnreachable, PermissionMissing):
                await self.board.cancel_event(planned)
            raise
        finally:
            self._announcing.discard(scheduled_id or ScheduledId(0))

    async def _post(self, scheduled: ScheduledSession) -> ScheduledSession:
        roster = await roster_to(self.database, scheduled)
        message_id = await self.board.post_sign_up(SignUpState(scheduled, roster))
        async with self.database.transaction() as tx:
            await message_posted(tx, scheduled.scheduled_id, message_id)
        return replace(scheduled, message_id=message_id)

    async def in_guild(self, guild_id: GuildId) -> Sequence[ScheduledSession]:
        """The sessions to which people can sign up, the next one first."""
        return await scheduled_in(self.database, guild_id)

    async def meant(self, guild_id: GuildId, scheduled_id: ScheduledId | None) -> ScheduledSession:
        """The session that a coordinator means: the one that is named, otherwise the only one.

        Raises NothingScheduled, SeveralScheduled, or ScheduledOver for one that is not among them.
        """
        found = await self.in_guild(guild_id)
        if scheduled_id is not None:
            named = next((one for one in found if one.scheduled_id == scheduled_id), None)
            if named is None:
                raise ScheduledOver
            return named
        if not found:
            raise NothingScheduled
        if len(found) > 1:
            raise SeveralScheduled
        return found[0]

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

    async def take_up(self) -> None:
        """Once the bot is on Discord: follow the scheduled sessions again, and show what happened in the meantime."""
        for scheduled in await scheduled_to_keep(self.database):
            try:
                await self._look_at(scheduled)
            except PromptbookError as error:
                # A channel that is gone keeps no one from being reminded.
                _log.info("Session %d is scheduled and cannot be shown: %s.", scheduled.scheduled_id, error)
            self.messages.changed(scheduled.scheduled_id)
            self.reminders.begin(scheduled.scheduled_id)

    async def _look_at(self, scheduled: ScheduledSession) -> None:
        if not scheduled.is_open or scheduled.scheduled_id in self._announcing:
            return
        if scheduled.message_id is None:
            # The process that scheduled it was killed before anyone was told.
            scheduled = await self._post(scheduled)
        if scheduled.event_id is not None and not await self.board.has_event(scheduled):
            await self.event_deleted(scheduled.guild_id, scheduled.event_id)
