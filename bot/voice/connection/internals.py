"""What the bot uses of discord.py 2.7's internals, checked by `verify()` before anything relies on it.

discord.py has no receive API, reads its addresses from class attributes and sends with XChaCha only. Its internals and
their faults were found by running 2.7.1 against a loopback voice server. The voice connection itself is in
bot.voice.connection.healing (in place of discord.py's) and bot.voice.connection.link (around discord.py's websocket).
"""

# Private names of discord.py are this module's purpose, and some of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import functools
import inspect
import re
import time
from collections.abc import Iterable
from typing import Any, Final, cast

import davey
import yarl
from discord import VoiceClient
from discord.gateway import DiscordVoiceWebSocket, DiscordWebSocket
from discord.http import Route
from discord.state import ConnectionState

from bot.domain.ids import UserId
from bot.voice.connection.healing import HealingConnection
from bot.voice.connection.link import Link
from bot.wire.transport import AES256_GCM, TransportCipher, cipher_for

_AUDIO: Final = davey.MediaType.audio
VERIFIED_VERSION: Final = "2.7.1"

# What bot.voice relies on: the owner, the attribute, and names that the attribute's code must mention.
_RELIED_UPON: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Route, "BASE", ()),
    (DiscordWebSocket, "DEFAULT_GATEWAY", ()),
    (VoiceClient, "create_connection_state", ()),
    (VoiceClient, "supported_modes", ()),
    (VoiceClient, "checked_add", ()),
    (VoiceClient, "cleanup", ("_get_voice_client_key", "_remove_voice_client")),
    (VoiceClient, "__init__", ("_connection", "_incr_nonce", "self._state")),
    (VoiceClient, "_get_voice_packet", ("_encrypt_", "mode", "dave_session", "can_encrypt")),
    (VoiceClient, "_encrypt_aead_xchacha20_poly1305_rtpsize", ("secret_key", "_incr_nonce", "checked_add")),
    (ConnectionState, "_get_voice_client", ()),
    (ConnectionState, "_add_voice_client", ()),
    (DiscordVoiceWebSocket, "__init__", ("_keep_alive", "secret_key", "seq_ack")),
    (DiscordVoiceWebSocket, "from_connection_state", ("_connection", "seq_ack", "resume")),
    (DiscordVoiceWebSocket, "received_message", ("seq_ack", "initial_connection", "_keep_alive", "dave_session")),
    (DiscordVoiceWebSocket, "received_binary_message", ("seq_ack",)),
    (DiscordVoiceWebSocket, "initial_connection", ("select_protocol",)),
    (DiscordVoiceWebSocket, "load_secret_key", ("secret_key", "speak")),
    (DiscordVoiceWebSocket, "poll_event", ("received_message", "received_binary_message")),
    (davey.DaveSession, "decrypt", ()),
    (davey.DaveSession, "process_proposals", ()),
    (davey.DaveSession, "process_commit", ()),
    (davey.DaveSession, "process_welcome", ()),
    (davey.DaveSession, "epoch", ()),
    (davey.DaveSession, "status", ()),
    (davey.DaveSession, "ready", ()),
    (davey.DaveSession, "set_external_sender", ()),
)

# Classes of discord.py, a pattern for what their code reads, and our class that must have all of it.
_ASKED: tuple[tuple[Any, str, type], ...] = (
    (VoiceClient, r"self\._connection\.(\w+)", HealingConnection),
    (DiscordVoiceWebSocket, r"(?:\bstate|self\._connection)\.(\w+)", Link),
)
_REPLACED = {
    *("socket", "ip", "port", "endpoint_ip", "voice_port", "add_socket_listener", "remove_socket_listener"),
    # What discord.py's own handling of DAVE uses; bot.voice.connection.group is in its place.
    *("reinit_dave_session", "dave_pending_transitions", "_execute_transition", "_recover_from_invalid_commit"),
}


class DiscordPyChanged(RuntimeError):
    """The installed discord.py or davey differs from the one whose internals are known."""


def verify(relied_upon: Iterable[tuple[Any, str, tuple[str, ...]]] = _RELIED_UPON) -> None:
    """Check that everything that is relied upon exists. Raises DiscordPyChanged for the first thing that does not.

    Attributes of instances are searched by name in the code that sets or uses them.
    """
    for owner, name, mentions in relied_upon:
        where = f"{owner.__module__}.{owner.__qualname__}"
        found = inspect.getattr_static(owner, name, None)
        if found is None:
            raise DiscordPyChanged(f"{where} no longer has {name!r}: {_advice()}")
        code = _source(getattr(owner, name)) if mentions else ""
        for mention in mentions:
            if mention not in code:
                raise DiscordPyChanged(f"{where}.{name} no longer uses {mention!r}: {_advice()}")
    for asking, pattern, asked in _ASKED:
        given = "".join(_source(kind.__init__) for kind in asked.__mro__[:-1])
        there = {*dir(asked), *re.findall(r"self\.(\w+)", given), *_REPLACED}
        for name in sorted(set(re.findall(pattern, _source(asking))) - there):
            raise DiscordPyChanged(f"{asking.__qualname__} now reads {name!r} from {asked.__name__}: {_advice()}")


def use_addresses(api_url: str, gateway_url: str) -> None:
    """Point discord.py at other addresses than Discord's own, for the whole process.

    `api_url` is the REST base; its version ("/api/v10") is added if it is missing. `gateway_url` is the main gateway
    ("ws://..." or "wss://..."). The voice gateway's address comes from the main gateway and is always wss.
    """
    base = api_url.rstrip("/")
    Route.BASE = base if "/api" in base else f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


class ListeningVoiceClient(VoiceClient):
    """discord.py's voice client, which here can also send with AES, and unregisters no client but itself."""

    supported_modes = cast(Any, (AES256_GCM, *VoiceClient.supported_modes))
    _sealing: tuple[bytes, TransportCipher] | None = None

    def cleanup(self) -> None:
        """Unregister this client. discord.py would unregister the server's client even if that is another one."""
        key, _ = self.channel._get_voice_client_key()
        if self._state._get_voice_client(key) is self:
            super().cleanup()

    def _encrypt_aead_aes256_gcm_rtpsize(self, header: bytes, data: bytes) -> bytes:
        key = bytes(self.secret_key)
        if self._sealing is None or self._sealing[0] != key:
            self._sealing = key, cipher_for(AES256_GCM, key)
        datagram = self._sealing[1].seal(bytes(header), bytes(data), self._incr_nonce)
        self.checked_add("_incr_nonce", 1, 0xFFFF_FFFF)
        return datagram


class ConnectionKeys:
    """Implements bot.voice.receiving.keys.DaveKeys with the DAVE sessions that a connection has at the moment.

    It has several if a link or a group has just been replaced: frames for the previous one are still under way.
    """

    def __init__(self, connection: HealingConnection) -> None:
        self._connection = connection

    @property
    def generation(self) -> object:
        """Sessions, epochs and status: if one of them differs, other keys may be known."""
        return (
            self._connection.dave_protocol_version,
            *((id(session), session.epoch, session.status) for session in self._sessions()),
        )

    def may_be_clear(self, arrival: float) -> bool:
        """Whether a frame that arrived then may have been sent in the clear: on one link at least, it was allowed."""
        return any(arrival <= link.group.clear_until for link in self._connection.links)

    def decrypt(self, user_id: UserId, payload: bytes) -> bytes:
        """Return the Opus packet in a frame. Raises ValueError if no session opens it."""
        links = self._connection.links
        # Nearly every frame belongs to the session in use, so it is tried without listing the former ones.
        current = links[0].dave_session if links else None
        refusal = ValueError("No DAVE session exists yet.")
        if current is not None:
            try:
                return current.decrypt(user_id, _AUDIO, payload)
            except ValueError as error:
                refusal = error
        for session in self._sessions()[1 if current is not None else 0 :]:
            try:
                return session.decrypt(user_id, _AUDIO, payload)
            except ValueError as error:
                refusal = error
        raise refusal

    def _sessions(self) -> list[davey.DaveSession]:
        now = time.monotonic()
        return [session for link in self._connection.links for session in link.group.sessions(now)]


def connection_of(client: VoiceClient) -> HealingConnection:
    """Return the connection behind one of our voice clients."""
    return cast("HealingConnection", client._connection)


def poller_of(client: VoiceClient) -> asyncio.Task[None] | None:
    """Return the task that reads the voice gateway of the link in use; None while no link is in use."""
    return connection_of(client).poller


@functools.cache  # Each client verifies the same code, and looking a source up reads and parses its whole file.
def _source(member: Any) -> str:
    try:
        return inspect.getsource(member)
    except (OSError, TypeError) as error:
        raise DiscordPyChanged(f"The source of {member!r} cannot be read: {_advice()}") from error


def _advice() -> str:
    return f"install discord.py {VERIFIED_VERSION} and davey 0.1.7, or adapt bot/voice/connection/internals.py."
