"""One bot a home folder: two would answer the same buttons and cut each other's takes."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.store.errors import DatabaseUnusable


@contextmanager
def held_home(home: Path) -> Generator[None]:
    """Hold a home folder, made if need be, for this process alone; the system lets go of it however the process ends.

    Raises DatabaseUnusable when another process holds it or the folder cannot be used.
    """
    lock = FileLock(home / ".lock", timeout=0)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise DatabaseUnusable(
            f"Another bot is running with the home folder {home}. Stop it first, or name another folder with --home."
        ) from error
    except OSError as error:
        raise DatabaseUnusable(f"The home folder {home} cannot be used: {error.strerror or error}.") from error
    try:
        yield
    finally:
        lock.release()
