"""discord.py's own voice client on the embedded voice server: only its main gateway is a double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import davey
import discord
import pytest
from discord.gateway import DiscordClientWebSocketResponse
from discord.http import HTTPClient

from bot.wire.rtp import parse_header, strip_body
from bot.wire.transport import XCHACHA20_POLY1305, cipher_for
from tests.embedded.voice_stage import BOT, CHANNEL, GUILD, SILENCE, Stage, frames
from tools.home_channel import until


class MainGateway:
    """Answers op 4 as Discord does: with both voice events, at different moments."""

    def __init__(self, stage: Stage) -> None:
        self.client: discord.VoiceClient | None = None
        self._stage = stage
        self._tasks: set[asyncio.Task[None]] = set()

    async def voice_state(
        self, guild_id: int, channel_id: int | None, self_mute: bool = False, self_deaf: bool = False
    ) -> None:
        task = asyncio.create_task(self._answer(channel_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, channel_id: int | None) -> None:
        assert self.client
        await asyncio.sleep(0.02)
        if channel_id is None:
            await self._stage.server.leave(guild_id=GUILD, user_id=BOT)
            await self.client.on_voice_state_update({"channel_id": None})  # pyright: ignore[reportArgumentType]
            return
        ticket = self._stage.ticket(BOT)
        state: Any = {"channel_id": str(channel_id), "session_id": ticket["session_id"]}
        await self.client.on_voice_state_update(state)
        await asyncio.sleep(0.02)
        server: Any = {"token": ticket["token"], "guild_id": str(GUILD), "endpoint": self._stage.server.endpoint}
        await self.client.on_voice_server_update(server)


@pytest.fixture
async def voice(stage: Stage) -> AsyncIterator[discord.VoiceClient]:
    client = discord.Client(intents=discord.Intents.none())
    await client._async_setup_hook()
    connector = aiohttp.TCPConnector(ssl=stage.client_tls)
    http: HTTPClient = client.http
    http._HTTPClient__session = aiohttp.ClientSession(  # pyright: ignore[reportAttributeAccessIssue]
        connector=connector, ws_response_class=DiscordClientWebSocketResponse
    )
    gateway = MainGateway(stage)
    state: Any = client._connection
    user: Any = {"id": str(BOT), "username": "promptbook", "discriminator": "0", "avatar": None}
    state.user = discord.ClientUser(state=state, data=user)
    state._get_websocket = lambda guild_id: gateway
    guild_data: Any = {"id": str(GUILD), "name": "guild", "channels": [], "member_count": 1}
    guild = discord.Guild(data=guild_data, state=state)
    channel_data: Any = {
        "id": str(CHANNEL),
        "name": "stage",
        "type": 2,
        "position": 0,
        "bitrate": 64000,
        "user_limit": 0,
    }
    channel = discord.VoiceChannel(state=state, guild=guild, data=channel_data)
    gateway.client = discord.VoiceClient(client, channel)
    yield gateway.client
    await gateway.client.disconnect(force=True)
    await client.close()


async def _connect(voice: discord.VoiceClient) -> davey.DaveSession:
    await voice.connect(reconnect=True, timeout=10.0)
    session = voice._connection.dave_session
    assert session
    return session


async def test_discord_py_joins_hears_and_is_heard(stage: Stage, voice: discord.VoiceClient) -> None:
    person = await stage.join(11)
    session = await _connect(voice)
    await until(lambda: session.ready and person.can_send)
    heard: list[bytes] = []
    cipher = cipher_for(voice.mode, bytes(voice.secret_key))

    def receive(datagram: bytes) -> None:
        header = parse_header(datagram)
        assert header
        body = cipher.open(datagram, header.clear_bytes)
        assert body is not None
        payload = strip_body(header, body)
        if payload:
            heard.append(session.decrypt(11, davey.MediaType.audio, payload))

    voice._connection.add_socket_listener(receive)
    said = frames(25, seed=11)
    await person.speak(said)
    await until(lambda: len(heard) == len(said) + 5)
    assert heard == said + [SILENCE] * 5
    assert voice.mode == XCHACHA20_POLY1305

    arrived: list[bytes] = []
    person.hearing.on_frame = lambda user_id, frame: arrived.append(frame)
    played = frames(10, seed=12)
    for packet in played:
        voice.send_audio_packet(packet, encode=False)
        await asyncio.sleep(0.02)
    await until(lambda: arrived == played)


async def test_discord_py_follows_epochs_and_leaves(stage: Stage, voice: discord.VoiceClient) -> None:
    session = await _connect(voice)
    first = await stage.join(11)
    await stage.join(12)
    await stage.server.leave(guild_id=GUILD, user_id=12)
    await stage.join(13)
    await until(lambda: session.epoch == 4)
    assert sorted(map(int, session.get_user_ids())) == [11, 13, BOT]
    assert all(not entry["unready"] for entry in stage.journal("mls_transition_executed"))
    assert voice._connection._runner
    assert not voice._connection._runner.done()
    await voice.disconnect()
    await until(lambda: stage.journal("mls_committed")[-1]["removed"] == [BOT])
    assert stage.journal("voice_client_refused") == []
    assert first.can_send
