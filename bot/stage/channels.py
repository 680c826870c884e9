"""Voice channels as the bot finds them: whether it can join, what it lacks there, and its own voice state."""

from __future__ import annotations

import discord

from bot.domain.errors import ChannelUnsuited, PermissionMissing, VoiceUnreachable
from bot.domain.ids import GuildId
from bot.domain.own_voice import ChannelFault, Ousting, OwnVoice

NEEDED = discord.Permissions(
    view_channel=True,
    connect=True,
    speak=True,
    send_messages=True,
    attach_files=True,
    embed_links=True,
    change_nickname=True,
)
"""What the bot must be allowed in a session's voice channel."""

SCHEDULING = discord.Permissions(view_channel=True, connect=True, create_events=True)
"""What it must be allowed there to schedule a session (Discord's documentation, "Guild Scheduled Event").

A session does not need the last one, so that a server that invited the bot without it can still open sessions.
"""

ANNOUNCING = discord.Permissions(view_channel=True, send_messages=True)
"""What it must be allowed in a chat in which people sign up."""

_DISCORDS_NAMES = {"read_messages": "view_channel"}
"""discord.py lists one permission by a name that Discord's settings do not show."""


def ousting(client: discord.Client, guild_id: GuildId, channel_id: int) -> Ousting | None:
    """Whether a channel was deleted, or the bot kicked from its server. None if it is there, or if no one can say."""
    guild = client.get_guild(guild_id)
    if guild is None:
        # Before Discord has listed the servers, none is known. One that is only unavailable is listed.
        return Ousting.KICKED if client.is_ready() else None
    is_gone = not guild.unavailable and guild.get_channel(channel_id) is None
    return Ousting.CHANNEL_DELETED if is_gone else None


def voice_channel(client: discord.Client, guild_id: GuildId, channel_id: int) -> discord.VoiceChannel:
    """Return a voice channel. Raises ChannelUnsuited for a stage or a deleted channel, else VoiceUnreachable."""
    guild = client.get_guild(guild_id)
    channel = guild.get_channel(channel_id) if guild else None
    if isinstance(channel, discord.VoiceChannel):
        return channel
    if isinstance(channel, discord.StageChannel):
        raise ChannelUnsuited(channel_id, ChannelFault.STAGE)
    if ousting(client, guild_id, channel_id):
        raise ChannelUnsuited(channel_id, ChannelFault.GONE)
    raise VoiceUnreachable(channel_id)


def require_joinable(channel: discord.VoiceChannel) -> None:
    """Raise PermissionMissing or ChannelUnsuited: Discord gives no answer at all to someone whom it does not let in."""
    guild = channel.guild
    if guild.afk_channel and guild.afk_channel.id == channel.id:
        raise ChannelUnsuited(channel.id, ChannelFault.AFK)
    if lacking := lacking_in(channel):
        raise PermissionMissing(channel.id, lacking)
    others = channel.voice_states.keys() - {guild.me.id}
    is_full = 0 < channel.user_limit <= len(others)
    if is_full and not channel.permissions_for(guild.me).move_members:
        raise ChannelUnsuited(channel.id, ChannelFault.FULL)


def require_schedulable(client: discord.Client, guild_id: GuildId, voice_channel_id: int, chat_id: int) -> None:
    """Raise if the bot cannot create an event in a voice channel, or post in a chat.

    Raises PermissionMissing, or what `voice_channel` raises.
    """
    channel = voice_channel(client, guild_id, voice_channel_id)
    chat = channel.guild.get_channel_or_thread(chat_id)
    if isinstance(chat, discord.CategoryChannel) or chat is None:
        # It is one of which Discord tells the bot nothing.
        raise PermissionMissing(chat_id, ("view_channel",))
    for one, needed in ((channel, SCHEDULING), (chat, ANNOUNCING)):
        if lacking := lacking_in(one, needed):
            raise PermissionMissing(one.id, lacking)


def lacking_in(
    channel: discord.abc.GuildChannel | discord.Thread, needed: discord.Permissions = NEEDED
) -> tuple[str, ...]:
    """Return the names of the permissions that the bot needs in a channel and does not have."""
    allowed = channel.permissions_for(channel.guild.me)
    lacking = [name for name, is_needed in needed if is_needed and not getattr(allowed, name)]
    return tuple(_DISCORDS_NAMES.get(name, name) for name in lacking)


def own_voice_in(channel: discord.VoiceChannel) -> OwnVoice:
    """Return the bot's own voice state on the server of a session's channel."""
    state = channel.guild.me.voice
    if state is None:
        return OwnVoice(None, lacking=lacking_in(channel))
    return OwnVoice(
        state.channel.id if state.channel else None,
        is_deafened=state.deaf,
        is_muted=state.mute,
        is_suppressed=state.suppress,
        lacking=lacking_in(channel),
    )
