"""One link to a voice server: a voice gateway websocket, a UDP socket and a DAVE session that belong together.

discord.py's websocket speaks the protocol, but it keeps its state on the client's only connection. Here each link has a
state of its own, so that a new link can be built while the old one still delivers.
"""

# Private names of discord.py are this module's purpose, and some of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, cast

import aiohttp
import davey
from discord import VoiceClient
from discord.gateway import DiscordVoiceWebSocket

from bot.domain.ids import UserId
from bot.voice.connection.datagrams import DatagramSocket
from bot.voice.connection.websocket import LinkWebSocket
from bot.wire.transport import TransportCipher

PATIENCE_SECONDS: Final = 1.0
"""How long the bot waits after a session is opened: if it has heard of no one by then, it is alone in the call, and a
pending DAVE transition is no longer awaited.
"""

PASSTHROUGH_SECONDS: Final = 10
"""How long frames in the clear are accepted after DAVE begins or ends: some are under way (discord.py's value)."""

FORMER_KEYS_SECONDS: Final = 10.0
"""How long the keys of a previous group are kept: as long as davey keeps those of an old epoch."""

_BROKEN: Final = 4000
"""The code to close a websocket with if its session is to be resumed: 1000 and 1001 would end the session."""

_DAVE_OPS: Final = range(21, 32)

_log = logging.getLogger(__name__)


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
    """What a link calls: after it has handled a text op, if keys may have changed, if packets wait, and with every
    message before it is handled.

    `packets_wait` is called in the reader's thread, the others in the event loop.
    """

    voice_op: Callable[[Link, dict[str, Any]], None]
    keys_changed: Callable[[], None]
    packets_wait: Callable[[], None]
    received: Callable[[aiohttp.WSMessage], None] = _unobserved


class Link:
    """Stands in for the connection state of discord.py's websocket, for one voice session.

    Call `open()` first, `listen()` while the websocket lives, and `resume()` after it has closed. `open()` and
    `resume()` raise LinkClosed, OSError or aiohttp.ClientError.
    """

    def __init__(self, client: VoiceClient, credentials: Credentials, callbacks: LinkCallbacks) -> None:
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
        self.dave_session: davey.DaveSession | None = None
        self.dave_protocol_version = 0
        self.dave_pending_transitions: dict[int, int] = {}
        self.dave_downgraded = False
        self.external_sender: bytes | None = None
        self.company: set[UserId] = set()
        self.opened_at = 0.0
        self.ws: LinkWebSocket
        self.udp: DatagramSocket
        self._former: list[tuple[davey.DaveSession, float]] = []
        self._closing: set[asyncio.Task[Any]] = set()

    def hears(self, now: float) -> bool:
        """Whether what the others say can be decrypted at `now`.

        It can if the call has no DAVE, if we are in the DAVE group, or if we are still alone after PATIENCE_SECONDS. In
        the group, a pending transition is awaited, no longer than that: the others use its keys once it is executed.
        """
        waited = now > self.opened_at + PATIENCE_SECONDS
        if self.dave_protocol_version == 0:
            return True
        if self.dave_session is not None and self.dave_session.ready:
            return waited or not self.dave_pending_transitions
        return waited and not self.company

    def sessions(self) -> list[davey.DaveSession]:
        """Return the DAVE session and the previous ones whose frames may still be under way."""
        oldest = time.monotonic() - FORMER_KEYS_SECONDS
        self._former = [(session, since) for session, since in self._former if since > oldest]
        current = [self.dave_session] if self.dave_session is not None else []
        return current + [session for session, _ in self._former]

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
        """Note who is in the call and whether keys have changed, after a text message was handled."""
        match message["op"]:
            case DiscordVoiceWebSocket.CLIENTS_CONNECT:
                self.company.update(UserId(int(user_id)) for user_id in message["d"]["user_ids"])
            case DiscordVoiceWebSocket.SPEAKING | DiscordVoiceWebSocket.CLIENT_CONNECT if "user_id" in message["d"]:
                self.company.add(UserId(int(message["d"]["user_id"])))
            case DiscordVoiceWebSocket.CLIENT_DISCONNECT:
                self.company.discard(UserId(int(message["d"]["user_id"])))
            case op if op in _DAVE_OPS:
                self.keys_changed()
            case _:
                pass
        self.callbacks.voice_op(self, message)

    def keys_changed(self) -> None:
        """Report that a DAVE message was handled."""
        self.callbacks.keys_changed()

    def close(self, code: int = 1000) -> None:
        """End the session. What has arrived stays in `udp`; the websocket's closing handshake runs as a task."""
        if hasattr(self, "udp"):
            self.udp.close()
        if hasattr(self, "ws"):
            self._hang_up(self.ws, code)

    # What discord.py's websocket calls on its connection state.

    async def reinit_dave_session(self) -> None:
        """Begin a new group, or end DAVE. The previous group's keys stay for frames that are under way."""
        if self.dave_protocol_version == 0:
            if self.dave_session is not None:
                self.dave_session.reset()
                self.dave_session.set_passthrough_mode(True, PASSTHROUGH_SECONDS)
            return
        if self.dave_session is not None:
            self._former.append((self.dave_session, time.monotonic()))
        self.dave_session = davey.DaveSession(self.dave_protocol_version, self.user.id, self.credentials.channel_id)
        if self.external_sender is not None:
            self.dave_session.set_external_sender(self.external_sender)
        await self.ws.send_binary(DiscordVoiceWebSocket.MLS_KEY_PACKAGE, self.dave_session.get_serialized_key_package())

    async def _recover_from_invalid_commit(self, transition_id: int) -> None:
        refusal = {"op": DiscordVoiceWebSocket.MLS_INVALID_COMMIT_WELCOME, "d": {"transition_id": transition_id}}
        await self.ws.send_as_json(refusal)
        await self.reinit_dave_session()

    async def _execute_transition(self, transition_id: int) -> None:
        version = self.dave_pending_transitions.pop(transition_id, None)
        if version is None:
            _log.warning("The server executed the DAVE transition %d without preparing it.", transition_id)
            return
        before, self.dave_protocol_version = self.dave_protocol_version, version
        if before != version and version == 0:
            self.dave_downgraded = True
        elif transition_id > 0 and self.dave_downgraded:
            self.dave_downgraded = False
            if self.dave_session is not None:
                # Frames in the clear pass only this long. With discord.py's True alone they would pass forever.
                self.dave_session.set_passthrough_mode(True, PASSTHROUGH_SECONDS)
                self.dave_session.set_passthrough_mode(False, PASSTHROUGH_SECONDS)

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
