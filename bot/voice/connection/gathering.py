"""Taking many datagrams at once from a socket: waking up costs more than a packet, and so does asking for each."""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
import time
from typing import Any, Final, Protocol

GATHERING_SECONDS: Final = 0.05
"""How long packets gather before anybody looks at them: recording is in no hurry, and 5,000 packets a second then cost
20 wake-ups instead of as many as packets.
"""

LARGEST_DATAGRAM_BYTES: Final = 2_048
_AT_ONCE: Final = 128
_SECOND_LOOK: Final = 0.01

Arrived = tuple[bytes, float]
"""A datagram and when it arrived, in monotonic seconds."""


class Gathering(Protocol):
    """Takes what waits on a socket, in bursts."""

    @property
    def looks(self) -> int:
        """How often one has to look in GATHERING_SECONDS for times of arrival that are good enough."""
        ...

    def wait(self) -> list[Arrived]:
        """Wait until something has come or the socket is closed. OSError as recv(2) has it."""
        ...

    def take(self) -> list[Arrived]:
        """Everything that waits, at once; empty when there is nothing or the socket is closed."""
        ...


def gathering_on(wire: socket.socket) -> Gathering:
    """The best way that this system has."""
    if _recvmmsg is not None:
        try:
            return _ManyAtOnce(wire, _recvmmsg)
        except OSError:
            pass  # a kernel that stamps no packets
    return _OneByOne(wire)


class _OneByOne:
    """Any system's way. A packet seems to arrive up to _SECOND_LOOK late, which is far within the jitter that the
    timeline evens out; only the one that ends a wait has its exact time, and is another talker's every time.
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
    """struct mmsghdr: a header and how many bytes came."""

    _fields_ = (("header", _Header), ("size", ctypes.c_uint32))


class _ManyAtOnce:
    """Linux's way: one recvmmsg(2), which Python's socket module lacks, for up to _AT_ONCE datagrams, and the kernel's
    own time of arrival on each (SO_TIMESTAMPNS, socket(7)), so that nobody has to be awake then.
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
        """When they came, in monotonic seconds. The kernel tells the time of day: when that was set meanwhile, it is
        the time at which they were taken.
        """
        # In this order: were the thread stopped in between, packets would seem late, which others are, and never early.
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
