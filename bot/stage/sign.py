"""The sign that the bot records: its nickname on each server."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import discord

from bot.domain.ids import GuildId
from bot.ui.texts.channel import RECORDING_NICK


class Sign:
    """The bot's nicknames on servers on which it records, and what they were before.

    A booth is made anew whenever the bot joins again, so this outlives booths. On each server one change follows the
    other in the order asked for, however long Discord takes for one.
    """

    def __init__(self) -> None:
        self._former_nicks: dict[GuildId, str | None] = {}
        self._locks: defaultdict[GuildId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def put_up(self, guild: discord.Guild) -> None:
        """Show that it records. Raises what discord.py raises."""
        async with self._locks[GuildId(guild.id)]:
            # A sign that is still up, or that Discord has not told us to be down, is not a former nickname.
            if guild.me.nick != RECORDING_NICK:
                self._former_nicks[GuildId(guild.id)] = guild.me.nick
            await guild.me.edit(nick=RECORDING_NICK)

    async def take_down(self, guild: discord.Guild) -> None:
        """Change it back, unless the bot sits in a channel of the server again. Raises what discord.py raises."""
        async with self._locks[GuildId(guild.id)]:
            if guild.voice_client is None:
                # None where an earlier process put up the sign: it must come down, whatever the name was before.
                await guild.me.edit(nick=self._former_nicks.get(GuildId(guild.id)))
