"""The self-check of what is used of discord.py's insides, and the mends that need no connection."""

from __future__ import annotations

import socket
import threading

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.voice_state import VoiceConnectionState

from bot.voice import internals


def test_the_installed_discord_py_is_the_one_whose_insides_are_known() -> None:
    internals.verify()


@pytest.mark.parametrize(
    ("owner", "name"),
    [(VoiceConnectionState, "_create_socket"), (VoiceConnectionState, "_connect_websocket"), (Route, "BASE")],
)
def test_a_missing_attribute_is_named(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    monkeypatch.delattr(owner, name)
    with pytest.raises(internals.DiscordPyChanged, match=f"{owner.__name__} has no '{name}' any more: install"):
        internals.verify()


def test_an_attribute_that_instances_no_longer_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaner(self: object) -> None:
        """dave_session went elsewhere"""

    monkeypatch.setattr(VoiceConnectionState, "__init__", leaner)
    with pytest.raises(internals.DiscordPyChanged, match="does not use 'dave_protocol_version' any more"):
        internals.verify()


@pytest.mark.parametrize("api", ["http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v10/"])
def test_addresses_can_be_changed(monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    internals.use_addresses(api, "wss://127.0.0.1:8081/")
    assert Route("GET", "/users/@me").url == "http://127.0.0.1:8080/api/v10/users/@me"
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "wss://127.0.0.1:8081/"


def test_closing_the_socket_wakes_a_thread_that_waits_on_it() -> None:
    udp = internals.ShuttingSocket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    udp.connect(udp.getsockname())
    waiting = threading.Event()

    def wait() -> None:
        waiting.set()
        udp.recv(100)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    waiting.wait()
    thread.join(0.1)
    assert thread.is_alive()
    udp.close()
    thread.join(2)
    assert not thread.is_alive()
    udp.close()
