"""One client's websocket: one outgoing queue, one reader, a heartbeat deadline, and a proper closing handshake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import WSMessage, WSMsgType, web

from bot.embedded.voice.protocol import HEARTBEAT_INTERVAL_MS, CloseCode, Violation
from bot.embedded.voice.session import Frame

MISSED_HEARTBEATS = 2
"""The number of intervals without a heartbeat after which a client counts as dead."""

_Close = tuple[int, str]


class VoiceWebSocket:
    """Sends everything through one queue, so that the order is kept for all senders.

    `receive` gets each message and can raise Violation, which closes the websocket; `refused` is then called with it.
    """

    def __init__(
        self,
        websocket: web.WebSocketResponse,
        receive: Callable[[str | bytes], None],
        refused: Callable[[Violation], None],
    ) -> None:
        self._websocket = websocket
        self._receive = receive
        self._refused = refused
        self._queue: asyncio.Queue[Frame | _Close | None] = asyncio.Queue()
        self._closing_code: int | None = None
        self._deadline = 0.0

    @property
    def close_code(self) -> int | None:
        """The code that either side closed with; 1006 or None if the connection broke."""
        return self._closing_code or self._websocket.close_code

    def send(self, frame: Frame) -> None:
        """Send a message after those in the queue."""
        self._queue.put_nowait(frame)

    def close(self, code: int, reason: str) -> None:
        """Close after the messages in the queue. Anything that the client still sends is ignored."""
        if self._closing_code is None:
            self._closing_code = code
            self._queue.put_nowait((code, reason))

    def abort(self) -> None:
        """Break the connection without a close frame, as a network does."""
        if self._websocket._req is not None and self._websocket._req.transport is not None:
            self._websocket._req.transport.abort()

    def heartbeat_came(self) -> None:
        """Note that the client is alive."""
        wait_s = MISSED_HEARTBEATS * HEARTBEAT_INTERVAL_MS / 1000
        self._deadline = asyncio.get_running_loop().time() + wait_s

    async def run(self, over: Callable[[], None]) -> None:
        """Send and receive until the websocket is closed; `over` is called once nothing more is received."""
        self.heartbeat_came()
        reader = asyncio.create_task(self._read())
        reader.add_done_callback(lambda _: self._queue.put_nowait(None))
        try:
            closing = await self._write()
        finally:
            # No one may be receiving during the closing handshake, or aiohttp cuts it short.
            reader.cancel()
            await asyncio.wait({reader})
            over()
        if closing:
            code, reason = closing
            await self._websocket.close(code=code, message=reason.encode())
        if not reader.cancelled():
            reader.result()

    async def _write(self) -> _Close | None:
        """Send what is queued. Returns how to close, or None if the client has closed."""
        while (item := await self._queue.get()) is not None:
            if isinstance(item, tuple):
                return item
            try:
                if isinstance(item, str):
                    await self._websocket.send_str(item)
                else:
                    await self._websocket.send_bytes(item)
            except ConnectionError:
                return None
        return None

    async def _read(self) -> None:
        try:
            while True:
                message = await self._next_message()
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    return
                if self._closing_code is None:
                    self._receive(message.data)
        except Violation as violation:
            self._refused(violation)
            self.close(int(violation.code), violation.reason)

    async def _next_message(self) -> WSMessage:
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    return await self._websocket.receive()
            except TimeoutError:
                if asyncio.get_running_loop().time() >= self._deadline:
                    raise Violation(CloseCode.SESSION_TIMED_OUT, "Session timed out") from None
