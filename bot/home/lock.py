"""One bot per home folder: two bots would answer the same buttons and cut each other's takes."""

from __future__ import annotations

import stat
from collections.abc import Generator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from bot.home.errors import HomeUnusable
from bot.home.hopeless import refuse_hopeless
from bot.home.places import Home


@contextmanager
def held_home(home: Home) -> Generator[None]:
    """Hold a home folder for this process alone, and create it if needed. The system releases it when the process ends.

    Raises HomeUnusable if another process holds it or the folder cannot be used, HomeHopeless if it never can.
    """
    refuse_hopeless(home)
    # Without an explicit mode, some releases of filelock ignore the umask.
    lock = FileLock(home.lock, timeout=0, mode=stat.S_IRUSR | stat.S_IWUSR)
    try:
        home.folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise HomeUnusable(
            f"Another bot is running with the home folder {home}. Stop it first, or choose another folder with --home."
        ) from error
    except OSError as error:
        raise HomeUnusable(
            f"The home folder {home} cannot be used: {error.strerror or error}. Check its owner and permissions."
        ) from error
    try:
        yield
    finally:
        lock.release()
