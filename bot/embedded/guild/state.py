"""What the embedded Discord knows: messages, voice states, nicknames, commands. Only this module changes it.

A plain model in memory. Listeners get each change as a frozen event, synchronously and in order; the gateway and the
people's sockets turn events into what each user may see.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.embedded.clock import Clock
from bot.embedded.guild.permissions import may
from bot.embedded.guild.records import (
    DISCORD_EPOCH_MS,
    Attachment,
    BotRemoved,
    ChannelChanged,
    ChannelDeleted,
    Event,
    Message,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    NickChanged,
    ScheduledEvent,
    ScheduledEventChanged,
    ScheduledEventCreated,
    ScheduledEventDeleted,
    VoiceState,
    VoiceStateChanged,
)
from bot.embedded.guild.world import Channel, Overwrite, Permission, Profile, World
from bot.embedded.limits import components

Listener = Callable[[Event], None]


class State:
    """The model. Its fields can be read freely; only its methods change them."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self._clock = clock
        self.channels: dict[int, Channel] = {each.channel_id: each for each in world.channels}
        self.people: dict[int, Profile] = {person.user_id: person for person in world.people}
        self.messages: dict[int, Message] = {}
        self.uploads: dict[int, Attachment] = {}
        self.dm_channels: dict[int, int] = {}
        self.voice_states: dict[int, VoiceState] = {}
        self.server_mutes: set[int] = set()
        self.server_deafs: set[int] = set()
        self.has_bot = world.bot.is_invited
        self.nicks: dict[int, str] = {}
        self.scheduled_events: dict[int, ScheduledEvent] = {}
        self.departed: set[int] = set()
        self.commands: dict[int | None, list[dict[str, Any]]] = {}
        self._listeners: list[Listener] = []
        self._last_id = 0

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every event from now on."""
        self._listeners.append(listener)

    def new_id(self) -> int:
        """Return a snowflake of this moment, larger than all previous ones."""
        now_ms = int(self._clock.wall() * 1_000) - DISCORD_EPOCH_MS
        self._last_id = max(self._last_id + 1, now_ms << 22)
        return self._last_id

    def add_message(self, message: Message) -> Message:
        """Add a new message to its channel."""
        components.assign_ids(message.components)
        self.messages[message.message_id] = message
        self._tell(MessageCreated(message))
        return message

    def edit_message(self, message: Message, **changes: Any) -> Message:
        """Change fields of a message and note the time of the edit."""
        for name, value in changes.items():
            setattr(message, name, value)
        components.assign_ids(message.components)
        message.edited_at = self._clock.wall()
        self._tell(MessageEdited(message))
        return message

    def delete_message(self, message: Message) -> None:
        """Remove a message."""
        del self.messages[message.message_id]
        self._tell(MessageDeleted(message))

    def add_upload(self, filename: str, data: bytes) -> Attachment:
        """Keep a file that a person sends with a command. No event is sent."""
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        file = Attachment(self.new_id(), filename, kind, data)
        self.uploads[file.attachment_id] = file
        return file

    def open_dm(self, user_id: int) -> int:
        """Return the channel of direct messages between the bot and a person. It is created on first use."""
        return self.dm_channels.setdefault(user_id, self.new_id())

    def dm_partner(self, channel_id: int) -> Profile | None:
        """Return the person on the other side of a DM channel, or None if it is another kind of channel."""
        for user_id, dm_id in self.dm_channels.items():
            if dm_id == channel_id:
                return self.people.get(user_id)
        return None

    def set_voice(self, user_id: int, after: VoiceState | None) -> None:
        """Set a user's voice state, or remove it (None). Without a change, nothing happens.

        What a moderator did to the user sticks to them, whatever `after` says, and so does what they may do there.
        """
        before = self.voice_states.get(user_id)
        if after is not None:
            after = replace(
                after,
                mute=user_id in self.server_mutes,
                deaf=user_id in self.server_deafs,
                suppress=self._is_suppressed(user_id, self.channels[after.channel_id]),
            )
        if before == after:
            return
        if after is None:
            del self.voice_states[user_id]
        else:
            self.voice_states[user_id] = after
        self._tell(VoiceStateChanged(user_id, before, after))

    def moderate(self, user_id: int, *, mute: bool | None = None, deaf: bool | None = None) -> None:
        """Mute or deafen a user in voice for the whole guild, or end that (False); None leaves it as it is."""
        for are_so, is_so in ((self.server_mutes, mute), (self.server_deafs, deaf)):
            if is_so is not None:
                (are_so.add if is_so else are_so.discard)(user_id)
        self.set_voice(user_id, self.voice_states.get(user_id))

    def set_overwrites(self, channel_id: int, overwrites: tuple[Overwrite, ...]) -> None:
        """Change what a channel grants and denies. Those who are in voice there stay, but may be suppressed."""
        channel = replace(self.channels[channel_id], overwrites=overwrites)
        self.channels[channel_id] = channel
        self._tell(ChannelChanged(channel))
        for voice_state in list(self.voice_states.values()):
            if voice_state.channel_id == channel_id:
                self.set_voice(voice_state.user_id, voice_state)

    def delete_channel(self, channel_id: int) -> None:
        """Delete a channel and its messages. Who was in voice there is in no channel any more."""
        channel = self.channels.pop(channel_id)
        for message in list(self.messages.values()):
            if message.channel_id == channel_id:
                del self.messages[message.message_id]
        self._tell(ChannelDeleted(channel))
        for voice_state in list(self.voice_states.values()):
            if voice_state.channel_id == channel_id:
                self.set_voice(voice_state.user_id, None)

    def set_scheduled_event(self, event: ScheduledEvent) -> None:
        """Add a scheduled event, or change one."""
        is_new = event.event_id not in self.scheduled_events
        self.scheduled_events[event.event_id] = event
        self._tell(ScheduledEventCreated(event) if is_new else ScheduledEventChanged(event))

    def delete_scheduled_event(self, event_id: int) -> None:
        """Delete a scheduled event."""
        self._tell(ScheduledEventDeleted(self.scheduled_events.pop(event_id)))

    def remove_bot(self) -> None:
        """Kick the bot from the guild: it gets no more of the guild's events."""
        self._tell(BotRemoved())
        self.has_bot = False

    def _is_suppressed(self, user_id: int, channel: Channel) -> bool:
        """Whether a user may not speak: in the audience of a stage, in the AFK channel, or without Speak."""
        if channel.kind == "stage" or channel.channel_id == self.world.afk_channel_id:
            return True
        return not may(self.world, channel, user_id, Permission.SPEAK)

    def leave_guild(self, user_id: int) -> None:
        """Take a person out of the guild; their direct messages with the bot stay. No event is sent."""
        self.departed.add(user_id)

    def set_nick(self, user_id: int, nick: str | None) -> None:
        """Set a user's nickname. None or empty restores the account's name."""
        if nick:
            self.nicks[user_id] = nick
        else:
            self.nicks.pop(user_id, None)
        self._tell(NickChanged(user_id, nick or None))

    def set_commands(self, guild_id: int | None, commands: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Replace all commands of one guild, or all global ones (None). Unchanged names keep their ids."""
        old = {(each["type"], each["name"]): each["id"] for each in self.commands.get(guild_id, ())}
        kept: list[dict[str, Any]] = []
        for command in commands:
            key = (command.get("type") or 1, command["name"])
            kept.append(
                {
                    "default_member_permissions": None,
                    "description": "",
                    "options": [],
                    "nsfw": False,
                    **command,
                    "id": old.get(key) or str(self.new_id()),
                    "type": key[0],
                    "application_id": str(self.world.bot.application_id),
                    "version": str(self.new_id()),
                }
                | ({"guild_id": str(guild_id)} if guild_id else {})
            )
        self.commands[guild_id] = kept
        return kept

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)
