"""What people see of sessions that are scheduled: Discord's event, the message with the buttons, and direct messages.

`bot.stage` implements it on Discord; services never import that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.ids import GuildId, UserId
from bot.domain.sign_ups import Roster
from bot.store.records import Invitation, ScheduledSession


class Notice(StrEnum):
    """What one person is told about a scheduled session."""

    REMINDER = "reminder"
    REMINDER_ON_STANDBY = "reminder_on_standby"
    MOVED_UP = "moved_up"
    """They waited for a place, and have one now."""
    PLACE_FREE = "place_free"
    """They are on standby, and can have a place if they want it."""
    MOVED = "moved"
    """It begins at another time."""
    CANCELLED = "cancelled"
    EVENT_DELETED = "event_deleted"
    """For the coordinator: someone deleted the event in Discord."""


@dataclass(frozen=True, slots=True)
class SignUpState:
    """What the message about a scheduled session shows."""

    scheduled: ScheduledSession
    roster: Roster


@dataclass(frozen=True, slots=True)
class InvitationState:
    """What the message of an invitation shows, in a `language`; `until_unix` is when rating ends, if that is known."""

    invitation: Invitation
    guild_id: GuildId
    language: str
    until_unix: float | None


class Board(Protocol):
    """What people see of scheduled sessions and invitations. It shows what it gets and asks services for nothing."""

    def require_place(self, guild_id: GuildId, voice_channel_id: int, chat_channel_id: int) -> None:
        """Check that the bot may create an event in a voice channel and post in a chat.

        Raises PermissionMissing, ChannelUnsuited or VoiceUnreachable.
        """
        ...

    async def create_event(self, scheduled: ScheduledSession) -> int:
        """Create Discord's event of a session; returns its id. Raises PermissionMissing or BoardUnreachable."""
        ...

    async def move_event(self, scheduled: ScheduledSession) -> bool:
        """Show the session's time and channel in Discord's event; False if that was deleted.

        Raises what `create_event` raises.
        """
        ...

    async def cancel_event(self, scheduled: ScheduledSession) -> None:
        """Cancel Discord's event, if it is still there. Raises what `create_event` raises."""
        ...

    async def start_event(self, scheduled: ScheduledSession) -> None:
        """Show in Discord that the session has begun, if its event is still there. Raises what `create_event` does."""
        ...

    async def end_event(self, scheduled: ScheduledSession) -> None:
        """Show in Discord that the session is over, if the event is still there. Raises what `create_event` raises."""
        ...

    async def has_event(self, scheduled: ScheduledSession) -> bool:
        """Whether Discord's event is still there; True if Discord does not say."""
        ...

    async def post_sign_up(self, state: SignUpState) -> int:
        """Post the message with the buttons; returns its id. Raises PermissionMissing or BoardUnreachable."""
        ...

    async def show_sign_up(self, state: SignUpState) -> None:
        """Bring that message up to date, if it is still there. Raises BoardUnreachable."""
        ...

    async def post_invitation(self, state: InvitationState) -> int:
        """Post an invitation to rate a session; returns its id. Raises PermissionMissing or BoardUnreachable."""
        ...

    async def show_invitation(self, state: InvitationState) -> None:
        """Bring an invitation up to date, if it is still there. Raises PermissionMissing or BoardUnreachable."""
        ...

    async def tell(self, discord_user_id: UserId, notice: Notice, scheduled: ScheduledSession) -> bool:
        """Tell one person by direct message; False if they accept none, or Discord cannot be reached."""
        ...

    async def mention(self, discord_user_ids: Sequence[UserId], notice: Notice, scheduled: ScheduledSession) -> None:
        """Tell people in the chat in which the session was announced; best effort."""
        ...
