"""Which servers a person can mean in direct messages: where they have consented, and where they and the bot are."""

from __future__ import annotations

import discord

from bot.domain.ids import GuildId
from bot.ui.press import OwnPress
from bot.ui.texts.consent import nameless_server

MOST_ASKED = 20
"""How many servers are asked whether a person is there, who is known on none."""


async def servers_of(press: OwnPress) -> list[tuple[GuildId, str]]:
    """Return the servers, by id and name, that a person's consent can be about, even if they have left.

    What was given for every server can be withdrawn on any.
    """
    client = press.interaction.client
    stored = await press.services.consents.guilds_of(press.user_id)
    known = {guild_id for guild_id in stored if guild_id is not None}
    known |= {GuildId(guild.id) for guild in client.guilds if guild.get_member(press.user_id)}
    if not known:
        some = client.guilds[:MOST_ASKED]
        known = {GuildId(guild.id) for guild in some if None in stored or await _is_there(guild, press.user_id)}
    return sorted(((guild_id, name_of(client, guild_id)) for guild_id in known), key=lambda one: one[1])


async def _is_there(guild: discord.Guild, user_id: int) -> bool:
    try:
        await guild.fetch_member(user_id)
    except discord.NotFound:
        return False
    return True


def name_of(client: discord.Client, guild_id: GuildId) -> str:
    """Return a server's name, or its number if the bot has left it."""
    guild = client.get_guild(guild_id)
    return guild.name if guild else nameless_server(guild_id)
