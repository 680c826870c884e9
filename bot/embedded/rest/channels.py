"""Channels, and opening direct messages."""

from __future__ import annotations

from aiohttp import web

from bot.embedded import errors
from bot.embedded.guild import payloads
from bot.embedded.hub import HUB
from bot.embedded.rest.bodies import answer, body_of
from bot.embedded.rest.messages import check_access


async def get_channel(request: web.Request) -> web.Response:
    """GET channels/{channel_id}."""
    hub, channel_id = request.app[HUB], int(request.match_info["channel_id"])
    check_access(hub, channel_id)
    return answer(payloads.any_channel(hub.state, channel_id))


async def post_dm(request: web.Request) -> web.Response:
    """POST users/@me/channels: open direct messages. This succeeds even with a user who accepts none."""
    state = request.app[HUB].state
    recipient = int(body_of(request).as_object().get("recipient_id") or 0)
    if recipient not in state.people:
        raise errors.unknown_user()
    state.open_dm(recipient)
    return answer(payloads.dm_channel(state, recipient))


ROUTES = (
    ("GET", "/channels/{channel_id}", get_channel),
    ("POST", "/users/@me/channels", post_dm),
)
