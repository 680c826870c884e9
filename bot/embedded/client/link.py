"""A client's link to the embedded Discord: requests with their replies, events, and waiting for a change."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any, TypeVar

import aiohttp

REPLY_TIMEOUT_S = 20.0
"""How long a person waits for a deferred answer to be filled in."""

Found = TypeVar("Found")


class Refused(Exception):
    """Discord's client would not let the person do this."""


class Link:
    """One websocket to the people's side of the embedded Discord. A subclass handles the events."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._failure: BaseException | None = None
        self._changed = asyncio.Event()

    def take(self, data: dict[str, Any]) -> None:
        """Handle an event."""
        raise NotImplementedError

    async def ask(self, verb: str, **fields: Any) -> dict[str, Any]:
        """Send a request and return the fields of its reply. Raises Refused if a client would not do it."""
        number = next(self._numbers)
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._replies[number] = future
        try:
            await self._socket.send_json({"id": number, "do": verb, **fields})
            async with asyncio.timeout(REPLY_TIMEOUT_S):
                reply = await future
        finally:
            del self._replies[number]
        if not reply["ok"]:
            raise Refused(reply["refused"])
        return reply

    async def wait(self, find: Callable[[], Found | None], timeout: float, what: str) -> Found:
        """Return what `find` finds, now or after a later event. Raises TimeoutError after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while (found := find()) is None:
                    if self._failure is not None:
                        raise ConnectionError("The client's connection is gone.") from self._failure
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"{what.capitalize()} did not arrive within {timeout:g} s.") from None
        return found

    async def read(self) -> None:
        """Read frames until the link is closed. Everything that still waits then fails."""
        failure: BaseException = ConnectionError("Discord closed the connection.")
        try:
            async for frame in self._socket:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    self._receive(json.loads(frame.data))
        except Exception as fault:
            failure = fault
        self._failure = failure
        for future in self._replies.values():
            if not future.done():
                future.set_exception(ConnectionError("The client's connection is gone."))
        self._changed.set()

    def _receive(self, data: dict[str, Any]) -> None:
        if "reply" not in data:
            self.take(data)
            self._changed.set()
            return
        future = self._replies.get(data["reply"])
        if future is not None and not future.done():
            future.set_result(data)
