"""What a client offers: which commands somebody sees in a channel, and the people and channels options name.

Pure functions over the state. Source: Discord's documentation, "Application Commands" > "Permissions" and "Contexts".
"""

from __future__ import annotations

from typing import Any

from bot.rehearsal.embedded import commands, payloads
from bot.rehearsal.embedded.permissions import ALL, channel_permissions
from bot.rehearsal.embedded.sent_commands import NotSendable
from bot.rehearsal.embedded.state import State

_GUILD_CONTEXT, _BOT_DM_CONTEXT = 0, 1

Resolved = dict[str, dict[str, Any]]


def commands_for(state: State, user_id: int, channel_id: int) -> list[dict[str, Any]]:
    """The commands that somebody is offered in a channel, the guild's own first."""
    channel = state.channels.get(channel_id)
    everywhere = state.commands.get(None, [])
    if channel is None:
        return [each for each in everywhere if _works_in_dms(each)]
    of_guild = state.commands.get(state.world.guild_id, [])
    granted = channel_permissions(state.world, channel, user_id)
    return [each for each in (*of_guild, *everywhere) if _is_offered(each, granted)]


def resolved(state: State, options: list[dict[str, Any]]) -> Resolved:
    """The users, members, channels and roles that options name; NotSendable when there is no such one."""
    found: Resolved = {}
    for option in _leaves(options):
        kind, value = option["type"], str(option["value"])
        if kind in (commands.USER, commands.MENTIONABLE):
            resolve_user(state, found, value)
        elif kind == commands.CHANNEL:
            if int(value) not in state.channels:
                raise NotSendable(f"There is no channel {value}.")
            channel = payloads.interaction_channel(state, int(value), state.world.bot.user_id)
            found.setdefault("channels", {})[value] = channel
        elif kind == commands.ROLE:
            roles = {role["id"]: role for role in payloads.roles(state)}
            if value not in roles:
                raise NotSendable(f"There is no role {value}.")
            found.setdefault("roles", {})[value] = roles[value]
    return found


def resolve_user(state: State, found: Resolved, user_id: str) -> None:
    """Add a user and member to what was found; NotSendable for a stranger."""
    if int(user_id) not in state.people and int(user_id) != state.world.bot.user_id:
        raise NotSendable(f"There is no member {user_id}.")
    found.setdefault("users", {})[user_id] = payloads.user(state, int(user_id))
    member = payloads.member(state, int(user_id), with_user=False) | {"permissions": "0"}
    found.setdefault("members", {})[user_id] = member


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
