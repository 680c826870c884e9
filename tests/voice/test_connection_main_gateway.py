"""The main gateway drops or begins a new session while the bot records: discord.py's client on the embedded Discord."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import discord
import pytest
import yarl
from discord import http
from discord.gateway import DiscordWebSocket

from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.journal import Journal, read_journal
from bot.rehearsal.world import default_world
from bot.voice.capture import CaptureClient
from bot.voice.connection.events import ConnectionEvent, ConnectionLost, ConnectionRestored
from bot.wire.ogg import read_packets
from tests.embedded.raw_bot import House, open_house
from tools.home_channel import until

SILENCE = b"\xf8\xff\xfe"


class Client(discord.Client):
    def __init__(self, house: House) -> None:
        intents = discord.Intents(guilds=True, voice_states=True)
        super().__init__(intents=intents, connector=aiohttp.TCPConnector(ssl=house.tls), guild_ready_timeout=0.1)
        self.resumed, self.readied = asyncio.Event(), 0

    async def on_resumed(self) -> None:
        self.resumed.set()

    async def on_ready(self) -> None:
        self.readied += 1


@dataclass
class Evening:
    """A performer in the channel, and the bot recording them."""

    house: House
    client: Client
    capture: CaptureClient
    performer: VoiceParticipant
    events: list[ConnectionEvent]
    folder: Path

    async def missing(self) -> list[float]:
        """When the frames that the track lacks were sent."""
        await asyncio.sleep(0.1)
        (summary,) = await self.capture.stop_recording(time.monotonic())
        self.performer._journal.flush()
        kept = {packet.data for packet in read_packets(summary.path.read_bytes())}
        log = read_journal(self.folder / "cast.jsonl", "frame_sent")
        return [entry["t"] for entry in log if not entry["silence"] and bytes.fromhex(entry["opus"]) not in kept]


@pytest.fixture
async def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Evening]:
    world = default_world(7)
    async with open_house(world, tmp_path) as house:
        monkeypatch.setattr(http.Route, "BASE", f"{house.discord.addresses.api}/api/v10")
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(house.discord.addresses.gateway))
        async with Client(house) as client:
            running = asyncio.create_task(client.start(world.bot.token))
            async with asyncio.timeout(10):
                await client.wait_until_ready()
            with Journal(tmp_path / "cast.jsonl") as journal:
                performer = await _performer(house, journal)
                channel = client.get_channel(house.voice_channel)
                assert isinstance(channel, discord.VoiceChannel)
                capture = await channel.connect(cls=CaptureClient, timeout=10)
                await asyncio.sleep(0.3)
                events: list[ConnectionEvent] = []
                capture.on_connection = events.append
                capture.start_recording(
                    tmp_path / "take",
                    started_at=time.monotonic(),
                    may_record=lambda _: True,
                    track_name=lambda user_id: f"t{user_id}",
                )
                yield Evening(house, client, capture, performer, events, tmp_path)
                await capture.disconnect(force=True)
                await performer.close()
            await client.close()
            await running


async def _performer(house: House, journal: Journal) -> VoiceParticipant:
    person = await house.person(0)
    given = await person.join_voice(house.voice_channel)
    performer = VoiceParticipant(
        given,
        ssl_context=house.tls,
        journal=journal,
    )
    await performer.connect()
    return performer


def frames(count: int) -> list[bytes]:
    return [b"\x78" + index.to_bytes(3, "big") + b"\x55" * 20 for index in range(count)]


async def test_a_main_gateway_that_drops_and_resumes_costs_nothing(evening: Evening) -> None:
    talking = asyncio.create_task(evening.performer.speak(frames(100)))
    await asyncio.sleep(0.3)
    await evening.house.discord.hub.gateway.drop(4000)
    async with asyncio.timeout(5):
        await evening.client.resumed.wait()
    await talking
    assert await evening.missing() == []
    assert evening.events == []


async def test_a_new_session_of_the_main_gateway_is_survived(evening: Evening) -> None:
    """With the old session, Discord forgets the bot's voice state and closes its voice connection with 4014."""
    talking = asyncio.create_task(evening.performer.speak(frames(500)))
    await asyncio.sleep(0.3)
    gateway = evening.house.discord.hub.gateway
    (session,) = gateway.sessions
    gateway._end(session)
    await until(lambda: [type(event) for event in evening.events] == [ConnectionLost])
    await gateway.drop(4000)
    assert session.socket is not None
    await session.socket.close(code=4000)
    await until(lambda: evening.client.readied == 2, timeout_s=15)
    await until(lambda: [type(event) for event in evening.events] == [ConnectionLost, ConnectionRestored])
    restored = evening.events[1]
    await talking
    missing = await evening.missing()
    assert missing
    assert missing[-1] < restored.at + 0.05
    assert evening.client.voice_clients == [evening.capture]
    assert evening.capture.is_connected()
