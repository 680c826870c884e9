"""A UDP socket with a thread that stamps packets on arrival, so that a stalled event loop loses none of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from bot.voice.connection.gathering import GATHERING_SECONDS, Arrived, gathering_on
from bot.voice.connection.pings import Pings, is_answer

RECEIVE_BUFFER_BYTES: Final = 4 * 1024 * 1024
"""Linux's default of 212,992 bytes lost 58 % of the packets of 400 speakers; 4 MiB lost none."""

QUEUED_DATAGRAMS_LIMIT: Final = 100_000
"""Bounds the memory if the event loop stalls: 100,000 packets are 20 s of 100 speakers. The oldest ones go first."""

DISCOVERY_TRIES: Final = 10
DISCOVERY_WAIT_SECONDS: Final = 0.3
"""UDP loses packets, so IP discovery is asked again: 3 s in all, within the time that an attempt has (`Step`)."""

# IP discovery (Discord's documentation, "IP discovery"): type, length of what follows, SSRC, address, port.
_DISCOVERY: Final = struct.Struct(">HHI64sH")
_REQUEST, _RESPONSE = 1, 2

_log = logging.getLogger(__name__)


class DiscoveryUnanswered(ConnectionError):
    """The voice server did not answer over UDP."""


class DatagramSocket:
    """A socket connected to one voice server. Packets wait for `take_all()`, with their arrival in monotonic seconds.

    `packets_wait` is called in the reader's thread when packets have come, at most GATHERING_SECONDS after the first.
    `close()` takes effect immediately, even if the reader is waiting on the socket.
    """

    def __init__(self, address: tuple[str, int], packets_wait: Callable[[], None]) -> None:
        self._arrived: deque[Arrived] = deque(maxlen=QUEUED_DATAGRAMS_LIMIT)
        self.last_arrival = 0.0
        self._pings, self._is_answering = Pings(), False
        self._packets_wait = packets_wait
        self._answered: asyncio.Future[tuple[str, int]] | None = None
        self._loop = asyncio.get_running_loop()
        self._socket = _connected(address)
        self._gathering = gathering_on(self._socket)
        self._taking = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._read, name="Voice packets", daemon=True)
        self._thread.start()

    async def discover(self, ssrc: int) -> tuple[str, int]:
        """Return our address as the server sees it. Raises DiscoveryUnanswered if no try is answered."""
        self._answered = self._loop.create_future()
        for _ in range(DISCOVERY_TRIES):
            self.send(_DISCOVERY.pack(_REQUEST, _DISCOVERY.size - 4, ssrc, b"", 0))
            await asyncio.wait([self._answered], timeout=DISCOVERY_WAIT_SECONDS)
            if self._answered.done():
                return self._answered.result()
        raise DiscoveryUnanswered("The voice server does not answer over UDP.")

    def ping(self, now: float) -> None:
        """Send a ping if one is due. Pings also keep open what routers remember of a client that only listens."""
        ping = self._pings.due(now, self.last_arrival)
        if ping is not None:
            with contextlib.suppress(OSError):
                self.send(ping)

    def is_dead(self, now: float) -> bool:
        """Whether the server no longer answers pings, and nothing else comes either."""
        return self._pings.are_dead(now, self.last_arrival, were_answered=self._is_answering)

    def send(self, packet: bytes) -> None:
        """Send one packet. Raises OSError if the socket is closed."""
        self._socket.sendall(packet)

    def take_all(self) -> list[Arrived]:
        """Return what has arrived since the last call, in order of arrival."""
        with self._taking:
            self._take_in()
            arrived = list(self._arrived)
            self._arrived.clear()
        return arrived

    def close(self) -> None:
        """Close the socket and end the reader. What has arrived can still be taken."""
        if self._is_closed:
            return
        with self._taking:
            self._take_in()
            self._is_closed = True
            # close() alone would leave the reader in recv() on a socket that no longer exists.
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()

    def _read(self) -> None:
        while not self._is_closed:
            try:
                first = self._gathering.wait()
            except OSError:
                # Either the server's port is closed for a moment (ICMP), or our socket is closed for good.
                if not self._is_closed:
                    time.sleep(0.01)
                continue
            with self._taking:
                self._note(first)
            self._gather()
            self._packets_wait()

    def _gather(self) -> None:
        """Take in what arrives in GATHERING_SECONDS, or immediately while `discover()` waits for its answer."""
        looks = self._gathering.looks
        for _ in range(looks):
            if self._answered is None or self._answered.done():
                time.sleep(GATHERING_SECONDS / looks)
            with self._taking:
                self._take_in()

    def _take_in(self) -> None:
        if not self._is_closed:
            self._note(self._gathering.take())

    def _note(self, taken: list[Arrived]) -> None:
        if self._answered is not None and not self._answered.done():
            taken = [one for one in taken if not self._is_answer(one[0])]
        if taken:
            self.last_arrival = taken[-1][1]
            sound = [one for one in taken if not is_answer(one[0])]
            self._is_answering = self._is_answering or len(sound) < len(taken)
            self._arrived += sound

    def _is_answer(self, data: bytes) -> bool:
        if len(data) != _DISCOVERY.size or data[:2] != b"\x00\x02":
            return False
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._take_answer, data)
        return True

    def _take_answer(self, data: bytes) -> None:
        if self._answered is not None and not self._answered.done():
            _, _, _, host, port = _DISCOVERY.unpack(data)
            self._answered.set_result((host.rstrip(b"\0").decode("ascii", "replace"), port))


def _connected(address: tuple[str, int]) -> socket.socket:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    # Linux reports twice the size that it grants (socket(7)).
    granted = udp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
    if granted < RECEIVE_BUFFER_BYTES:
        _log.info("The kernel grants a receive buffer of %d bytes; net.core.rmem_max limits it.", granted)
    udp.connect(address)
    return udp
