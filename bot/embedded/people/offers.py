"""What a client offers: the commands a user sees in a channel, and the people and channels that options refer to.

Pure functions over the state. Source: Discord's documentation, "Application Commands" > "Permissions" and "Contexts".
"""

from __future__ import annotations

from typing import Any, Final

from bot.embedded.guild import message_payloads, payloads
from bot.embedded.guild.permissions import ALL, channel_permissions
from bot.embedded.guild.state import State
from bot.embedded.guild.visibility import sees_channel
from bot.embedded.limits import commands
from bot.embedded.limits.components import walk
from bot.embedded.limits.kinds import Kind
from bot.embedded.people.sent_commands import NotSendable

_GUILD_CONTEXT, _BOT_DM_CONTEXT = 0, 1

Resolved = dict[str, dict[str, Any]]


def commands_for(state: State, user_id: int, channel_id: int) -> list[dict[str, Any]]:
    """Return the commands that a user is offered in a channel, the guild's own first."""
    channel = state.channels.get(channel_id)
    everywhere = state.commands.get(None, [])
    if channel is None:
        return [each for each in everywhere if _works_in_dms(each)]
    of_guild = state.commands.get(state.world.guild_id, [])
    granted = channel_permissions(state.world, channel, user_id)
    return [each for each in (*of_guild, *everywhere) if _is_offered(each, granted)]


def resolved(state: State, options: list[dict[str, Any]], base_url: str) -> Resolved:
    """Return the users, members, channels, roles and files in `options`. Raises NotSendable if one does not exist."""
    found: Resolved = {}
    for option in _leaves(options):
        kind, value = option["type"], str(option["value"])
        if kind == commands.ATTACHMENT:
            file = message_payloads.sent_file(state, state.uploads[int(value)], base_url)
            found.setdefault("attachments", {})[value] = file
        elif kind in _RESOLVERS:
            _RESOLVERS[kind](state, found, value)
    return found


def resolved_choice(state: State, user_id: int, menu: dict[str, Any], values: list[str]) -> Resolved:
    """Return what the chosen values of a menu refer to. Raises NotSendable if the client does not offer one."""
    found: Resolved = {}
    for value in values:
        if menu["type"] == Kind.CHANNEL_SELECT:
            _check_channel_offered(state, user_id, menu, value)
        if menu["type"] in _MENUS:
            _RESOLVERS[_MENUS[menu["type"]]](state, found, value)
    return found


def resolved_form(state: State, user_id: int, modal: dict[str, Any], filled: list[dict[str, Any]]) -> Resolved:
    """Return what the menus of a submitted form refer to, in one object; `filled` are its components as sent."""
    menus = {part["custom_id"]: part for part in walk(modal["components"]) if part["type"] in _MENUS}
    found: Resolved = {}
    for part in walk(filled):
        if menu := menus.get(part.get("custom_id", "")):
            for name, entries in resolved_choice(state, user_id, menu, part["values"]).items():
                found.setdefault(name, {}).update(entries)
    return found


def _resolve_user(state: State, found: Resolved, user_id: str) -> None:
    if int(user_id) not in state.people and int(user_id) != state.world.bot.user_id:
        raise NotSendable(f"There is no member {user_id}.")
    found.setdefault("users", {})[user_id] = payloads.user(state, int(user_id))
    member = payloads.member(state, int(user_id), with_user=False) | {"permissions": "0"}
    found.setdefault("members", {})[user_id] = member


def _resolve_channel(state: State, found: Resolved, channel_id: str) -> None:
    if int(channel_id) not in state.channels:
        raise NotSendable(f"There is no channel {channel_id}.")
    channel = payloads.interaction_channel(state, int(channel_id), state.world.bot.user_id)
    found.setdefault("channels", {})[channel_id] = channel


def _resolve_role(state: State, found: Resolved, role_id: str) -> None:
    roles = {role["id"]: role for role in payloads.roles(state)}
    if role_id not in roles:
        raise NotSendable(f"There is no role {role_id}.")
    found.setdefault("roles", {})[role_id] = roles[role_id]


def _resolve_mentionable(state: State, found: Resolved, value: str) -> None:
    is_role = any(role["id"] == value for role in payloads.roles(state))
    (_resolve_role if is_role else _resolve_user)(state, found, value)


_RESOLVERS: Final = {
    commands.USER: _resolve_user,
    commands.CHANNEL: _resolve_channel,
    commands.ROLE: _resolve_role,
    commands.MENTIONABLE: _resolve_mentionable,
}
_MENUS: Final = {
    Kind.USER_SELECT: commands.USER,
    Kind.ROLE_SELECT: commands.ROLE,
    Kind.MENTIONABLE_SELECT: commands.MENTIONABLE,
    Kind.CHANNEL_SELECT: commands.CHANNEL,
}


def _check_channel_offered(state: State, user_id: int, menu: dict[str, Any], value: str) -> None:
    channel = state.channels.get(int(value))
    types = menu.get("channel_types")
    is_listed = channel is not None and sees_channel(state, user_id, channel.channel_id)
    if channel is None or not is_listed or (types and payloads.channel(state, channel)["type"] not in types):
        raise NotSendable(f"{menu['custom_id']!r} does not offer the channel {value}.")


def _leaves(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for option in options:
        found += [option] if "value" in option else _leaves(option.get("options") or [])
    return found


def _works_in_dms(command: dict[str, Any]) -> bool:
    contexts = command.get("contexts")
    if contexts is not None:
        return _BOT_DM_CONTEXT in contexts
    return command.get("dm_permission") is not False


def _is_offered(command: dict[str, Any], granted: int) -> bool:
    contexts = command.get("contexts")
    if contexts is not None and _GUILD_CONTEXT not in contexts:
        return False
    needed = command.get("default_member_permissions")
    if needed is None or granted == ALL:
        return True
    # Zero means administrators only.
    return int(needed) != 0 and granted & int(needed) == int(needed)
