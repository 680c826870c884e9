"""Who sees a channel and a message, and which parts of it. Pure functions over the state."""

from __future__ import annotations

from bot.embedded.guild.permissions import channel_permissions
from bot.embedded.guild.records import Attachment, Message
from bot.embedded.guild.state import State
from bot.embedded.guild.world import Permission
from bot.embedded.limits import components
from bot.embedded.limits.messages import COMPONENTS_V2


def sees_channel(state: State, user_id: int, channel_id: int) -> bool:
    """Whether a user may read a channel: their own DM, or one they may view (and connect to, for voice chats)."""
    if state.dm_channels.get(user_id) == channel_id:
        return True
    channel = state.channels.get(channel_id)
    if channel is None or user_id in state.departed:
        return False
    needed = Permission.VIEW_CHANNEL | (Permission.CONNECT if channel.kind != "text" else Permission(0))
    return channel_permissions(state.world, channel, user_id) & needed == needed


def sees_message(state: State, user_id: int, message: Message) -> bool:
    """Whether a person sees a message. Only the person whom it answers sees an ephemeral one."""
    if message.is_ephemeral:
        return message.viewer_id == user_id
    return sees_channel(state, user_id, message.channel_id)


def shown_attachments(message: Message) -> list[Attachment]:
    """Return the files a person can open: all of them, or with Components V2 those that a component refers to."""
    if not message.flags & COMPONENTS_V2:
        return list(message.attachments)
    named: set[str] = set()
    for component in components.walk(message.components):
        items = component.get("items") or ()
        for media in (component.get("file"), component.get("media"), *(item.get("media") for item in items)):
            if media:
                named.add(str(media.get("url", "")).removeprefix("attachment://"))
    return [each for each in message.attachments if each.filename in named]
