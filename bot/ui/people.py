"""Who pressed, where, and whether they may: read from an interaction."""

from __future__ import annotations

import discord

from bot.domain.errors import NotACoordinator, OutsideServer


def guild_of(interaction: discord.Interaction) -> int:
    """The server the interaction happened in; OutsideServer for direct messages."""
    if interaction.guild_id is None:
        raise OutsideServer
    return interaction.guild_id


def require_coordinator(interaction: discord.Interaction, role_name: str) -> int:
    """The server, when whoever pressed coordinates there: by the role, or by Manage Server."""
    guild_id = guild_of(interaction)
    member = interaction.user
    roles = member.roles if isinstance(member, discord.Member) else []
    if interaction.permissions.manage_guild or any(role.name == role_name for role in roles):
        return guild_id
    raise NotACoordinator


def voice_channel_of(interaction: discord.Interaction, named: discord.VoiceChannel | None) -> int | None:
    """The channel that was named, else the one the person sits in, else the one in whose chat they wrote."""
    if named is not None:
        return named.id
    member = interaction.user
    if isinstance(member, discord.Member) and member.voice and member.voice.channel:
        return member.voice.channel.id
    if isinstance(interaction.channel, discord.VoiceChannel):
        return interaction.channel.id
    return None
