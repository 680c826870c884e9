"""A home folder on its own disk, which is small enough to be filled."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

DISK_BYTES = 192 << 20
"""The bot starts no take with less than 64 MiB free."""

SMALL_DISK_BYTES = 512 << 20
"""The largest disk that may be filled if nothing can be mounted: one made for this, not the machine's."""

_FILLER = "filler.bin"
_STEPS = (1 << 20, 4_096, 1)


class NoSmallDisk(Exception):
    """There is no disk here that may be filled. The message says what to do."""


@contextmanager
def small_disk(home: Path) -> Generator[None]:
    """Mount a small tmpfs at `home` for the time of the block.

    If mounting is not allowed, a disk that is already small is used (`--home-on`). Otherwise this raises NoSmallDisk.
    """
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=755", "tmpfs", str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        _require_small(home, done.stderr.strip())
        yield
        return
    try:
        yield
    finally:
        # Lazily, because a file that a failed cell left open there must not keep the mount.
        subprocess.run(["umount", "--lazy", str(home)], check=True)


def _require_small(home: Path, why: str) -> None:
    disk = os.statvfs(home)
    if disk.f_blocks * disk.f_frsize > SMALL_DISK_BYTES:
        raise NoSmallDisk(
            f"No small disk can be mounted ({why}), and {home} is on a large one. Run this as root, or name a folder "
            f"on a disk of at most {SMALL_DISK_BYTES >> 20} MiB with --home-on and --jobs 1."
        )


def fill(home: Path, leave_bytes: int = 0) -> None:
    """Fill the disk below `home` to its last byte, or until `leave_bytes` are left. A second call continues."""
    file = os.open(home / _FILLER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if leave_bytes:
            while (room := _free_bytes(home) - leave_bytes) > 0 and _write(file, min(room, _STEPS[0])):
                pass
            return
        for step in _STEPS:
            while _write(file, step):
                pass
    finally:
        os.close(file)


def is_filled(home: Path) -> bool:
    """Whether the file that `fill` wrote is still there."""
    return (home / _FILLER).exists()


def make_room(home: Path) -> None:
    """Remove the file that `fill` wrote."""
    (home / _FILLER).unlink(missing_ok=True)


def _free_bytes(home: Path) -> int:
    disk = os.statvfs(home)
    return disk.f_bavail * disk.f_frsize


def _write(file: int, size: int) -> bool:
    try:
        return os.write(file, bytes(size)) > 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return False
