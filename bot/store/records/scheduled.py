"""Sessions that are scheduled, and who comes to them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId, ScheduledId, SessionId, UserId
from bot.domain.states import SignUpAnswer


@dataclass(frozen=True, slots=True)
class ScheduledSession:
    """A row of `scheduled_sessions`: a session that is to begin at `starts_at`, for this many performers.

    `time_zone` is the one in which it was scheduled, `timed_at` when this time was chosen. The message with the buttons
    is in `chat_channel_id`. `event_id` is Discord's scheduled event: None once someone has deleted it. `closed_at` is
    when sign-up ended, `session_id` the session that it became.
    """

    scheduled_id: ScheduledId
    guild_id: GuildId
    voice_channel_id: int
    coordinator_user_id: UserId
    title: str
    starts_at: str
    minutes: int
    performers: int
    time_zone: str
    timed_at: str
    chat_channel_id: int
    message_id: int | None = None
    event_id: int | None = None
    cancelled_at: str | None = None
    closed_at: str | None = None
    session_id: SessionId | None = None

    @property
    def is_open(self) -> bool:
        """Whether people can sign up."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class SignUp:
    """A row of `sign_ups`: an account's last answer, its place in the order, and since when they know their place."""

    scheduled_id: ScheduledId
    discord_user_id: UserId
    answer: SignUpAnswer
    number: int
    placed_at: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """A row of `reminders`: so long before the start of a session, it was time to remind an account of it.

    It was reminded then, unless it wants no reminders.
    """

    scheduled_id: ScheduledId
    discord_user_id: UserId
    starts_at: str
    lead_minutes: int
    sent_at: str


@dataclass(frozen=True, slots=True)
class Unreminded:
    """A row of `unreminded`: an account that wants no reminders, on any server."""

    discord_user_id: UserId
    since: str
