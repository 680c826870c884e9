"""Registration of application commands, global and of the guild."""

from __future__ import annotations

from aiohttp import web

from bot.embedded import errors
from bot.embedded.errors import Form
from bot.embedded.hub import HUB
from bot.embedded.limits.commands import check_command, check_commands
from bot.embedded.rest.bodies import answer, body_of, nothing

_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


def _scope(request: web.Request) -> int | None:
    world = request.app[HUB].state.world
    if request.match_info["application_id"] != str(world.bot.application_id):
        raise errors.DiscordError(403, 20012, "You are not authorized to perform this action on this application")
    guild_id = request.match_info.get("guild_id")
    if guild_id is not None and guild_id != str(world.guild_id):
        raise errors.missing_access()
    return int(guild_id) if guild_id else None


async def get_commands(request: web.Request) -> web.Response:
    """GET: all commands of the scope."""
    return answer(request.app[HUB].state.commands.get(_scope(request), []))


async def put_commands(request: web.Request) -> web.Response:
    """PUT: replace all commands of the scope."""
    scope, commands = _scope(request), body_of(request).data
    check_commands(commands)
    hub = request.app[HUB]
    hub.journal.write("commands_registered", guild_id=scope, names=[each["name"] for each in commands])
    return answer(hub.state.set_commands(scope, commands))


async def post_command(request: web.Request) -> web.Response:
    """POST: add a command, or replace the one with the same name."""
    scope, command = _scope(request), body_of(request).as_object()
    form = Form()
    check_command(form, (), command)
    form.settle()
    state = request.app[HUB].state
    key = (command.get("type") or 1, command["name"])
    others = [each for each in state.commands.get(scope, []) if (each["type"], each["name"]) != key]
    return answer(state.set_commands(scope, [*others, command])[-1], 201 if others else 200)


async def get_command(request: web.Request) -> web.Response:
    """GET: one command."""
    for command in request.app[HUB].state.commands.get(_scope(request), []):
        if command["id"] == request.match_info["command_id"]:
            return answer(command)
    raise errors.unknown_command()


async def delete_command(request: web.Request) -> web.Response:
    """DELETE: one command."""
    scope, state = _scope(request), request.app[HUB].state
    commands = state.commands.get(scope, [])
    left = [each for each in commands if each["id"] != request.match_info["command_id"]]
    if len(left) == len(commands):
        raise errors.unknown_command()
    state.set_commands(scope, left)
    return nothing()


ROUTES = tuple(
    route
    for base in (_GLOBAL, _GUILD)
    for route in (
        ("GET", base, get_commands),
        ("PUT", base, put_commands),
        ("POST", base, post_command),
        ("GET", base + "/{command_id}", get_command),
        ("DELETE", base + "/{command_id}", delete_command),
    )
)
