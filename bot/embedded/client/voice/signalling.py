"""A cast member's websocket to the voice gateway: framing, sequence numbers, heartbeats."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp


class VoiceClosed(ConnectionError):
    """The voice connection is over; `code` is the server's close code, None if the connection broke."""

    def __init__(self, code: int | None, reason: str = "") -> None:
        super().__init__(f"The voice connection was closed: {code} {reason}".rstrip())
        self.code = code


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A JSON message from the server."""

    op: int
    data: Any


@dataclass(frozen=True, slots=True)
class BinaryMessage:
    """A binary message from the server, without its sequence number."""

    op: int
    body: bytes


class Signalling:
    """One websocket to one voice gateway."""

    def __init__(self, endpoint: str, ssl_context: ssl.SSLContext) -> None:
        self._url = f"wss://{endpoint}/?v=8"
        self._ssl_context = ssl_context
        self._http: aiohttp.ClientSession | None = None
        self._websocket: aiohttp.ClientWebSocketResponse | None = None
        self._heart: asyncio.Task[None] | None = None
        self.seq_ack = -1

    async def open(self) -> None:
        """Connect. Raises aiohttp's errors if that fails."""
        self._http = aiohttp.ClientSession()
        self._websocket = await self._http.ws_connect(self._url, ssl=self._ssl_context)

    async def send_text(self, op: int, data: Any) -> None:
        """Send a JSON message. Raises VoiceClosed if the connection is over."""
        await self._send(json.dumps({"op": op, "d": data}))

    async def send_binary(self, op: int, body: bytes) -> None:
        """Send a binary message. Raises VoiceClosed if the connection is over."""
        await self._send(bytes([op]) + body)

    async def messages(self) -> AsyncIterator[TextMessage | BinaryMessage]:
        """Yield everything that the server sends. Ends with VoiceClosed."""
        websocket = self._open_websocket()
        while True:
            message = await websocket.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                content = json.loads(message.data)
                self.seq_ack = content.get("seq", self.seq_ack)
                yield TextMessage(content["op"], content["d"])
            elif message.type is aiohttp.WSMsgType.BINARY:
                self.seq_ack = int.from_bytes(message.data[:2], "big")
                yield BinaryMessage(message.data[2], message.data[3:])
            else:
                # aiohttp's own `close_code` becomes 1006 if the server is faster than the answer to its close.
                code = message.data if message.type is aiohttp.WSMsgType.CLOSE else websocket.close_code
                raise VoiceClosed(code, str(message.extra or ""))

    def beat_every(self, interval_ms: float) -> None:
        """Send heartbeats (op 8) from now on."""
        self._heart = asyncio.create_task(self._beat(interval_ms / 1000))

    async def close(self) -> None:
        """Close the websocket with code 1000."""
        if self._heart:
            self._heart.cancel()
        if self._websocket:
            await self._websocket.close()
        if self._http:
            await self._http.close()

    async def _beat(self, interval_s: float) -> None:
        while True:
            await asyncio.sleep(interval_s)
            try:
                await self.send_text(3, {"t": time.time_ns() // 1_000_000, "seq_ack": self.seq_ack})
            except VoiceClosed:
                return

    async def _send(self, message: str | bytes) -> None:
        websocket = self._open_websocket()
        try:
            if isinstance(message, str):
                await websocket.send_str(message)
            else:
                await websocket.send_bytes(message)
        except ConnectionError as error:
            raise VoiceClosed(websocket.close_code) from error

    def _open_websocket(self) -> aiohttp.ClientWebSocketResponse:
        if self._websocket is None:
            raise VoiceClosed(None, "it was never opened")
        return self._websocket
