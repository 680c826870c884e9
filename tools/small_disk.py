"""A disk with little space, for code that writes with os.write()."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable


def small_disk(room_bytes: int) -> Callable[[int, memoryview], int]:
    """Return an os.write() that accepts this many bytes and then fails as on a full disk."""
    write, room = os.write, room_bytes

    def limited(descriptor: int, data: memoryview) -> int:
        nonlocal room
        if room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(descriptor, data[:room])
        room -= written
        return written

    return limited
