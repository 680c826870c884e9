"""Scheduling sessions: a time, Discord's event, and the message in which people sign up; and finding them again."""

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
from bot.live.ports import Clock, timestamp
from bot.services.access.guild_settings import Guilds
from bot.services.ports.board import Board, SignUpState
from bot.services.schedule.reminders import Reminders
from bot.services.schedule.scheduled_changes import ScheduledChanges
from bot.services.schedule.sign_up_messages import SignUpMessages
from bot.services.schedule.zones import instant, zone_of
from bot.store.database import Database
from bot.store.guild_settings import choices_of
from bot.store.records import ScheduledSession
from bot.store.scheduled import (
    add_scheduled,
    message_posted,
    remove_scheduled,
    scheduled_in,
    scheduled_to_keep,
)
from bot.store.sign_ups import roster_to

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
class Planned:
    """A session that is scheduled now, and whether its zone has become the server's by that."""

    scheduled: ScheduledSession
    is_first_zone: bool


@dataclass(frozen=True, slots=True)
class Schedules:
    """Schedules sessions."""

    database: Database
    clock: Clock
    guilds: Guilds
    board: Board
    messages: SignUpMessages
    reminders: Reminders
    changes: ScheduledChanges
    _announcing: set[ScheduledId] = field(default_factory=set[ScheduledId])

    async def schedule(self, guild_id: GuildId, coordinator_user_id: UserId, plan: Plan) -> Planned:
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
        self.reminders.begin(scheduled.scheduled_id)
        is_first_zone = bool(plan.zone) and (await choices_of(self.database, guild_id)).time_zone is None
        if is_first_zone:
            await self.guilds.change(guild_id, "time_zone", scheduled.time_zone)
        return Planned(scheduled, is_first_zone)

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
            await self.changes.event_deleted(scheduled.guild_id, scheduled.event_id)
