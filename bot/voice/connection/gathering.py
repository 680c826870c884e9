"""Takes datagrams from a socket in bursts: a wake-up or a system call per packet costs more than the packet itself."""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
import time
from typing import Any, Final, Protocol

GATHERING_SECONDS: Final = 0.05
"""How long packets gather before they are processed: recording is in no hurry, and 5,000 packets per second then cost
20 wake-ups instead of 5,000.
"""

LARGEST_DATAGRAM_BYTES: Final = 2_048
"""More than an Ethernet frame holds (1,500 bytes); voice packets are smaller."""

_AT_ONCE: Final = 128
_SECOND_LOOK: Final = 0.01

Arrived = tuple[bytes, float]
"""A datagram and the time at which it arrived, in monotonic seconds."""


class Gathering(Protocol):
    """Takes the datagrams that wait on a socket, in bursts."""

    @property
    def looks(self) -> int:
        """How often `take()` has to be called in GATHERING_SECONDS for arrival times that are accurate enough."""
        ...

    def wait(self) -> list[Arrived]:
        """Wait until a datagram has come or the socket is closed. Raises OSError as recv(2) does."""
        ...

    def take(self) -> list[Arrived]:
        """Return everything that waits, without blocking; empty if nothing waits or the socket is closed."""
        ...


def gathering_on(wire: socket.socket) -> Gathering:
    """Return the best implementation for this system."""
    if _recvmmsg is not None:
        try:
            return _ManyAtOnce(wire, _recvmmsg)
        except OSError:
            pass  # this kernel does not stamp packets
    return _OneByOne(wire)


class _OneByOne:
    """For any system. A packet appears to arrive up to _SECOND_LOOK late, which is far below the jitter that the
    timeline evens out. Only the packet that ends a wait has its exact time; over time, every speaker gets such packets.
    """

    looks = round(GATHERING_SECONDS / _SECOND_LOOK)

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire

    def wait(self) -> list[Arrived]:
        data = self._wire.recv(LARGEST_DATAGRAM_BYTES)
        return [(data, time.monotonic())] if data else []

    def take(self) -> list[Arrived]:
        taken: list[Arrived] = []
        try:
            while data := self._wire.recv(LARGEST_DATAGRAM_BYTES, socket.MSG_DONTWAIT):
                taken.append((data, time.monotonic()))
        except OSError:
            pass
        return taken


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
    """struct mmsghdr: a header and the number of bytes received."""

    _fields_ = (("header", _Header), ("size", ctypes.c_uint32))


class _ManyAtOnce:
    """For Linux: one recvmmsg(2), which Python's socket module lacks, takes up to _AT_ONCE datagrams. The kernel stamps
    each on arrival (SO_TIMESTAMPNS, socket(7)), so the thread need not be awake then.
    """

    looks = 1

    def __init__(self, wire: socket.socket, recvmmsg: Any) -> None:
        wire.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._wire, self._recvmmsg = wire, recvmmsg
        self._room, self._stamps = bytearray(_AT_ONCE * LARGEST_DATAGRAM_BYTES), bytearray(_AT_ONCE * _STAMP.size)
        start, stamps = (ctypes.addressof(ctypes.c_char.from_buffer(room)) for room in (self._room, self._stamps))
        self._parts = (_Part * _AT_ONCE)()
        self._messages = (_Message * _AT_ONCE)()
        for number, (part, message) in enumerate(zip(self._parts, self._messages, strict=True)):
            part.base, part.size = start + number * LARGEST_DATAGRAM_BYTES, LARGEST_DATAGRAM_BYTES
            header = message.header
            header.parts, header.part_count = ctypes.addressof(part), 1
            header.control, header.control_size = stamps + number * _STAMP.size, _STAMP.size
        self._taken_at = time.monotonic()

    def wait(self) -> list[Arrived]:
        self._wire.recv(1, socket.MSG_PEEK)
        return []

    def take(self) -> list[Arrived]:
        taken: list[Arrived] = []
        asked_at, count = 0.0, _AT_ONCE
        while count == _AT_ONCE:
            asked_at = time.monotonic()
            count = self._recvmmsg(self._wire.fileno(), self._messages, _AT_ONCE, socket.MSG_DONTWAIT, None)
            if count > 0:
                taken += zip(self._datagrams(count), self._arrivals(count), strict=True)
        self._taken_at = asked_at
        return taken

    def _datagrams(self, count: int) -> list[bytes]:
        room, starts = memoryview(self._room), range(0, len(self._room), LARGEST_DATAGRAM_BYTES)
        sizes = _SIZES.iter_unpack(memoryview(self._messages).cast("B")[: count * _SIZES.size])
        return [bytes(room[start : start + size]) for start, (size,) in zip(starts, sizes, strict=False)]

    def _arrivals(self, count: int) -> list[float]:
        """Return the arrival times in monotonic seconds.

        The kernel stamps with the time of day. If that clock was set in the meantime, the time at which the packets
        were taken stands in.
        """
        # The order of the two calls matters. If the thread is interrupted between them, packets appear late, as delayed
        # packets do, and never early: the timeline trusts the least delayed packet most.
        time_of_day, now = time.time(), time.monotonic()
        ahead = time_of_day - now
        stamps = _STAMP.iter_unpack(memoryview(self._stamps)[: count * _STAMP.size])
        arrivals = [seconds - ahead + nanoseconds * 1e-9 for seconds, nanoseconds in stamps]
        if self._taken_at - _ROUNDING <= min(arrivals) and max(arrivals) <= now + _ROUNDING:
            return arrivals
        return [now] * count


# A control message: struct cmsghdr (size_t, two int), then struct timespec.
_STAMP: Final = struct.Struct("16xqq")
_SO_TIMESTAMPNS: Final = 35
_ROUNDING: Final = 0.001
_SIZES: Final = struct.Struct(f"{_Message.size.offset}xI{ctypes.sizeof(_Message) - _Message.size.offset - 4}x")
_is_known: Final = sys.platform == "linux" and ctypes.sizeof(ctypes.c_void_p) == 8
_recvmmsg: Any = getattr(ctypes.CDLL(None), "recvmmsg", None) if _is_known else None
