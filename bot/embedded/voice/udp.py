"""The voice server's UDP side: IP discovery, and packets from each speaker to their listeners.

Each client has its own secret key, as on Discord: a packet is decrypted with its sender's key and encrypted again with
each listener's. RTP header, header extension and padding are forwarded unchanged.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable

from bot.embedded.journal import Journal
from bot.embedded.voice.faults import RoughPath
from bot.embedded.voice.session import Address, VoiceSession
from bot.embedded.voice.video import video_ssrc_of
from bot.wire.rtp import RtpHeader, parse_header

RECEIVE_BUFFER_BYTES = 4 << 20
SPEAKING_GRACE_S = 1.0
"""How long packets can precede op 5, which travels another way."""

# IP discovery (Discord's documentation, "IP discovery"): type, length of the rest, SSRC, address, port.
_DISCOVERY = struct.Struct(">HHI64sH")
_DISCOVERY_REQUEST = 1
_DISCOVERY_RESPONSE = 2
_DISCOVERY_LENGTH = 70

# What Discord's own clients send to keep their socket open, and its answer: four bytes each, then the client's number.
_PING, _PONG, _PING_BYTES = b"\x13\x37\xca\xfe", b"\x13\x37\xf0\x0d", 8
_VIDEO_CLEAR_BYTES = 12


class VoiceUdp(asyncio.DatagramProtocol):
    """One socket for all clients. `listeners_of` returns who hears a speaker. `on_mute_speaker` is called with a client
    that sends audio but has never sent op 5.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        by_ssrc: Callable[[int], VoiceSession | None],
        listeners_of: Callable[[VoiceSession], list[VoiceSession]],
        on_mute_speaker: Callable[[VoiceSession], None],
        path: RoughPath,
    ) -> None:
        self._journal = journal
        self._by_ssrc = by_ssrc
        self._listeners_of = listeners_of
        self._on_mute_speaker = on_mute_speaker
        self._path = path
        self._strangers: set[Address] = set()
        self._dead: set[Address] = set()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        """Called by asyncio when the socket is bound."""
        self._transport = transport
        self._path.open(self._send)
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Called by asyncio for each datagram."""
        if addr in self._dead:
            return
        if len(data) == _DISCOVERY.size and data[0] == 0:
            self._discover(data, addr)
            return
        if len(data) == _PING_BYTES and data[:4] == _PING:
            self._send(_PONG + data[4:], addr)
            return
        header = parse_header(data)
        if header is None:
            # RTCP and the 8-byte counters of some clients have no effect on anyone.
            self._forward_video(data, addr)
            return
        session = self._by_ssrc(header.ssrc)
        if session is None or session.address != addr:
            self._refuse_stranger(addr, header.ssrc)
            return
        self._forward(session, data, header)

    def _forward(self, session: VoiceSession, datagram: bytes, header: RtpHeader) -> None:
        body = session.cipher.open(datagram, header.clear_bytes) if session.cipher else None
        if body is None:
            self._refuse(session, "not_authentic" if session.cipher else "no_mode_selected")
            return
        session.packets_received += 1
        if session.speaking is None and not self._within_grace(session):
            self._on_mute_speaker(session)
            return
        clear = datagram[: header.clear_bytes]
        for listener in self._listeners_of(session):
            if listener.address and listener.cipher and listener.is_wanted(session.ssrc):
                self._path.carry(session, listener, header, clear, body)
                session.packets_forwarded += 1
                session.packets_to_bot += listener.is_bot

    def kill(self, address: Address) -> None:
        """Let nothing through to or from this address any more, as a router does that forgot a client."""
        self._dead.add(address)

    def _forward_video(self, data: bytes, addr: Address) -> None:
        """Forward a packet of a camera to those who want it. Its contents are of no interest here."""
        session = self._by_ssrc(video_ssrc_of(data) or 0)
        body = session.cipher.open(data, _VIDEO_CLEAR_BYTES) if session and session.cipher else None
        if session is None or session.address != addr or body is None:
            return
        for listener in self._listeners_of(session):
            if listener.address and listener.cipher and listener.is_wanted(session.video_ssrc):
                self._send(listener.seal(data[:_VIDEO_CLEAR_BYTES], body), listener.address)
                session.video_packets_to_bot += listener.is_bot

    def _within_grace(self, session: VoiceSession) -> bool:
        now = time.monotonic()
        if session.first_packet_at is None:
            session.first_packet_at = now
        return now - session.first_packet_at <= SPEAKING_GRACE_S

    def _discover(self, data: bytes, addr: Address) -> None:
        kind, length, ssrc, _, _ = _DISCOVERY.unpack(data)
        session = self._by_ssrc(ssrc)
        if kind != _DISCOVERY_REQUEST or length != _DISCOVERY_LENGTH or session is None:
            self._refuse_stranger(addr, ssrc)
            return
        session.address = addr
        host = addr[0].encode()
        reply = _DISCOVERY.pack(_DISCOVERY_RESPONSE, _DISCOVERY_LENGTH, ssrc, host, addr[1])
        self._send(reply, addr)
        self._path.discovered(session, reply)

    def _refuse(self, session: VoiceSession, reason: str) -> None:
        count = session.packets_refused.get(reason, 0) + 1
        session.packets_refused[reason] = count
        if count == 1:
            self._journal.write("packet_refused", user_id=session.user_id, ssrc=session.ssrc, reason=reason)

    def _refuse_stranger(self, addr: Address, ssrc: int) -> None:
        if addr not in self._strangers:
            self._strangers.add(addr)
            self._journal.write("packet_refused", ssrc=ssrc, port=addr[1], reason="unknown_sender")

    def _send(self, datagram: bytes, address: Address) -> None:
        if self._transport and not self._transport.is_closing() and address not in self._dead:
            self._transport.sendto(datagram, address)
