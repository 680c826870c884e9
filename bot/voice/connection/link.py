"""One link to a voice server: a voice gateway websocket, a UDP socket and a DAVE session that belong together.

discord.py's websocket speaks the protocol, but it keeps its state on the client's only connection. Here each link has a
state of its own, so that a new link can be built while the old one still delivers.
"""

# Private names of discord.py are this module's purpose, and some of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, cast

import aiohttp
import davey
from discord import VoiceClient

from bot.voice.connection.datagrams import DatagramSocket
from bot.voice.connection.group import DaveGroup
from bot.voice.connection.roster import News, Roster
from bot.voice.connection.video import VideoWants
from bot.voice.connection.websocket import LinkWebSocket
from bot.wire.transport import TransportCipher

PATIENCE_SECONDS: Final = 1.0
"""How long the bot waits after a session is opened: if it has heard of no one by then, it is alone in the call, and a
pending DAVE transition is no longer awaited.
"""

_BROKEN: Final = 4000
"""The code to close a websocket with if its session is to be resumed: 1000 and 1001 would end the session."""

_DAVE_OPS: Final = range(21, 32)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the main gateway sent for identifying with the voice server."""

    server_id: int
    channel_id: int
    session_id: str
    token: str
    endpoint: str


def _unobserved(_: aiohttp.WSMessage) -> None:
    """Stand in for an observer."""


@dataclass(frozen=True, slots=True)
class LinkCallbacks:
    """What a link calls: if an SSRC got or lost its person, if keys may have changed, if packets wait, and with every
    message before it is handled.

    `packets_wait` is called in the reader's thread, the others in the event loop.
    """

    people_changed: Callable[[Link, News], None]
    keys_changed: Callable[[], None]
    packets_wait: Callable[[], None]
    received: Callable[[aiohttp.WSMessage], None] = _unobserved


class Link:
    """Stands in for the connection state of discord.py's websocket, for one voice session.

    Call `open()` first, `listen()` while the websocket lives, and `resume()` after it has closed. `open()` and
    `resume()` raise LinkClosed, OSError or aiohttp.ClientError.
    """

    def __init__(
        self, client: VoiceClient, credentials: Credentials, callbacks: LinkCallbacks, *, says_wants: bool = True
    ) -> None:
        self.voice_client = client
        self.user = client.user
        self.supported_modes = client.supported_modes
        self.max_dave_protocol_version = davey.DAVE_PROTOCOL_VERSION
        self.credentials = credentials
        self.endpoint, self.token = credentials.endpoint, credentials.token
        self.server_id, self.session_id = credentials.server_id, credentials.session_id
        self.callbacks = callbacks
        self.ssrc = 0
        self.mode: Any = None
        self.secret_key: list[int] = []
        self.cipher: TransportCipher | None = None
        self.group = DaveGroup(self.user.id, credentials.channel_id)
        self.roster = Roster(self.user.id)
        self.opened_at = self.company_changed_at = 0.0
        self.ws: LinkWebSocket
        self.udp: DatagramSocket
        self.video = VideoWants(says_wants)
        self._closing: set[asyncio.Task[Any]] = set()

    def hears(self, now: float) -> bool:
        """Whether what the others say can be decrypted at `now`.

        It can if the call has no DAVE, if we are in the DAVE group, or if we are still alone after PATIENCE_SECONDS. In
        the group, a pending transition is awaited, no longer than that: the others use its keys once it is executed.
        """
        waited = now > self.opened_at + PATIENCE_SECONDS
        if self.group.version == 0:
            return True
        if self.group.is_ready:
            return waited or not self.group.pending
        return waited and not self.roster.users

    @property
    def dave_session(self) -> davey.DaveSession | None:
        """The DAVE session in use, with which discord.py encrypts."""
        return self.group.session

    @property
    def dave_protocol_version(self) -> int:
        """The DAVE version in force; 0 while the call is not end-to-end encrypted."""
        return self.group.version

    async def open(self) -> None:
        """Begin a voice session. Returns when the transport's key is known; the DAVE group lets us in later."""
        await self._connect(resume=False, seq_ack=-1)
        while self.ws.secret_key is None:
            await self.ws.poll_event()
        self.opened_at = time.monotonic()

    async def resume(self) -> None:
        """Continue the voice session on a new websocket. The server repeats what was missed in the meantime."""
        before = self.ws
        before.stop_beating()
        await self._connect(resume=True, seq_ack=before.seq_ack)
        self._hang_up(before)
        while not self.ws.is_resumed:
            await self.ws.poll_event()

    async def listen(self) -> None:
        """Handle the messages of the voice gateway until one raises LinkClosed."""
        while True:
            await self.ws.poll_event()

    def open_socket(self, address: tuple[str, int]) -> None:
        """Open the UDP socket to the address that op 2 named."""
        self.udp = DatagramSocket(address, self.callbacks.packets_wait)

    def received(self, message: aiohttp.WSMessage) -> None:
        """Show a message, before it is handled, to the code that observes the connection."""
        self.callbacks.received(message)

    def told(self, message: dict[str, Any]) -> None:
        """Note who is in the call, after a text message was handled."""
        op = message["op"]
        if op in _DAVE_OPS:
            self.keys_changed()
        before = self.roster.users
        news = self.roster.told(op, message.get("d") or {})
        if self.roster.users != before:
            self.company_changed_at = time.monotonic()
        if news is not None:
            self.callbacks.people_changed(self, news)

    async def repair_keys(self) -> None:
        """Tell the voice server that our keys are wrong, and ask to be let into the group again."""
        await self.ws.answer(self.group.recover(time.monotonic()))

    def keys_changed(self) -> None:
        """Report that a DAVE message was handled."""
        self.callbacks.keys_changed()

    def close(self, code: int = 1000) -> None:
        """End the session. What has arrived stays in `udp`; the websocket's closing handshake runs as a task."""
        if hasattr(self, "udp"):
            self.udp.close()
        if hasattr(self, "ws"):
            self._hang_up(self.ws, code)

    async def _connect(self, *, resume: bool, seq_ack: int) -> None:
        state = cast(Any, self)
        connecting: Coroutine[Any, Any, LinkWebSocket] = LinkWebSocket.from_connection_state(
            state, resume=resume, seq_ack=seq_ack
        )
        self.ws = await connecting

    def _hang_up(self, ws: LinkWebSocket, code: int = _BROKEN) -> None:
        ws.stop_beating()
        task = asyncio.get_running_loop().create_task(_close(ws, code))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close(ws: LinkWebSocket, code: int) -> None:
    with contextlib.suppress(Exception):
        await ws.ws.close(code=code)
