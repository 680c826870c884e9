"""Messages in channels: the guild's, voice channels' chats, and direct ones."""

from __future__ import annotations

from aiohttp import web

from bot.embedded import errors
from bot.embedded.guild import message_payloads
from bot.embedded.guild.permissions import channel_permissions
from bot.embedded.guild.records import Message
from bot.embedded.guild.visibility import sees_channel
from bot.embedded.guild.world import Permission
from bot.embedded.hub import HUB, Hub
from bot.embedded.limits.messages import EPHEMERAL
from bot.embedded.rest.bodies import answer, body_of, nothing
from bot.embedded.rest.drafts import Draft

_NOTHING = Permission(0)
_BASE = "/channels/{channel_id}/messages"
NONCE_SECONDS = 300.0
"""For how long an enforced nonce is unique: "the past few minutes" (Discord's documentation, "Create Message")."""


def check_access(hub: Hub, channel_id: int, needed: Permission = _NOTHING) -> None:
    """Refuse a channel that is unknown, that the bot cannot see, or in which it lacks a permission."""
    state = hub.state
    if state.dm_partner(channel_id) is not None:
        return
    channel = state.channels.get(channel_id)
    if channel is None:
        raise errors.unknown_channel()
    granted = channel_permissions(state.world, channel, state.world.bot.user_id)
    if not state.has_bot or not granted & Permission.VIEW_CHANNEL:
        raise errors.missing_access()
    if granted & needed != needed:
        raise errors.missing_permissions()


def _needed(draft: Draft) -> Permission:
    needed = Permission.SEND_MESSAGES
    if draft.fields.get("embeds"):
        needed |= Permission.EMBED_LINKS
    if draft.uploads:
        needed |= Permission.ATTACH_FILES
    return needed


def _find(request: web.Request) -> Message:
    hub, channel_id = request.app[HUB], int(request.match_info["channel_id"])
    check_access(hub, channel_id)
    message = hub.state.messages.get(int(request.match_info["message_id"]))
    # An ephemeral message is in no channel: it can be reached only through its interaction.
    if message is None or message.channel_id != channel_id or message.is_ephemeral:
        raise errors.unknown_message()
    return message


async def post_message(request: web.Request) -> web.Response:
    """POST: send a message."""
    hub, channel_id = request.app[HUB], int(request.match_info["channel_id"])
    draft = Draft.of(body_of(request))
    check_access(hub, channel_id, _needed(draft))
    partner = hub.state.dm_partner(channel_id)
    if partner is not None and not partner.accepts_dms:
        raise errors.dms_closed()
    draft.check_new()
    if (earlier := _same_nonce(hub, channel_id, draft)) is not None:
        return answer(message_payloads.message(hub.state, earlier, hub.base_url))
    message = draft.new_message(hub.state, channel_id, flags=draft.flags & ~EPHEMERAL)
    return answer(message_payloads.message(hub.state, hub.state.add_message(message), hub.base_url))


def _same_nonce(hub: Hub, channel_id: int, draft: Draft) -> Message | None:
    """The message that an enforced nonce stands for, if the bot has written it in the past few minutes."""
    nonce = draft.fields.get("nonce")
    if not draft.fields.get("enforce_nonce") or nonce is None:
        return None
    for message in reversed(hub.state.messages.values()):
        is_recent = hub.clock.wall() - message.created_at < NONCE_SECONDS
        is_own = message.author_id == hub.state.world.bot.user_id and message.channel_id == channel_id
        if is_own and is_recent and message.nonce == str(nonce):
            return message
    return None


async def get_messages(request: web.Request) -> web.Response:
    """GET: the newest messages first; none without Read Message History."""
    hub, channel_id = request.app[HUB], int(request.match_info["channel_id"])
    check_access(hub, channel_id)
    state = hub.state
    if state.dm_partner(channel_id) is None:
        if not sees_channel(state, state.world.bot.user_id, channel_id):
            raise errors.missing_access()
        granted = channel_permissions(state.world, state.channels[channel_id], state.world.bot.user_id)
        if not granted & Permission.READ_MESSAGE_HISTORY:
            return answer([])
    before = int(request.query.get("before", 1 << 63))
    after = int(request.query.get("after", 0))
    found = [
        message
        for message in state.messages.values()
        if message.channel_id == channel_id and not message.is_ephemeral and after < message.message_id < before
    ]
    found.sort(key=lambda message: message.message_id, reverse=not after)
    limited = found[: int(request.query.get("limit", 50))]
    return answer([message_payloads.message(state, message, hub.base_url) for message in limited])


async def get_message(request: web.Request) -> web.Response:
    """GET: one message."""
    hub = request.app[HUB]
    return answer(message_payloads.message(hub.state, _find(request), hub.base_url))


async def patch_message(request: web.Request) -> web.Response:
    """PATCH: change one of the bot's own messages."""
    hub, message = request.app[HUB], _find(request)
    if message.author_id != hub.state.world.bot.user_id:
        raise errors.wrong_author()
    draft = Draft.of(body_of(request))
    if draft.uploads:
        check_access(hub, message.channel_id, Permission.ATTACH_FILES)
    now = hub.clock.wall()
    if (retry_after := hub.old_edits.take(message.channel_id, now - message.created_at, now)) is not None:
        raise errors.too_many_old_edits(retry_after)
    hub.state.edit_message(message, **draft.changes(hub.state, message))
    return answer(message_payloads.message(hub.state, message, hub.base_url))


async def delete_message(request: web.Request) -> web.Response:
    """DELETE: a message; another user's needs Manage Messages."""
    hub, message = request.app[HUB], _find(request)
    if message.author_id != hub.state.world.bot.user_id:
        check_access(hub, message.channel_id, Permission.MANAGE_MESSAGES)
    hub.state.delete_message(message)
    return nothing()


ROUTES = (
    ("GET", _BASE, get_messages),
    ("POST", _BASE, post_message),
    ("GET", _BASE + "/{message_id}", get_message),
    ("PATCH", _BASE + "/{message_id}", patch_message),
    ("DELETE", _BASE + "/{message_id}", delete_message),
)
