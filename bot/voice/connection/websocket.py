"""discord.py's voice gateway websocket with mends: AES first, UDP of our own, true close codes, no silent death.

It keeps its state on the link it belongs to.
"""

# Private names of discord.py are this module's purpose, and part of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final, Protocol, cast

import aiohttp
import discord
from discord.gateway import DiscordVoiceWebSocket

from bot.voice.connection.datagrams import DatagramSocket
from bot.wire.transport import MODES, TransportCipher, cipher_for

SILENT_SECONDS: Final = 15.0
"""Heartbeats are answered every 5 s at the latest: a websocket silent for longer is dead."""

_log = logging.getLogger(__name__)


class LinkClosed(discord.ClientException):
    """The voice gateway's websocket is over; `code` is None when it just broke."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"The voice gateway's websocket was closed ({code or 'it broke'}).")
        self.code = code


class LinkState(Protocol):
    """What a websocket keeps on its link, and tells it."""

    ssrc: int
    udp: DatagramSocket
    cipher: TransportCipher | None
    external_sender: bytes | None

    def open_socket(self, address: tuple[str, int]) -> None:
        """Op 2 told where the sound comes from."""
        ...

    def told(self, message: dict[str, Any]) -> None:
        """A text message has been handled."""
        ...

    def keys_changed(self) -> None:
        """Other keys may be known."""
        ...


class LinkWebSocket(DiscordVoiceWebSocket):
    """discord.py's voice gateway with mends: AES first, UDP of our own, true close codes, no silent death."""

    is_resumed = False

    async def initial_connection(self, data: dict[str, Any]) -> None:
        """Op 2. Our order of modes: discord.py takes the first of the server's that it knows."""
        link = cast(LinkState, self._connection)
        link.ssrc = data["ssrc"]
        link.open_socket((data["ip"], data["port"]))
        host, port = await link.udp.discover(link.ssrc)
        offered: list[str] = data["modes"]
        mode = next((mode for mode in MODES if mode in offered), None)
        if mode is None:
            raise LinkClosed(None)
        await self.select_protocol(host, port, mode)

    async def received_message(self, msg: dict[str, Any]) -> None:
        """Let discord.py handle it, then tell; a message that cannot be handled must not end the polling."""
        try:
            await super().received_message(msg)
            self.is_resumed = self.is_resumed or msg["op"] == self.RESUMED
            cast(LinkState, self._connection).told(msg)
        except (ConnectionError, LinkClosed):
            raise
        except Exception:
            _log.exception("A message of op %s could not be handled.", msg.get("op"))

    async def received_binary_message(self, msg: bytes) -> None:
        """Let discord.py handle it. davey's refusal of one message (a stale proposal) must not end the polling:
        any exception but a closed connection kills discord.py's poller while it still calls itself connected.
        """
        link = cast(LinkState, self._connection)
        if msg[2] == self.MLS_EXTERNAL_SENDER:
            link.external_sender = msg[3:]
        try:
            await super().received_binary_message(msg)
        except (ConnectionError, LinkClosed):
            raise
        except Exception as error:
            _log.warning("The DAVE message of op %d was refused: %s", msg[2], error)
        link.keys_changed()

    async def load_secret_key(self, data: dict[str, Any]) -> None:
        """Op 4: the cipher is known."""
        cast(LinkState, self._connection).cipher = cipher_for(data["mode"], bytes(data["secret_key"]))
        await super().load_secret_key(data)

    async def poll_event(self) -> None:
        """Take one message; LinkClosed with the server's code when there will be none.

        The code is that of the close frame: aiohttp's own turns into 1006 when the server is quicker than the answer.
        """
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                message = await self.ws.receive()
        except TimeoutError:
            raise LinkClosed(None) from None
        if message.type is aiohttp.WSMsgType.TEXT:
            await self.received_message(discord.utils._from_json(message.data))
        elif message.type is aiohttp.WSMsgType.BINARY:
            await self.received_binary_message(message.data)
        else:
            raise LinkClosed(message.data if message.type is aiohttp.WSMsgType.CLOSE else self.ws.close_code)

    def stop_beating(self) -> None:
        """No heartbeats any more."""
        if self._keep_alive is not None:
            self._keep_alive.stop()
