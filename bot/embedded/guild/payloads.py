"""The state in Discord's JSON: users, members, channels, guilds. Pure functions.

Fields: Discord's documentation, "Resources".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.embedded.guild.permissions import bits_sent, channel_permissions, role_ids_of, roles_of_guild
from bot.embedded.guild.records import ScheduledEvent, VoiceState
from bot.embedded.guild.state import State
from bot.embedded.guild.world import Channel

JOINED_AT = "2024-01-01T00:00:00.000000+00:00"
_CHANNEL_TYPES = {"text": 0, "voice": 2, "stage": 13}
_DM_TYPE = 1
VOICE_EVENT = 2
"""The kind of a scheduled event in a voice channel, the only one known here."""


def moment(seconds: float) -> str:
    """Return a time of `time.time()` as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def user(state: State, user_id: int) -> dict[str, Any]:
    """Return a user, the bot or a person. Raises KeyError for a stranger."""
    bot = state.world.bot
    is_bot = user_id == bot.user_id
    name = bot.name if is_bot else state.people[user_id].name
    return {
        "id": str(user_id),
        "username": name if is_bot else name.lower(),
        "global_name": None if is_bot else name,
        "discriminator": "0001" if is_bot else "0",
        "avatar": None,
        "bot": is_bot,
        "public_flags": 0,
        "flags": 0,
    }


def member(state: State, user_id: int, *, with_user: bool = True) -> dict[str, Any]:
    """Return a member of the guild."""
    data: dict[str, Any] = {
        "nick": state.nicks.get(user_id),
        "avatar": None,
        "roles": [str(role_id) for role_id in role_ids_of(state.world, user_id)],
        "joined_at": JOINED_AT,
        "premium_since": None,
        "deaf": user_id in state.server_deafs,
        "mute": user_id in state.server_mutes,
        "pending": False,
        "communication_disabled_until": None,
        "flags": 0,
    }
    return data | {"user": user(state, user_id)} if with_user else data


def channel(state: State, each: Channel) -> dict[str, Any]:
    """Return a channel of the guild."""
    data: dict[str, Any] = {
        "id": str(each.channel_id),
        "type": _CHANNEL_TYPES[each.kind],
        "guild_id": str(state.world.guild_id),
        "name": each.name,
        "position": [one.channel_id for one in state.world.channels].index(each.channel_id),
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
        "permission_overwrites": [
            {
                "id": str(overwrite.target_id),
                "type": 0 if overwrite.target == "role" else 1,
                "allow": str(overwrite.allow),
                "deny": str(overwrite.deny),
            }
            for overwrite in each.overwrites
        ],
    }
    if each.kind != "text":
        data |= {"bitrate": 64_000, "user_limit": each.user_limit, "rtc_region": None, "video_quality_mode": 1}
    return data


def dm_channel(state: State, user_id: int) -> dict[str, Any]:
    """Return the channel of direct messages between the bot and a person, as the bot sees it."""
    channel_id = str(state.dm_channels[user_id])
    return {
        "id": channel_id,
        "type": _DM_TYPE,
        "last_message_id": None,
        "flags": 0,
        "recipients": [user(state, user_id)],
    }


def any_channel(state: State, channel_id: int) -> dict[str, Any]:
    """Return a channel of the guild or of direct messages. Raises KeyError if it does not exist."""
    partner = state.dm_partner(channel_id)
    if partner is not None:
        return dm_channel(state, partner.user_id)
    return channel(state, state.channels[channel_id])


def roles(state: State) -> list[dict[str, Any]]:
    """Return all roles of the guild."""
    bot = state.world.bot
    return [
        {
            "id": str(role.role_id),
            "name": role.name,
            "permissions": str(role.permissions),
            "position": position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": role.role_id == bot.role_id,
            "mentionable": False,
            "flags": 0,
        }
        | ({"tags": {"bot_id": str(bot.user_id)}} if role.role_id == bot.role_id else {})
        for position, role in enumerate(roles_of_guild(state.world))
    ]


def scheduled_event(state: State, each: ScheduledEvent, *, with_count: bool = False) -> dict[str, Any]:
    """Return a scheduled event, which is always the bot's; no one says here that they are interested."""
    data: dict[str, Any] = {
        "id": str(each.event_id),
        "guild_id": str(state.world.guild_id),
        "channel_id": str(each.channel_id),
        "creator_id": str(state.world.bot.user_id),
        "name": each.name,
        "description": each.description,
        "image": None,
        "scheduled_start_time": each.starts_at,
        "scheduled_end_time": each.ends_at,
        "privacy_level": 2,
        "status": int(each.status),
        "entity_type": VOICE_EVENT,
        "entity_id": None,
        "entity_metadata": None,
        "recurrence_rule": None,
        "guild_scheduled_event_exceptions": [],
    }
    return data | {"user_count": 0} if with_count else data


def guild(state: State) -> dict[str, Any]:
    """Return the guild without its channels and members."""
    world = state.world
    return {
        "id": str(world.guild_id),
        "name": world.guild_name,
        "icon": None,
        "owner_id": str(world.owner_id),
        "afk_channel_id": str(world.afk_channel_id) if world.afk_channel_id else None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": roles(state),
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "description": None,
        "splash": None,
        "banner": None,
        "vanity_url_code": None,
    }


def guild_create(state: State, *, with_members: bool) -> dict[str, Any]:
    """Return the guild as in GUILD_CREATE. Without the members intent it lists only the bot and people in voice."""
    world = state.world
    bot_id = world.bot.user_id
    listed = [*state.people, bot_id] if with_members else sorted({*state.voice_states, bot_id})
    visible = [each for each in state.channels.values() if channel_permissions(world, each, bot_id)]
    states = [voice_state(state, each.user_id, each) for each in state.voice_states.values()]
    return guild(state) | {
        "joined_at": JOINED_AT,
        "large": False,
        "unavailable": False,
        "member_count": len(state.people) + 1,
        "channels": [channel(state, each) for each in visible],
        "members": [member(state, user_id) for user_id in listed],
        "voice_states": [{k: v for k, v in each.items() if k not in ("member", "guild_id")} for each in states],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [scheduled_event(state, each) for each in state.scheduled_events.values()],
        "soundboard_sounds": [],
    }


def voice_state(state: State, user_id: int, each: VoiceState | None) -> dict[str, Any]:
    """Return a voice state; None stands for a user who left."""
    return {
        "guild_id": str(state.world.guild_id),
        "channel_id": str(each.channel_id) if each else None,
        "user_id": str(user_id),
        "member": member(state, user_id),
        "session_id": each.session_id if each else "",
        "deaf": user_id in state.server_deafs,
        "mute": user_id in state.server_mutes,
        "self_deaf": bool(each and each.self_deaf),
        "self_mute": bool(each and each.self_mute),
        "self_video": False,
        "suppress": bool(each and each.suppress),
        "request_to_speak_timestamp": None,
    }


def interaction_channel(state: State, channel_id: int, user_id: int) -> dict[str, Any]:
    """Return the partial channel of an interaction, with its person's permissions there."""
    data = any_channel(state, channel_id)
    each = state.channels.get(channel_id)
    bits = channel_permissions(state.world, each, user_id) if each else 0
    return data | {"permissions": bits_sent(bits)}
