"""The sign that the bot records: its nickname on a server."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import discord

from bot.domain.ids import GuildId
from bot.ui.texts.channel import RECORDING_NICK


class Sign:
    """The bot's nicknames on the servers where it records, and what they were before.

    The bot gets a new booth each time it joins, so this object outlives booths. On each server, changes are made one at
    a time, in the order of the requests, however long Discord takes.
    """

    def __init__(self) -> None:
        self._former_nicks: dict[GuildId, str | None] = {}
        self._locks: defaultdict[GuildId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def put_up(self, guild: discord.Guild) -> None:
        """Show that it records. Raises what discord.py raises."""
        async with self._locks[GuildId(guild.id)]:
            # A sign that is still up, as far as Discord has said, is not a former nickname.
            if guild.me.nick != RECORDING_NICK:
                self._former_nicks[GuildId(guild.id)] = guild.me.nick
            await guild.me.edit(nick=RECORDING_NICK)

    async def take_down(self, guild: discord.Guild) -> None:
        """Change it back, unless the bot is in a channel of the server again. Raises what discord.py raises."""
        async with self._locks[GuildId(guild.id)]:
            if guild.voice_client is None:
                # None if an earlier process put up the sign: it must come down, whatever the name was before.
                await guild.me.edit(nick=self._former_nicks.get(GuildId(guild.id)))
