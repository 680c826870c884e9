"""A cast member's UDP socket: IP discovery, sending packets, decrypting received ones."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable

from bot.embedded.client.voice.packets import Packet
from bot.wire.rtp import RtpHeader, parse_header, strip_body
from bot.wire.transport import TransportCipher

_DISCOVERY = struct.Struct(">HHI64sH")
_RECEIVE_BUFFER_BYTES = 1 << 20


class Media(asyncio.DatagramProtocol):
    """A connected socket. `on_payload` gets header and payload of each packet, without extension and padding."""

    def __init__(self, on_payload: Callable[[RtpHeader, bytes], None]) -> None:
        self._on_payload = on_payload
        self._transport: asyncio.DatagramTransport | None = None
        self._discovered: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()
        self._cipher: TransportCipher | None = None
        self._counter = 0

    @classmethod
    async def connect(cls, address: tuple[str, int], on_payload: Callable[[RtpHeader, bytes], None]) -> Media:
        """Return a socket that is connected to the voice server."""
        _, media = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: cls(on_payload), remote_addr=address
        )
        return media

    async def discover(self, ssrc: int) -> tuple[str, int]:
        """Return the address that the server sees; the request also tells the server where this SSRC is."""
        self._send(_DISCOVERY.pack(1, 70, ssrc, b"", 0))
        async with asyncio.timeout(5):
            return await self._discovered

    def use(self, cipher: TransportCipher) -> None:
        """Use the transport key of op 4."""
        self._cipher = cipher
        self._counter = 0

    def send(self, packet: Packet) -> None:
        """Encrypt a packet for the transport and send it."""
        self.send_sealed(packet.clear, packet.body)

    def send_sealed(self, clear: bytes, body: bytes) -> None:
        """Encrypt a body for the transport and send it behind its clear header."""
        if self._cipher is None:
            raise RuntimeError("There is no transport key yet.")
        self._counter += 1
        self._send(self._cipher.seal(clear, body, self._counter))

    def close(self) -> None:
        """Close the socket."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        """Called by asyncio when the socket is ready."""
        self._transport = transport
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Called by asyncio for each datagram."""
        if len(data) == _DISCOVERY.size and data[:2] == b"\x00\x02":
            _, _, _, host, port = _DISCOVERY.unpack(data)
            if not self._discovered.done():
                self._discovered.set_result((host.rstrip(b"\0").decode(), port))
            return
        header = parse_header(data)
        body = self._cipher.open(data, header.clear_bytes) if header and self._cipher else None
        if header and body is not None:
            self._on_payload(header, strip_body(header, body))

    def _send(self, datagram: bytes) -> None:
        if self._transport:
            self._transport.sendto(datagram)
