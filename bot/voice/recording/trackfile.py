"""Files that only grow: pages are written as they come, and files synced together. One thread writes, another syncs."""

from __future__ import annotations

import ctypes
import logging
import os
import stat
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

SLOW_SECONDS: Final = 0.5
"""If a sync of the whole file system takes longer, other programs write a lot to it: files are then synced singly."""

PRIVATE: Final = stat.S_IRUSR | stat.S_IWUSR
"""Only the user who runs the bot can read a performer's voice, whatever the umask."""

_log = logging.getLogger(__name__)


class TrackFile:
    """An append-only file that keeps each write whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.failure: OSError | None = None
        self.descriptor: int | None = None
        self.is_dirty = False
        self._is_new = True
        self._kept_bytes = 0

    def append(self, data: bytes) -> None:
        """Write data, to be synced later. An OSError is kept in `failure`, and nothing more is written after it."""
        if self.failure is not None or not data:
            return
        try:
            if self.descriptor is None:
                self.descriptor = self._create()
            view = memoryview(data)
            while view:
                view = view[os.write(self.descriptor, view) :]
            self._kept_bytes += len(data)
            self.is_dirty = True
        except OSError as error:
            self.failure = error
            self._drop_torn_end()

    def sync(self) -> None:
        """Put on disk what was written. An OSError is kept in `failure`."""
        if self.descriptor is None or self.failure is not None:
            return
        # Before the sync: what another thread writes during it makes the file dirty again.
        self.is_dirty = False
        try:
            os.fdatasync(self.descriptor)
            if self._is_new:
                self._sync_folder()
        except OSError as error:
            self.failure = error

    def close(self) -> None:
        """Close the file; does nothing if it was never opened. An OSError is kept in `failure`."""
        if self.descriptor is not None:
            descriptor, self.descriptor = self.descriptor, None
            try:
                os.close(descriptor)
            except OSError as error:
                # Network file systems report only here what they could not write.
                self.failure = self.failure or error

    def _create(self) -> int:
        self.path.parent.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        return os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, PRIVATE)

    def _sync_folder(self) -> None:
        """Put a new file's name on disk, too."""
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._is_new = False

    def _drop_torn_end(self) -> None:
        if self.descriptor is None:
            return
        try:
            os.ftruncate(self.descriptor, self._kept_bytes)
        except OSError:
            _log.warning("The torn end of %s could not be cut off. Readers stop before it.", self.path.name)


class FolderSync:
    """Syncs the files of one folder together, with syncfs(2) if the system has it.

    On ext4 that took a fifteenth of the processor time of one fdatasync(2) per file, each of which commits the file
    system's journal.
    """

    def __init__(self) -> None:
        self._is_slow = False

    def sync(self, files: Sequence[TrackFile]) -> None:
        """Put on disk what was appended. A file that cannot be synced keeps the OSError in `failure`."""
        dirty = [file for file in files if file.is_dirty and file.failure is None]
        for file in dirty:
            file.is_dirty = False
        if len(dirty) == 1 or self._is_slow or (dirty and not self._sync_file_system(dirty[0])):
            for file in dirty:
                file.sync()

    def _sync_file_system(self, file: TrackFile) -> bool:
        began = time.monotonic()
        synced = _syncfs is not None and _syncfs(file.descriptor) == 0
        self._is_slow = time.monotonic() - began > SLOW_SECONDS
        return synced


_syncfs: Any = getattr(ctypes.CDLL(None), "syncfs", None)
"""Linux's syncfs(2), which Python's os module lacks. It waits without holding the interpreter's lock."""
