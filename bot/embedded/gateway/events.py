"""Events of the state as gateway dispatches: which event a bot with given intents gets. Pure functions.

Source: Discord's documentation, "Gateway" > "List of Intents".
"""

from __future__ import annotations

from enum import IntFlag
from typing import Any, Final

from bot.embedded.guild import message_payloads, payloads
from bot.embedded.guild.records import (
    BotRemoved,
    ChannelChanged,
    ChannelDeleted,
    Event,
    Message,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    NickChanged,
    ScheduledEventChanged,
    ScheduledEventCreated,
    ScheduledEventDeleted,
    VoiceStateChanged,
)
from bot.embedded.guild.state import State
from bot.embedded.guild.visibility import sees_channel

Dispatch = tuple[str, dict[str, Any]]


class Intent(IntFlag):
    """The gateway intents that make a difference here."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_VOICE_STATES = 1 << 7
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
ALL_INTENTS = (1 << 26) - 1
"""Every bit below the highest intent in use; a higher one is invalid (4013)."""


_SCHEDULED_EVENT_NAMES: Final[dict[type, str]] = {
    ScheduledEventCreated: "GUILD_SCHEDULED_EVENT_CREATE",
    ScheduledEventChanged: "GUILD_SCHEDULED_EVENT_UPDATE",
    ScheduledEventDeleted: "GUILD_SCHEDULED_EVENT_DELETE",
}


def dispatch_of(state: State, event: Event, intents: int, base_url: str) -> Dispatch | None:
    """Return the dispatch of an event, or None if a bot with these intents does not get it."""
    if not state.has_bot:
        return None
    if isinstance(event, ChannelChanged | ChannelDeleted | BotRemoved):
        return _guild_dispatch(state, event) if intents & Intent.GUILDS else None
    if isinstance(event, ScheduledEventCreated | ScheduledEventChanged | ScheduledEventDeleted):
        name = _SCHEDULED_EVENT_NAMES[type(event)]
        is_told = intents & Intent.GUILD_SCHEDULED_EVENTS
        return (name, payloads.scheduled_event(state, event.event)) if is_told else None
    if isinstance(event, VoiceStateChanged):
        if not intents & Intent.GUILD_VOICE_STATES:
            return None
        return "VOICE_STATE_UPDATE", payloads.voice_state(state, event.user_id, event.after)
    if isinstance(event, NickChanged):
        # The bot's own member needs no intent.
        if event.user_id != state.world.bot.user_id and not intents & Intent.GUILD_MEMBERS:
            return None
        data = payloads.member(state, event.user_id) | {"guild_id": str(state.world.guild_id)}
        return "GUILD_MEMBER_UPDATE", data
    return _message_dispatch(state, event, intents, base_url)


def _guild_dispatch(state: State, event: ChannelChanged | ChannelDeleted | BotRemoved) -> Dispatch:
    match event:
        case BotRemoved():
            # Without the field `unavailable`: the bot was removed (documentation, "Guild Delete").
            return "GUILD_DELETE", {"id": str(state.world.guild_id)}
        case ChannelChanged(channel):
            return "CHANNEL_UPDATE", payloads.channel(state, channel)
        case ChannelDeleted(channel):
            return "CHANNEL_DELETE", payloads.channel(state, channel)


def _message_dispatch(
    state: State, event: MessageCreated | MessageEdited | MessageDeleted, intents: int, base_url: str
) -> Dispatch | None:
    message, bot_id = event.message, state.world.bot.user_id
    partner = state.dm_partner(message.channel_id)
    needed = Intent.GUILD_MESSAGES if partner is None else Intent.DIRECT_MESSAGES
    may_see = partner is not None or sees_channel(state, bot_id, message.channel_id)
    if message.is_ephemeral or not intents & needed or not may_see:
        return None
    guild = {} if partner else {"guild_id": str(state.world.guild_id)}
    if isinstance(event, MessageDeleted):
        return "MESSAGE_DELETE", guild | {
            "id": str(message.message_id),
            "channel_id": str(message.channel_id),
        }
    data = message_payloads.message(state, message, base_url) | guild
    if partner is None:
        data["member"] = payloads.member(state, message.author_id, with_user=False)
        if message.author_id != bot_id and not _may_read(message, intents, bot_id):
            data |= {"content": "", "embeds": [], "attachments": [], "components": []}
    return ("MESSAGE_CREATE" if isinstance(event, MessageCreated) else "MESSAGE_UPDATE"), data


def _may_read(message: Message, intents: int, bot_id: int) -> bool:
    return bool(intents & Intent.MESSAGE_CONTENT) or f"<@{bot_id}>" in message.content
