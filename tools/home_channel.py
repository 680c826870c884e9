"""A voice channel for discord.py's voice client without a main gateway: a guild that answers op 4 itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord

GUILD = 310847562918374651
CHANNEL = 482915736028475133
BOT = 900000000000000001


class HomeGuild:
    """The only guild: what discord.py's voice connection needs of it.

    `on_op_4` is called with the channel that the bot wants to join, None when it leaves.
    """

    def __init__(self, on_op_4: Callable[[Any], None]) -> None:
        self.id = GUILD
        self.me = SimpleNamespace(voice=None)
        self.channel = HomeChannel(self)
        self._on_op_4 = on_op_4

    async def change_voice_state(self, *, channel: Any, self_deaf: bool = False, self_mute: bool = False) -> None:
        """Ask the main gateway to join or leave voice."""
        self._on_op_4(channel)

    def get_channel(self, channel_id: int) -> Any:
        """Return the only channel, None for any other id."""
        return self.channel if channel_id == CHANNEL else None


class HomeChannel:
    """The only voice channel of a guild."""

    def __init__(self, guild: HomeGuild) -> None:
        self.id = CHANNEL
        self.guild = guild

    def _get_voice_client_key(self) -> tuple[int, str]:
        return self.guild.id, "guild_id"


async def client_logged_in(web: aiohttp.ClientSession) -> discord.Client:
    """Return a client in its state after the login: with discord.py's HTTP session, and the bot's own user."""
    client = discord.Client(intents=discord.Intents.none())
    await client._async_setup_hook()
    setattr(client.http, "_HTTPClient__session", web)  # noqa: B010 - a private name of another class
    setattr(client._connection, "user", SimpleNamespace(id=BOT))  # noqa: B010 - typed as a real user
    return client


async def until(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Wait until the condition holds. Raises TimeoutError after `timeout_s` seconds."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - it watches other tasks
            await asyncio.sleep(0.005)
