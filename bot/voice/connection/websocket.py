"""discord.py's voice gateway websocket with fixes: it prefers AES, uses our UDP socket, and reports how it ended.

It keeps its state on the link that it belongs to.
"""

# Private names of discord.py are this module's purpose, and some of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Any, Final, Protocol, cast

import aiohttp
import discord
from discord.gateway import DiscordVoiceWebSocket

from bot.voice.connection.datagrams import DatagramSocket
from bot.voice.connection.group import Answer, DaveGroup
from bot.voice.connection.video import MEDIA_SINK_WANTS, VIDEO, VideoWants
from bot.wire.transport import MODES, TransportCipher, cipher_for

SILENT_SECONDS: Final = 15.0
"""The server answers a heartbeat at least every 5 s: a websocket that is silent for three of them is dead."""

_DAVE_OPS: Final = range(DiscordVoiceWebSocket.DAVE_PREPARE_TRANSITION, 32)

_log = logging.getLogger(__name__)


class LinkClosed(discord.ClientException):
    """The voice gateway's websocket is closed; `code` is the server's close code, None if the connection broke."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"The voice gateway's websocket was closed ({code or 'the connection broke'}).")
        self.code = code


class LinkState(Protocol):
    """What a websocket keeps on its link, and calls on it."""

    ssrc: int
    mode: Any
    secret_key: list[int]
    udp: DatagramSocket
    cipher: TransportCipher | None
    group: DaveGroup
    video: VideoWants

    def open_socket(self, address: tuple[str, int]) -> None:
        """Open the UDP socket to the address that op 2 named."""
        ...

    def received(self, message: aiohttp.WSMessage) -> None:
        """Take note of any message, before it is handled."""
        ...

    def told(self, message: dict[str, Any]) -> None:
        """Take note of a text message that has been handled."""
        ...

    def keys_changed(self) -> None:
        """Take note that other keys may be known."""
        ...


class LinkWebSocket(DiscordVoiceWebSocket):
    """discord.py's voice gateway with fixes.

    It prefers AES, uses our UDP socket, raises LinkClosed with the server's own close code, and survives messages that
    cannot be handled.
    """

    is_resumed = False

    async def initial_connection(self, data: dict[str, Any]) -> None:
        """Handle op 2 with our order of modes; discord.py takes the first of the server's modes that it knows."""
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
        """Handle a message, then report it. One that cannot be handled must not end the polling.

        discord.py handles what is not about the session or DAVE. Its own handling of DAVE knows no call that is
        encrypted only later, and numbers what it has not understood.
        """
        op: int = msg.get("op", -1)
        link = cast(LinkState, self._connection)
        data: dict[str, Any] = msg.get("d") or {}
        try:
            if op == self.SESSION_DESCRIPTION or op in _DAVE_OPS:
                self.seq_ack = msg.get("seq", self.seq_ack)
                await self._handle(op, data)
            else:
                await super().received_message({"d": None, **msg})
            self.is_resumed = self.is_resumed or op == self.RESUMED
            link.told(msg)
            await self._want_no_video(op, data)
        except (ConnectionError, LinkClosed):
            raise
        except Exception:
            _log.exception("A message of op %s could not be handled.", op)

    async def _handle(self, op: int, data: dict[str, Any]) -> None:
        link = cast(LinkState, self._connection)
        if op in _DAVE_OPS:
            await self.answer(link.group.told(op, data, time.monotonic()))
            return
        link.mode = data["mode"]
        link.cipher = cipher_for(data["mode"], bytes(data["secret_key"]))
        await self.load_secret_key(data)
        await self.answer(link.group.described(data.get("dave_protocol_version") or 0))

    async def _want_no_video(self, op: int, data: dict[str, Any]) -> None:
        """Send op 15 after the session's description, and again if a camera was switched on."""
        video = cast(LinkState, self._connection).video
        if op == self.CLIENT_DISCONNECT:
            video.left(str(data.get("user_id")))
        is_new = op == self.SESSION_DESCRIPTION or (op == VIDEO and video.announced(data))
        if is_new and video.is_said:
            await self.send_as_json({"op": MEDIA_SINK_WANTS, "d": video.wants()})

    async def received_binary_message(self, msg: bytes) -> None:
        """Handle a DAVE message. davey can refuse one (a stale proposal), which must not end the polling."""
        link = cast(LinkState, self._connection)
        self.seq_ack = int.from_bytes(msg[:2], "big")
        op = msg[2]
        try:
            await self.answer(link.group.received(op, bytes(msg[3:]), time.monotonic()))
        except (ConnectionError, LinkClosed):
            raise
        except Exception as error:
            _log.warning("A DAVE message of op %d was refused: %s", op, error)
        link.keys_changed()

    async def answer(self, answers: Iterable[Answer]) -> None:
        """Send operations, as text or as binary."""
        for op, data in answers:
            if isinstance(data, bytes):
                await self.send_binary(op, data)
            else:
                await self.send_as_json({"op": op, "d": data})

    async def poll_event(self) -> None:
        """Handle one message. Raises LinkClosed with the server's code if no more will come.

        The code is that of the close frame: aiohttp's own becomes 1006 if the server closes before our answer is sent.
        """
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                message = await self.ws.receive()
        except TimeoutError:
            raise LinkClosed(None) from None
        cast(LinkState, self._connection).received(message)
        if message.type is aiohttp.WSMsgType.TEXT:
            await self.received_message(discord.utils._from_json(message.data))
        elif message.type is aiohttp.WSMsgType.BINARY:
            await self.received_binary_message(message.data)
        else:
            raise LinkClosed(message.data if message.type is aiohttp.WSMsgType.CLOSE else self.ws.close_code)

    def stop_beating(self) -> None:
        """Stop sending heartbeats."""
        if self._keep_alive is not None:
            self._keep_alive.stop()
