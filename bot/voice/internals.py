"""Every private touch of discord.py 2.7, in one place, checked by `verify()` before anything relies on it.

discord.py has no receive API, reads its addresses from class attributes and sends with XChaCha only. What it hides and
what goes wrong in it was found by running 2.7.1 against a loopback voice server.
"""

# Private names of discord.py are this module's purpose, and part of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import socket
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, cast

import davey
import yarl
from discord import VoiceClient
from discord.gateway import DiscordVoiceWebSocket, DiscordWebSocket
from discord.http import Route
from discord.voice_state import ConnectionFlowState, VoiceConnectionState

from bot.voice.transport import AES256_GCM, MODES, TransportCipher, cipher_for

VERIFIED_VERSION: Final = "2.7.1"

RECEIVE_BUFFER_BYTES: Final = 4 * 1024 * 1024
"""Linux's default of 212,992 bytes lost 58 % of the packets of 400 speakers, 4 MiB lost none."""

_DISCOVERY_SECONDS, _DISCOVERY_TRIES = 0.5, 10

VoiceHook = Callable[[DiscordVoiceWebSocket, dict[str, Any]], Coroutine[Any, Any, None]]

_log = logging.getLogger(__name__)

# What this module and bot.voice.capture rely on: owner, attribute, and names that its code must mention.
_RELIED_UPON: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Route, "BASE", ()),
    (DiscordWebSocket, "DEFAULT_GATEWAY", ()),
    (VoiceClient, "create_connection_state", ()),
    (VoiceClient, "supported_modes", ()),
    (VoiceClient, "checked_add", ()),
    (VoiceClient, "__init__", ("_connection", "_incr_nonce")),
    (VoiceClient, "_get_voice_packet", ("_encrypt_", "mode", "dave_session", "can_encrypt")),
    (VoiceClient, "_encrypt_aead_xchacha20_poly1305_rtpsize", ("secret_key", "_incr_nonce", "checked_add")),
    (
        VoiceConnectionState,
        "__init__",
        ("dave_session", "dave_protocol_version", "secret_key", "mode", "_runner", "socket", "_socket_reader"),
    ),
    (VoiceConnectionState, "_create_socket", ("socket", "_socket_reader", "resume")),
    (VoiceConnectionState, "_connect_websocket", ("from_connection_state", "seq_ack", "hook", "state")),
    (VoiceConnectionState, "_poll_voice_ws", ("poll_event",)),
    (VoiceConnectionState, "add_socket_listener", ("register",)),
    (VoiceConnectionState, "remove_socket_listener", ("unregister",)),
    (DiscordVoiceWebSocket, "from_connection_state", ("_connection", "hook", "seq_ack")),
    (DiscordVoiceWebSocket, "received_message", ("_hook", "load_secret_key", "initial_connection")),
    (DiscordVoiceWebSocket, "received_binary_message", ("process_proposals", "process_commit", "process_welcome")),
    (DiscordVoiceWebSocket, "initial_connection", ("modes", "supported_modes")),
    (davey.DaveSession, "decrypt", ()),
    (davey.DaveSession, "can_passthrough", ()),
    (davey.DaveSession, "epoch", ()),
    (davey.DaveSession, "status", ()),
)


class DiscordPyChanged(RuntimeError):
    """The installed discord.py or davey is not the one whose insides are known."""


def verify(relied_upon: Iterable[tuple[Any, str, tuple[str, ...]]] = _RELIED_UPON) -> None:
    """Check that all that is relied upon is there; DiscordPyChanged names the first that is not.

    Attributes set on instances are looked for by name in the code that sets or uses them.
    """
    for owner, name, mentions in relied_upon:
        where = f"{owner.__module__}.{owner.__qualname__}"
        found = inspect.getattr_static(owner, name, None)
        if found is None:
            raise DiscordPyChanged(f"{where} has no {name!r} any more: {_advice()}")
        code = _source(getattr(owner, name)) if mentions else ""
        for mention in mentions:
            if mention not in code:
                raise DiscordPyChanged(f"{where}.{name} does not use {mention!r} any more: {_advice()}")


def use_addresses(api_url: str, gateway_url: str) -> None:
    """Point discord.py at other addresses than Discord's own, for the whole process.

    `api_url` is the REST base with its version (".../api/v10", added when it is left out), `gateway_url` the main
    gateway ("ws://..." or "wss://..."). The voice gateway's address comes from the gateway and is always wss.
    """
    base = api_url.rstrip("/")
    Route.BASE = base if "/api" in base else f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class ShuttingSocket(socket.socket):
    """A UDP socket whose close wakes who waits on it.

    discord.py's reader thread otherwise stays in select() on the closed socket for up to 30 s after a reconnect.
    """

    def close(self) -> None:
        """Shut down, then close."""
        # It may not be connected yet, or be closed already.
        with contextlib.suppress(OSError):
            self.shutdown(socket.SHUT_RDWR)
        super().close()


class ListeningWebSocket(DiscordVoiceWebSocket):
    """The voice gateway with three mends: AES first, binary DAVE ops told to the client, and no silent death."""

    async def initial_connection(self, data: dict[str, Any]) -> None:
        """Prefer our order of modes: discord.py takes the first of the server's that it knows."""
        offered: list[str] = data["modes"]
        preferred = [mode for mode in MODES if mode in offered]
        await super().initial_connection(
            {**data, "modes": preferred + [mode for mode in offered if mode not in preferred]}
        )

    async def discover_ip(self) -> tuple[str, int]:
        """Ask again until it is answered: discord.py asks once, and listens only after having asked."""
        for _ in range(_DISCOVERY_TRIES - 1):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DISCOVERY_SECONDS):
                    return await super().discover_ip()
        return await super().discover_ip()

    async def received_binary_message(self, msg: bytes) -> None:
        """Let discord.py handle it. davey's refusal of one message (a stale proposal) must not end the polling:
        any exception but a closed connection kills discord.py's poller while it still calls itself connected.
        """
        try:
            await super().received_binary_message(msg)
        except ValueError as error:
            _log.warning("DAVE message of op %d was refused: %s", msg[2], error)
        cast("ListeningState", self._connection).on_keys_changed()


class ListeningState(VoiceConnectionState):
    """discord.py's connection state with our socket and our voice gateway."""

    def __init__(self, voice_client: VoiceClient, *, hook: VoiceHook, on_keys_changed: Callable[[], None]) -> None:
        super().__init__(voice_client, hook=hook)
        self.on_keys_changed = on_keys_changed

    def _create_socket(self) -> None:
        self.socket = ShuttingSocket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        # Linux reports twice what it grants (socket(7)).
        granted = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
        if granted < RECEIVE_BUFFER_BYTES:
            _log.info("The kernel grants a receive buffer of %d bytes; net.core.rmem_max limits it.", granted)
        self.socket.setblocking(False)
        self._socket_reader.resume()

    async def _connect_websocket(self, resume: bool) -> DiscordVoiceWebSocket:
        seq_ack = self.ws.seq_ack if self.ws else -1
        ws = await ListeningWebSocket.from_connection_state(self, resume=resume, hook=self.hook, seq_ack=seq_ack)
        self.state = ConnectionFlowState.websocket_connected
        return ws


class ListeningVoiceClient(VoiceClient):
    """discord.py's voice client that can also send with AES."""

    supported_modes = cast(Any, (AES256_GCM, *VoiceClient.supported_modes))
    _sealing: tuple[bytes, TransportCipher] | None = None

    def _encrypt_aead_aes256_gcm_rtpsize(self, header: bytes, data: bytes) -> bytes:
        key = bytes(self.secret_key)
        if self._sealing is None or self._sealing[0] != key:
            self._sealing = key, cipher_for(AES256_GCM, key)
        datagram = self._sealing[1].seal(bytes(header), bytes(data), self._incr_nonce)
        self.checked_add("_incr_nonce", 1, 0xFFFF_FFFF)
        return datagram


class ConnectionKeys:
    """bot.voice.dave.DaveKeys over the DAVE session that discord.py keeps, whichever it is at the moment."""

    def __init__(self, connection: VoiceConnectionState) -> None:
        self._connection = connection

    @property
    def protocol_version(self) -> int:
        """0 while the call is not end-to-end encrypted."""
        return self._connection.dave_protocol_version

    @property
    def generation(self) -> object:
        """Session, epoch and status: when one differs, other keys may be known."""
        session = self._connection.dave_session
        if session is None:
            return self._connection.dave_protocol_version
        return id(session), session.epoch, session.status, self._connection.dave_protocol_version

    def can_passthrough(self, user_id: int) -> bool:
        """Whether this user's frames may come in the clear at the moment."""
        session = self._connection.dave_session
        return session is None or session.can_passthrough(user_id)

    def decrypt(self, user_id: int, payload: bytes) -> bytes:
        """The Opus packet in a frame; ValueError when it cannot be opened."""
        session = self._connection.dave_session
        if session is None:
            raise ValueError("There is no DAVE session yet.")
        return session.decrypt(user_id, davey.MediaType.audio, payload)


def connection_of(client: VoiceClient) -> VoiceConnectionState:
    """The connection state behind a voice client."""
    return client._connection


def transport_cipher(client: VoiceClient) -> TransportCipher:
    """The cipher that the voice server's last session description names; ValueError for a mode unknown to us."""
    return cipher_for(client.mode, bytes(client.secret_key))


def poller_of(client: VoiceClient) -> asyncio.Task[None] | None:
    """The task that reads the voice gateway; when it is done while the client is connected, it has died."""
    return client._connection._runner


def _source(member: Any) -> str:
    try:
        return inspect.getsource(member)
    except (OSError, TypeError) as error:
        raise DiscordPyChanged(f"The source of {member!r} cannot be read: {_advice()}") from error


def _advice() -> str:
    return f"install discord.py {VERIFIED_VERSION} and davey 0.1.7, or adapt bot/voice/internals.py."
