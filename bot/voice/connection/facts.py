"""What discord.py's VoiceClient reads from its connection state: facts about the link in use."""

# Some of discord.py's types are unknown to pyright.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import davey

from bot.voice.connection.link import Link
from bot.voice.connection.links import Links
from bot.voice.connection.main_gateway import MainGateway


class ConnectionFacts:
    """The first of `links` is the one in use; the others can still deliver packets that are under way."""

    def __init__(self, main_gateway: MainGateway, drain: Callable[[], None]) -> None:
        self.timeout = 30.0
        self._links = Links(drain)
        self._main_gateway = main_gateway
        self._connected = threading.Event()

    @property
    def links(self) -> list[Link]:
        """The links that can deliver packets."""
        return self._links.all

    @property
    def link(self) -> Link | None:
        """The link in use."""
        return self._links.used

    @property
    def ws(self) -> Any:
        """The websocket in use; None before the first link."""
        return self.link.ws if self.link else None

    @property
    def session_id(self) -> str | None:
        """The session id of our voice state."""
        return self._main_gateway.session_id

    @property
    def token(self) -> str | None:
        """The token for the voice server."""
        return self._main_gateway.token

    @property
    def endpoint(self) -> str | None:
        """The host and port of the voice server."""
        return self._main_gateway.endpoint

    @property
    def ssrc(self) -> int:
        """The SSRC of what we send; 0 before the first link."""
        return self.link.ssrc if self.link else 0

    @property
    def mode(self) -> Any:
        """The name of the transport's encryption mode."""
        return self.link.mode if self.link else None

    @property
    def secret_key(self) -> list[int]:
        """The key of the transport's encryption."""
        return self.link.secret_key if self.link else []

    @property
    def dave_session(self) -> davey.DaveSession | None:
        """The DAVE session of the link in use."""
        return self.link.dave_session if self.link else None

    @property
    def dave_protocol_version(self) -> int:
        """The DAVE version of the call; 0 while the call is not end-to-end encrypted."""
        return self.link.dave_protocol_version if self.link else 0

    @property
    def can_encrypt(self) -> bool:
        """Whether what we send can be encrypted end to end."""
        return self.dave_protocol_version != 0 and self.dave_session is not None and self.dave_session.ready

    def is_connected(self) -> bool:
        """Whether sound can be received and sent now."""
        return self._connected.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block the calling thread until connected, at most `timeout` seconds; return whether it is connected."""
        return self._connected.wait(timeout)

    def send_packet(self, packet: bytes) -> None:
        """Send a packet over UDP. Raises OSError if no link exists."""
        if self.link is None:
            raise OSError("No voice connection exists.")
        self.link.udp.send(packet)
