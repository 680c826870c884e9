"""The guild: its members, roles, channels and voice states."""

from __future__ import annotations

from aiohttp import web

from bot.embedded import errors
from bot.embedded.errors import Form
from bot.embedded.guild import payloads
from bot.embedded.guild.permissions import base_permissions
from bot.embedded.guild.world import Permission
from bot.embedded.hub import HUB, Hub
from bot.embedded.limits.messages import NICK_LENGTH
from bot.embedded.rest.bodies import answer, body_of
from bot.embedded.rest.drafts import UnknownFeature

_BASE = "/guilds/{guild_id}"


def hub_of(request: web.Request) -> Hub:
    """The guild that a request names. Refused if the bot is not in it."""
    hub = request.app[HUB]
    if request.match_info["guild_id"] != str(hub.state.world.guild_id) or not hub.state.has_bot:
        raise errors.unknown_guild()
    return hub


def _user_id(request: web.Request, hub: Hub) -> int:
    named = request.match_info.get("user_id", "@me")
    return hub.state.world.bot.user_id if named == "@me" else int(named)


async def get_guild(request: web.Request) -> web.Response:
    """GET guilds/{guild_id}."""
    return answer(payloads.guild(hub_of(request).state))


async def get_channels(request: web.Request) -> web.Response:
    """GET guilds/{guild_id}/channels."""
    state = hub_of(request).state
    return answer([payloads.channel(state, channel) for channel in state.channels.values()])


async def get_roles(request: web.Request) -> web.Response:
    """GET guilds/{guild_id}/roles."""
    return answer(payloads.roles(hub_of(request).state))


async def get_member(request: web.Request) -> web.Response:
    """GET guilds/{guild_id}/members/{user_id}."""
    hub = hub_of(request)
    user_id = _user_id(request, hub)
    is_person = user_id in hub.state.people and user_id not in hub.state.departed
    if not is_person and user_id != hub.state.world.bot.user_id:
        raise errors.unknown_member()
    return answer(payloads.member(hub.state, user_id))


async def patch_current_member(request: web.Request) -> web.Response:
    """PATCH guilds/{guild_id}/members/@me: change the bot's nickname; needs Change Nickname."""
    hub = hub_of(request)
    state, body = hub.state, body_of(request).as_object()
    if unknown := set(body) - {"nick"}:
        raise UnknownFeature(f"member field {sorted(unknown)}")
    form = Form()
    form.text(("nick",), body.get("nick"), 0, NICK_LENGTH)
    form.settle()
    bot_id = state.world.bot.user_id
    if not base_permissions(state.world, bot_id) & Permission.CHANGE_NICKNAME:
        raise errors.missing_permissions()
    state.set_nick(bot_id, body.get("nick"))
    return answer(payloads.member(state, bot_id))


async def get_voice_state(request: web.Request) -> web.Response:
    """GET guilds/{guild_id}/voice-states/{user_id} and @me."""
    hub = hub_of(request)
    user_id = _user_id(request, hub)
    voice_state = hub.state.voice_states.get(user_id)
    if voice_state is None:
        raise errors.unknown_voice_state()
    return answer(payloads.voice_state(hub.state, user_id, voice_state))


ROUTES = (
    ("GET", _BASE, get_guild),
    ("GET", _BASE + "/channels", get_channels),
    ("GET", _BASE + "/roles", get_roles),
    ("PATCH", _BASE + "/members/@me", patch_current_member),
    ("GET", _BASE + "/members/{user_id}", get_member),
    ("GET", _BASE + "/voice-states/@me", get_voice_state),
    ("GET", _BASE + "/voice-states/{user_id}", get_voice_state),
)
