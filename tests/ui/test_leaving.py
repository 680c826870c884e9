"""A booth that leaves while the next one of the same server enters: discord.py's client on the embedded Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import http
from discord.gateway import DiscordWebSocket

from bot.rehearsal.world import default_world
from bot.stage.booth import DiscordBooth, connect_booth
from bot.stage.sign import Sign
from bot.ui.texts.channel import RECORDING_NICK
from tests.embedded.raw_bot import open_house


@dataclass
class SlowNicknames:
    """A Discord that changes a nickname back once the test lets it. `shown` are the changes that it has made."""

    client: discord.Client
    shown: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self._edit = self.client.http.edit_my_member
        self.is_asked, self.goes_on = asyncio.Event(), asyncio.Event()

    async def edit(self, guild_id: int, *, reason: str | None = None, **fields: Any) -> Any:
        if not fields["nick"]:
            self.is_asked.set()
            await self.goes_on.wait()
        answer = await self._edit(guild_id, reason=reason, **fields)
        self.shown.append(fields["nick"])
        return answer


@dataclass
class Theatre:
    """One voice channel, and the bot's booths in it, one after the other."""

    channel: discord.VoiceChannel
    nicknames: SlowNicknames
    sign: Sign = field(default_factory=Sign)

    async def enter(self) -> DiscordBooth:
        booth = await connect_booth(self.channel, self.sign)
        assert isinstance(booth, DiscordBooth)
        return booth

    async def record_again(self) -> DiscordBooth:
        booth = await self.enter()
        self.sign.put_up(lambda: self.channel.guild)
        return booth

    def is_known(self, booth: DiscordBooth) -> bool:
        """Whether discord.py tells this booth of moves and new voice servers."""
        return booth._voice.is_connected() and self.channel.guild.voice_client is booth._voice


@pytest.fixture
async def theatre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Theatre]:
    world = default_world(7)
    async with open_house(world, tmp_path) as house:
        monkeypatch.setattr(http.Route, "BASE", f"{house.discord.addresses.api}/api/v10")
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(house.discord.addresses.gateway))
        connector = aiohttp.TCPConnector(ssl=house.tls)
        intents = discord.Intents(guilds=True, voice_states=True)
        async with discord.Client(intents=intents, connector=connector, guild_ready_timeout=0.1) as client:
            running = asyncio.create_task(client.start(world.bot.token))
            async with asyncio.timeout(10):
                await client.wait_until_ready()
            channel = client.get_channel(house.voice_channel)
            assert isinstance(channel, discord.VoiceChannel)
            nicknames = SlowNicknames(client)
            monkeypatch.setattr(client.http, "edit_my_member", nicknames.edit)
            yield Theatre(channel, nicknames)
            if channel.guild.voice_client:
                await channel.guild.voice_client.disconnect(force=True)
            await client.close()
            await running


async def test_a_nickname_that_comes_late_takes_nothing_from_the_next_session(theatre: Theatre):
    nicknames = theatre.nicknames
    first = await theatre.record_again()
    await theatre.sign.settle()
    await first.leave()
    async with asyncio.timeout(10):
        await nicknames.is_asked.wait()
        booth = await theatre.record_again()
        await asyncio.sleep(0.05)
        assert nicknames.shown == [RECORDING_NICK], "a late change must not take down the next sign"
        nicknames.goes_on.set()
        await theatre.sign.settle()
    assert theatre.is_known(booth)
    assert nicknames.shown == [RECORDING_NICK, "", RECORDING_NICK]


async def test_who_enters_before_the_other_is_told_that_it_has_left_delays_neither(theatre: Theatre):
    """Discord tells the voice client that discord.py knows, which is the next one by then."""
    theatre.nicknames.goes_on.set()
    first = await theatre.record_again()
    parsers, loop = first._voice._state.parsers, asyncio.get_running_loop()
    tell = parsers["VOICE_STATE_UPDATE"]

    def tell_late(data: Any) -> None:
        loop.call_later(0.3, tell, data)

    parsers["VOICE_STATE_UPDATE"] = tell_late
    leaving = asyncio.create_task(first.leave())
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        booth = await theatre.record_again()
        await leaving
    assert theatre.is_known(booth)
    await theatre.sign.settle()
    assert theatre.nicknames.shown[-1] == RECORDING_NICK
    await booth.leave()
    await theatre.sign.settle()
    assert theatre.channel.guild.voice_client is None
    assert theatre.nicknames.shown[-1] == ""
