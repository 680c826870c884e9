"""The sign that the bot records: its nickname on a server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import discord

from bot.domain.ids import GuildId
from bot.ui.texts.channel import RECORDING_NICK, recording_nick
from bot.voice.connection.attempts import UNREACHABLE

_log = logging.getLogger(__name__)

LAST_PATIENCE_SECONDS = 3.0
"""How long the end of the process waits for nicknames. The next session's end makes up for what came too late."""

GetGuild = Callable[[], discord.Guild]


class Sign:
    """The bot's nicknames on the servers where it records, and what they were before.

    The bot gets a new booth each time it joins, so this object outlives booths. Nicknames are changed in the
    background: Discord can limit them for minutes, and nothing may wait for that. On each server, changes are made one
    at a time; a wish that a later one replaces is never carried out.
    """

    def __init__(self) -> None:
        self._former_nicks: dict[GuildId, str | None] = {}
        self._wanted: dict[GuildId, tuple[bool, GetGuild]] = {}
        self._working: dict[GuildId, asyncio.Task[None]] = {}

    def put_up(self, guild: GetGuild) -> None:
        """Show soon that it records. `guild` is asked each time, because newer objects replace older ones."""
        self._want(True, guild)

    def take_down(self, guild: GetGuild) -> None:
        """Change it back soon, unless the bot is in a channel of the server again by then."""
        self._want(False, guild)

    async def settle(self, most_seconds: float = LAST_PATIENCE_SECONDS) -> None:
        """Wait until all nicknames are as they should be, but not for longer than this."""
        if working := list(self._working.values()):
            _, late = await asyncio.wait(working, timeout=most_seconds)
            for task in late:
                task.cancel()

    def _want(self, is_up: bool, guild: GetGuild) -> None:
        guild_id = GuildId(guild().id)
        self._wanted[guild_id] = (is_up, guild)
        if guild_id not in self._working:
            task = asyncio.create_task(self._work(guild_id), name="nickname")
            self._working[guild_id] = task
            task.add_done_callback(lambda _: self._working.pop(guild_id, None))

    async def _work(self, guild_id: GuildId) -> None:
        while guild_id in self._wanted:
            is_up, guild = self._wanted.pop(guild_id)
            try:
                await (self._show(guild()) if is_up else self._hide(guild()))
            except (discord.DiscordException, *UNREACHABLE) as error:
                _log.warning("The nickname could not be changed (%s).", error)

    async def _show(self, guild: discord.Guild) -> None:
        # A sign that is still up, as far as Discord has said, is not a former nickname.
        if guild.me.nick not in {RECORDING_NICK, recording_nick()}:
            self._former_nicks[GuildId(guild.id)] = guild.me.nick
        await guild.me.edit(nick=recording_nick())

    async def _hide(self, guild: discord.Guild) -> None:
        if guild.voice_client is None:
            # None if an earlier process put up the sign: it must come down, whatever the name was before.
            await guild.me.edit(nick=self._former_nicks.get(GuildId(guild.id)))
