"""What the state consists of, and the events that report its changes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from bot.embedded.guild.world import Channel

DISCORD_EPOCH_MS = 1_420_070_400_000
"""First millisecond of 2015, from which snowflakes count (Discord's documentation, "Snowflakes")."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message; `secret` is the part of its address that no one can guess."""

    attachment_id: int
    filename: str
    content_type: str
    data: bytes
    description: str | None = None
    secret: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class InteractionMark:
    """Which interaction a message answers, and which user's it was."""

    interaction_id: int
    interaction_type: int
    user_id: int
    command_name: str | None = None


@dataclass(slots=True)
class Message:
    """A message in its current form. If it is ephemeral, only `viewer_id` sees it."""

    message_id: int
    channel_id: int
    author_id: int
    content: str = ""
    components: list[dict[str, Any]] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    viewer_id: int | None = None
    mark: InteractionMark | None = None
    reference: dict[str, Any] | None = None
    nonce: str | None = None
    edited_at: float | None = None

    @property
    def created_at(self) -> float:
        """When it was written, in Unix time: what its id says."""
        return ((self.message_id >> 22) + DISCORD_EPOCH_MS) / 1_000

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.viewer_id is not None


@dataclass(frozen=True, slots=True)
class VoiceState:
    """The voice channel of a user; `session_id` belongs to the connection that asked for it.

    `mute` and `deaf` are a moderator's, `self_mute` and `self_deaf` the user's own. Someone who is `suppress`ed may not
    speak there.
    """

    user_id: int
    channel_id: int
    session_id: str
    self_mute: bool = False
    self_deaf: bool = False
    mute: bool = False
    deaf: bool = False
    suppress: bool = False


@dataclass(frozen=True, slots=True)
class MessageCreated:
    """A message appeared."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A message changed."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message was deleted."""

    message: Message


@dataclass(frozen=True, slots=True)
class VoiceStateChanged:
    """A user joined, moved, left (`after` is None) or changed their muting."""

    user_id: int
    before: VoiceState | None
    after: VoiceState | None


@dataclass(frozen=True, slots=True)
class NickChanged:
    """A user's nickname in the guild changed; None stands for the account's own name."""

    user_id: int
    nick: str | None


@dataclass(frozen=True, slots=True)
class ChannelChanged:
    """What a channel grants or denies has changed."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelDeleted:
    """A channel was deleted, with the messages in it."""

    channel: Channel


class EventStatus(IntEnum):
    """Where a scheduled event is (Discord's documentation, "Guild Scheduled Event Status")."""

    SCHEDULED = 1
    ACTIVE = 2
    COMPLETED = 3
    CANCELED = 4


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """A scheduled event in a voice channel; times are ISO 8601 as they were sent."""

    event_id: int
    name: str
    channel_id: int
    starts_at: str
    description: str | None = None
    ends_at: str | None = None
    status: EventStatus = EventStatus.SCHEDULED


@dataclass(frozen=True, slots=True)
class ScheduledEventCreated:
    """An event was scheduled."""

    event: ScheduledEvent


@dataclass(frozen=True, slots=True)
class ScheduledEventChanged:
    """An event was changed, begun, ended or cancelled."""

    event: ScheduledEvent


@dataclass(frozen=True, slots=True)
class ScheduledEventDeleted:
    """An event was deleted."""

    event: ScheduledEvent


@dataclass(frozen=True, slots=True)
class BotRemoved:
    """The bot was kicked from the guild."""


Event = (
    MessageCreated
    | MessageEdited
    | MessageDeleted
    | VoiceStateChanged
    | NickChanged
    | ChannelChanged
    | ChannelDeleted
    | ScheduledEventCreated
    | ScheduledEventChanged
    | ScheduledEventDeleted
    | BotRemoved
)
