"""Taking many datagrams at once from a socket: waking up costs more than a packet, and so does asking for each."""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
import time
from typing import Any, Final

GATHERING_SECONDS: Final = 0.01
"""How long packets gather in the kernel's buffer. So much later, at most, they seem to arrive, which is far within the
jitter that the timeline evens out; 5,000 packets a second then cost 100 wake-ups instead of as many as packets. The
packet that wakes the thread has its exact time, and is another talker's every time.
"""

LARGEST_DATAGRAM_BYTES: Final = 2_048
_AT_ONCE: Final = 128


class Gathering:
    """Takes what waits on a socket, in bursts. For a thread of its own."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire
        self._batch = _Batch(_recvmmsg) if _recvmmsg is not None else None

    def take(self) -> list[tuple[bytes, float]]:
        """Wait a moment, then everything that has come by then, each with the time (monotonic) at which it was taken.

        It ends when nothing waits any more or the socket is closed.
        """
        time.sleep(GATHERING_SECONDS)
        taken: list[tuple[bytes, float]] = []
        while datagrams := self._waiting():
            now = time.monotonic()
            taken += [(data, now) for data in datagrams]
        return taken

    def _waiting(self) -> list[bytes]:
        if self._batch is not None:
            return self._batch.receive(self._wire)
        try:
            data = self._wire.recv(LARGEST_DATAGRAM_BYTES, socket.MSG_DONTWAIT)
        except OSError:
            return []
        return [data] if data else []


class _Part(ctypes.Structure):
    """struct iovec."""

    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


class _Header(ctypes.Structure):
    """struct msghdr of 64-bit Linux."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_size", ctypes.c_uint32),
        ("parts", ctypes.c_void_p),
        ("part_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_size", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """struct mmsghdr: a header and how many bytes came."""

    _fields_ = (("header", _Header), ("size", ctypes.c_uint32))


class _Batch:
    """Room for _AT_ONCE datagrams, filled by one recvmmsg(2), which Python's socket module lacks. Linux, 64 bits."""

    def __init__(self, recvmmsg: Any) -> None:
        self._recvmmsg = recvmmsg
        self._room = bytearray(_AT_ONCE * LARGEST_DATAGRAM_BYTES)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self._room))
        self._parts = (_Part * _AT_ONCE)()
        self._messages = (_Message * _AT_ONCE)()
        for number, (part, message) in enumerate(zip(self._parts, self._messages, strict=True)):
            part.base, part.size = start + number * LARGEST_DATAGRAM_BYTES, LARGEST_DATAGRAM_BYTES
            message.header.parts, message.header.part_count = ctypes.addressof(part), 1

    def receive(self, wire: socket.socket) -> list[bytes]:
        """The datagrams that wait, as many as there is room for; empty when there are none or the socket is closed."""
        count = self._recvmmsg(wire.fileno(), self._messages, _AT_ONCE, socket.MSG_DONTWAIT, None)
        if count <= 0:
            return []
        room, starts = memoryview(self._room), range(0, len(self._room), LARGEST_DATAGRAM_BYTES)
        sizes = _SIZES.iter_unpack(memoryview(self._messages).cast("B")[: count * _SIZES.size])
        return [bytes(room[start : start + size]) for start, (size,) in zip(starts, sizes, strict=False)]


_SIZES: Final = struct.Struct(f"{_Message.size.offset}xI{ctypes.sizeof(_Message) - _Message.size.offset - 4}x")
_is_known: Final = sys.platform == "linux" and ctypes.sizeof(ctypes.c_void_p) == 8
_recvmmsg: Any = getattr(ctypes.CDLL(None), "recvmmsg", None) if _is_known else None
