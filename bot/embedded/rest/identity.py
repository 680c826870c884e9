"""Who the bot and others are, and where the gateway is."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.embedded import errors
from bot.embedded.guild import payloads
from bot.embedded.hub import HUB
from bot.embedded.rest.bodies import answer


async def get_current_user(request: web.Request) -> web.Response:
    """GET users/@me."""
    state = request.app[HUB].state
    return answer(payloads.user(state, state.world.bot.user_id))


async def get_user(request: web.Request) -> web.Response:
    """GET users/{user_id}: anyone's account, whether they are in the bot's guild or not; here, only the guild's."""
    state, user_id = request.app[HUB].state, int(request.match_info["user_id"])
    if user_id not in state.people and user_id != state.world.bot.user_id:
        raise errors.unknown_user()
    return answer(payloads.user(state, user_id))


async def get_current_application(request: web.Request) -> web.Response:
    """GET oauth2/applications/@me and applications/@me."""
    state = request.app[HUB].state
    bot, owner_id = state.world.bot, state.world.owner_id
    owner: dict[str, Any] = {
        "id": str(owner_id),
        "username": "owner",
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
    }
    return answer(
        {
            "id": str(bot.application_id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": owner,
            "team": None,
            "summary": "",
        }
    )


async def get_gateway(request: web.Request) -> web.Response:
    """GET gateway."""
    return answer({"url": request.app[HUB].gateway.url})


async def get_bot_gateway(request: web.Request) -> web.Response:
    """GET gateway/bot."""
    starts = {"total": 1_000, "remaining": 1_000, "reset_after": 0, "max_concurrency": 1}
    return answer({"url": request.app[HUB].gateway.url, "shards": 1, "session_start_limit": starts})


ROUTES = (
    ("GET", "/users/@me", get_current_user),
    ("GET", "/users/{user_id}", get_user),
    ("GET", "/oauth2/applications/@me", get_current_application),
    ("GET", "/applications/@me", get_current_application),
    ("GET", "/gateway", get_gateway),
    ("GET", "/gateway/bot", get_bot_gateway),
)
