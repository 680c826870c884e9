"""What processes that were ended by force left half made below the home folder, and what became of it.

For threads. Nothing here raises: what cannot be removed is logged, and the next start tries again.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bot.home.places import Home

_log = logging.getLogger(__name__)


def clear_leftovers(home: Home) -> int:
    """At the start of a bot that holds the home folder: remove what ended ones left; returns how many bytes that were.

    That is all of sound checks, clips that were being cut, what was to replace a track (which is still there as it
    was), and all in `unfinished` that no living process holds: exports from the command line run beside a bot.
    """
    dead = [*_entries(home.checks), *home.clips.glob("*.part")]
    dead += [path for name in ("*.closed", ".probe") for path in home.recordings.rglob(name) if path.is_file()]
    return sum(map(remove, dead)) + remove_unheld(_entries(home.unfinished))


def remove_unheld(paths: Iterable[Path]) -> int:
    """Remove each of these files and folders that no living process holds; returns how many bytes that were."""
    return sum(map(_remove_unheld, paths))


def remove(path: Path) -> int:
    """Remove a file, or a folder with all in it; returns how many bytes that were, 0 when it could not be removed."""
    size_bytes = sum(_sizes(path))
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return 0
    except OSError as error:
        return _kept(error)
    return size_bytes


def hold(path: Path) -> int | None:
    """Hold a file or folder for this process until the descriptor is closed, at the process's end at the latest.

    None where the file system knows no locks. Raises BlockingIOError when another process holds it, OSError when it
    cannot be opened.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove_unheld(path: Path) -> int:
    if path.is_symlink():
        return remove(path)
    try:
        held = hold(path)
    except (BlockingIOError, FileNotFoundError):
        return 0
    except OSError as error:
        return _kept(error)
    # Where there are no locks, nobody can tell whether it is being written.
    if held is None:
        return 0
    try:
        return remove(path)
    finally:
        os.close(held)


def _kept(error: OSError) -> int:
    _log.error("Something half made could not be removed (%s); the next start tries again.", error.strerror or error)
    return 0


def _entries(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(folder.iterdir())
    return []


def _sizes(path: Path) -> Iterator[int]:
    with suppress(OSError):
        yield path.lstat().st_size
        if path.is_dir() and not path.is_symlink():
            for folder, _, files in os.walk(path):
                yield from (Path(folder, name).lstat().st_size for name in files)
