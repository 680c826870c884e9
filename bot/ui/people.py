"""Who pressed, where, and whether they may: read from an interaction."""

from __future__ import annotations

import discord

from bot.domain.errors import NotACoordinator, OutsideServer
from bot.services.desk import Desk
from bot.services.guild_settings import settings_of


def guild_of(interaction: discord.Interaction) -> int:
    """The server the interaction happened in; OutsideServer for direct messages."""
    if interaction.guild_id is None:
        raise OutsideServer
    return interaction.guild_id


async def require_coordinator(desk: Desk, interaction: discord.Interaction) -> int:
    """The server, when whoever pressed coordinates there: by the role the server chose, or by Manage Server.

    Where none was chosen, or the chosen one was deleted, a role of the installation's name will do.
    """
    guild_id = guild_of(interaction)
    if interaction.permissions.manage_guild:
        return guild_id
    chosen = (await settings_of(desk, guild_id)).coordinator_role_id
    if chosen and interaction.guild and interaction.guild.get_role(chosen) is None:
        chosen = None
    member = interaction.user
    for role in member.roles if isinstance(member, discord.Member) else []:
        if role.id == chosen if chosen else role.name == desk.settings.coordinator_role:
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
