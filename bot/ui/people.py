"""Who pressed, where, and whether they may: read from an interaction."""

from __future__ import annotations

import discord

from bot.domain.errors import NotACoordinator, OutsideServer
from bot.live.coordinators import Standing
from bot.services.desk import Desk


def guild_of(interaction: discord.Interaction) -> int:
    """The server the interaction happened in; OutsideServer for direct messages."""
    if interaction.guild_id is None:
        raise OutsideServer
    return interaction.guild_id


def standing_of(interaction: discord.Interaction) -> Standing:
    """What the person who pressed is on the server."""
    member = interaction.user
    roles = {role.id: role.name for role in member.roles} if isinstance(member, discord.Member) else {}
    there = frozenset(role.id for role in interaction.guild.roles) if interaction.guild else frozenset[int]()
    return Standing(interaction.permissions.manage_guild, roles, there)


async def require_coordinator(desk: Desk, interaction: discord.Interaction) -> int:
    """The server, if the person who pressed coordinates there; NotACoordinator otherwise."""
    guild_id = guild_of(interaction)
    if not (await desk.coordinators_of(guild_id)).include(standing_of(interaction)):
        raise NotACoordinator
    return guild_id


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
