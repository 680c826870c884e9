"""The self-check of the private parts of discord.py that the bot uses, and the fixes that need no connection."""

from __future__ import annotations

import asyncio
import socket
import struct
import time

import pytest
from discord.gateway import DiscordVoiceWebSocket, DiscordWebSocket
from discord.http import Route
from discord.state import ConnectionState

from bot.voice.connection import datagrams as datagrams_module
from bot.voice.connection import internals
from bot.voice.connection.datagrams import DatagramSocket
from bot.voice.connection.healing import HealingConnection
from bot.voice.connection.link import Link


def test_the_installed_discord_py_is_the_one_whose_insides_are_known() -> None:
    internals.verify()


@pytest.mark.parametrize(
    ("owner", "name"),
    [(ConnectionState, "_add_voice_client"), (DiscordVoiceWebSocket, "load_secret_key"), (Route, "BASE")],
)
def test_a_missing_attribute_is_named(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    monkeypatch.delattr(owner, name)
    with pytest.raises(internals.DiscordPyChanged, match=f"{owner.__name__} no longer has '{name}': install"):
        internals.verify()


def test_an_attribute_that_instances_no_longer_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaner(self: object) -> None:
        """secret_key and seq_ack have moved"""

    monkeypatch.setattr(DiscordVoiceWebSocket, "__init__", leaner)
    with pytest.raises(internals.DiscordPyChanged, match="no longer uses '_keep_alive'"):
        internals.verify()


@pytest.mark.parametrize("asked", [HealingConnection, Link])
def test_what_discord_py_asks_of_our_connection_must_be_there(monkeypatch: pytest.MonkeyPatch, asked: type) -> None:
    name = "can_encrypt" if asked is HealingConnection else "dave_protocol_version"
    owner = next(kind for kind in asked.__mro__ if name in vars(kind))
    monkeypatch.delattr(owner, name)
    with pytest.raises(internals.DiscordPyChanged, match=f"now reads '{name}' from {asked.__name__}"):
        internals.verify()


@pytest.mark.parametrize("api", ["http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10/"])
def test_addresses_can_be_changed(monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    internals.use_addresses(api, "wss://127.0.0.1:8081/")
    assert Route("GET", "/users/@me").url == "http://127.0.0.1:8080/api/v10/users/@me"
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "wss://127.0.0.1:8081/"


async def test_closing_the_socket_ends_the_thread_that_waits_on_it() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        datagrams = DatagramSocket(server.getsockname(), lambda: None)
        assert datagrams._thread.is_alive()
        datagrams.close()
        datagrams._thread.join(1)
        assert not datagrams._thread.is_alive()
        datagrams.close()


async def test_packets_are_stamped_while_the_event_loop_stands_still() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        datagrams = DatagramSocket(server.getsockname(), lambda: None)
        datagrams.send(b"here")
        _, address = server.recvfrom(100)
        sent: list[float] = []
        for index in range(5):
            sent.append(time.monotonic())
            server.sendto(bytes([index]), address)
            time.sleep(0.05)  # noqa: ASYNC251 - the event loop stands still
        arrived = datagrams.take_all()
        datagrams.close()
        assert [data for data, _ in arrived] == [bytes([index]) for index in range(5)]
        assert all(0 <= arrival - at < 0.03 for (_, arrival), at in zip(arrived, sent, strict=True))


async def test_ip_discovery_is_asked_again_when_the_answer_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datagrams_module, "DISCOVERY_WAIT_SECONDS", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.setblocking(False)
        datagrams = DatagramSocket(server.getsockname(), lambda: None)
        asking = asyncio.create_task(datagrams.discover(77))
        loop = asyncio.get_running_loop()
        first, _ = await loop.sock_recvfrom(server, 100)
        second, address = await loop.sock_recvfrom(server, 100)
        assert first == second == struct.pack(">HHI66x", 1, 70, 77)
        await loop.sock_sendto(server, struct.pack(">HHI64sH", 2, 70, 77, b"203.0.113.9", 4242), address)
        assert await asking == ("203.0.113.9", 4242)
        monkeypatch.setattr(datagrams_module, "DISCOVERY_TRIES", 2)
        with pytest.raises(datagrams_module.DiscoveryUnanswered):
            await datagrams.discover(77)
        datagrams.close()
        assert not datagrams.take_all()
