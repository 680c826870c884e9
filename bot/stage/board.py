"""Scheduled sessions and invitations on Discord: what services know as `Board`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import discord

from bot.domain.errors import BoardUnreachable, PermissionMissing
from bot.domain.ids import GuildId, UserId
from bot.services.ports.board import InvitationState, Notice, SignUpState
from bot.stage.channels import require_schedulable, voice_channel
from bot.stage.whispers import Whispers
from bot.store.records import ScheduledSession
from bot.ui.answers import NO_PINGS
from bot.ui.invitation_view import invitation_view
from bot.ui.sign_up_view import notice_view, sign_up_view
from bot.ui.texts import schedule as texts
from bot.ui.texts.invitations import invitation_text
from bot.ui.texts.language import Phrases, speaking
from bot.ui.texts.words import MOST_MENTIONS
from bot.voice.connection.attempts import UNREACHABLE

_log = logging.getLogger(__name__)


class DiscordBoard:
    """Creates events, posts messages, and tells people."""

    def __init__(self, client: discord.Client, whispers: Whispers, phrases_in: Callable[[str], Phrases]) -> None:
        """`phrases_in` finds the phrases of a language by its tag."""
        self._client = client
        self._whispers = whispers
        self._phrases_in = phrases_in

    def require_place(self, guild_id: GuildId, voice_channel_id: int, chat_channel_id: int) -> None:
        """Check that the bot may create an event in a voice channel and post in a chat."""
        require_schedulable(self._client, guild_id, voice_channel_id, chat_channel_id)

    async def create_event(self, scheduled: ScheduledSession) -> int:
        """Create Discord's event of a session."""
        with _accepted(scheduled.voice_channel_id, "create_events"):
            event = await self._guild(scheduled).create_scheduled_event(
                name=scheduled.title,
                description=texts.event_text(scheduled),
                start_time=_start(scheduled),
                end_time=_end(scheduled),
                entity_type=discord.EntityType.voice,
                privacy_level=discord.PrivacyLevel.guild_only,
                channel=voice_channel(self._client, scheduled.guild_id, scheduled.voice_channel_id),
            )
        return event.id

    async def move_event(self, scheduled: ScheduledSession) -> bool:
        """Show the session's time and channel in Discord's event; False if that was deleted."""
        with _accepted(scheduled.voice_channel_id, "create_events"):
            event = await self._event(scheduled)
            if event is None or event.status is not discord.EventStatus.scheduled:
                return False
            channel = voice_channel(self._client, scheduled.guild_id, scheduled.voice_channel_id)
            await event.edit(channel=channel, start_time=_start(scheduled), end_time=_end(scheduled))
        return True

    async def cancel_event(self, scheduled: ScheduledSession) -> None:
        """Cancel Discord's event, if it is still there and has not begun."""
        with _accepted(scheduled.voice_channel_id, "create_events"):
            event = await self._event(scheduled)
            if event and event.status is discord.EventStatus.scheduled:
                await event.cancel()

    async def start_event(self, scheduled: ScheduledSession) -> None:
        """Show in Discord that the session has begun."""
        with _accepted(scheduled.voice_channel_id, "create_events"):
            event = await self._event(scheduled)
            if event and event.status is discord.EventStatus.scheduled:
                await event.start()

    async def end_event(self, scheduled: ScheduledSession) -> None:
        """Show in Discord that the session is over."""
        with _accepted(scheduled.voice_channel_id, "create_events"):
            event = await self._event(scheduled)
            if event and event.status is discord.EventStatus.active:
                await event.end()

    async def has_event(self, scheduled: ScheduledSession) -> bool:
        """Whether Discord's event is still there; True if Discord does not say."""
        try:
            with _accepted(scheduled.voice_channel_id, "create_events"):
                event = await self._event(scheduled)
        except (BoardUnreachable, PermissionMissing):
            return True
        return event is not None and event.status is not discord.EventStatus.cancelled

    async def post_sign_up(self, state: SignUpState) -> int:
        """Post the message with the buttons."""
        scheduled = state.scheduled
        with _accepted(scheduled.chat_channel_id, "send_messages"):
            message = await self._chat(scheduled).send(
                texts.sign_up_text(state), view=sign_up_view(scheduled.scheduled_id), allowed_mentions=NO_PINGS
            )
        return message.id

    async def show_sign_up(self, state: SignUpState) -> None:
        """Bring that message up to date, if it is still there; a closed one has no buttons."""
        scheduled = state.scheduled
        assert scheduled.message_id is not None, "a message is posted before it is shown again"
        view = sign_up_view(scheduled.scheduled_id) if scheduled.is_open else None
        with _accepted(scheduled.chat_channel_id, "send_messages"), suppress(discord.NotFound):
            message = self._chat(scheduled).get_partial_message(scheduled.message_id)
            await message.edit(content=texts.sign_up_text(state), view=view, allowed_mentions=NO_PINGS)

    async def post_invitation(self, state: InvitationState) -> int:
        """Post an invitation to rate a session."""
        with _accepted(state.invitation.channel_id, "send_messages"), speaking(self._phrases_in(state.language)):
            message = await self._chat_of(state).send(
                invitation_text(state), view=_invitation_view(state), allowed_mentions=NO_PINGS
            )
        return message.id

    async def show_invitation(self, state: InvitationState) -> None:
        """Bring an invitation up to date, if it is still there; a closed one has no button."""
        message_id = state.invitation.message_id
        assert message_id is not None, "a message is posted before it is shown again"
        view = None if state.invitation.closed_at else _invitation_view(state)
        accepted = _accepted(state.invitation.channel_id, "send_messages")
        with accepted, suppress(discord.NotFound), speaking(self._phrases_in(state.language)):
            message = self._chat_of(state).get_partial_message(message_id)
            await message.edit(content=invitation_text(state), view=view, allowed_mentions=NO_PINGS)

    def _chat_of(self, state: InvitationState) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(state.invitation.channel_id, guild_id=state.guild_id)

    async def tell(self, discord_user_id: UserId, notice: Notice, scheduled: ScheduledSession) -> bool:
        """Tell one person by direct message."""
        text = texts.notice_text(notice, scheduled, self._guild_name(scheduled))
        view = notice_view(notice, scheduled.scheduled_id)
        return await self._whispers.tell_by_message(discord_user_id, text, view) is not None

    async def mention(self, discord_user_ids: Sequence[UserId], notice: Notice, scheduled: ScheduledSession) -> None:
        """Tell people in the chat in which the session was announced."""
        try:
            for first in range(0, len(discord_user_ids), MOST_MENTIONS):
                await self._mention(discord_user_ids[first : first + MOST_MENTIONS], notice, scheduled)
        except (BoardUnreachable, PermissionMissing):
            _log.info("%d people could not be told about a scheduled session.", len(discord_user_ids))

    async def _mention(self, users: Sequence[UserId], notice: Notice, scheduled: ScheduledSession) -> None:
        text = texts.notice_text(notice, scheduled, self._guild_name(scheduled))
        with _accepted(scheduled.chat_channel_id, "send_messages"):
            await self._chat(scheduled).send(
                texts.mention_text(users, text),
                view=notice_view(notice, scheduled.scheduled_id) or discord.utils.MISSING,
                allowed_mentions=discord.AllowedMentions(users=[discord.Object(user) for user in users]),
            )

    def _guild(self, scheduled: ScheduledSession) -> discord.Guild:
        guild = self._client.get_guild(scheduled.guild_id)
        if guild is None:
            raise BoardUnreachable
        return guild

    def _guild_name(self, scheduled: ScheduledSession) -> str:
        guild = self._client.get_guild(scheduled.guild_id)
        return guild.name if guild else str(scheduled.guild_id)

    def _chat(self, scheduled: ScheduledSession) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(scheduled.chat_channel_id, guild_id=scheduled.guild_id)

    async def _event(self, scheduled: ScheduledSession) -> discord.ScheduledEvent | None:
        """Discord's event as Discord has it now; None if it was deleted."""
        if scheduled.event_id is None:
            return None
        try:
            return await self._guild(scheduled).fetch_scheduled_event(scheduled.event_id)
        except discord.NotFound:
            return None


def _invitation_view(state: InvitationState) -> discord.ui.View:
    return invitation_view(state.invitation.session_id, state.invitation.invitation_id)


def _start(scheduled: ScheduledSession) -> datetime:
    return datetime.fromisoformat(scheduled.starts_at)


def _end(scheduled: ScheduledSession) -> datetime:
    return _start(scheduled) + timedelta(minutes=scheduled.minutes)


@contextmanager
def _accepted(channel_id: int, permission: str) -> Generator[None]:
    """Raise PermissionMissing if Discord forbids something, BoardUnreachable for everything else that it refuses."""
    try:
        yield
    except discord.Forbidden as error:
        raise PermissionMissing(channel_id, [permission]) from error
    except (discord.DiscordException, *UNREACHABLE) as error:
        raise BoardUnreachable from error
