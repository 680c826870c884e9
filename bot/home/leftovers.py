"""Removes what killed processes left unfinished below the home folder, and counts the bytes.

For threads. Nothing here raises: if something cannot be removed, it is logged, and the next start tries again.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.home.places import Home

_log = logging.getLogger(__name__)

TAKES: Final = "takes"
"""The folder of finished takes in an unfinished export: with it, the next export goes on where the last one stopped."""

KEPT_SECONDS: Final = 24 * 3600
"""How long an unfinished export waits to be continued: someone who wants it tries again on the same day."""


def clear_leftovers(home: Home) -> int:
    """Remove what ended processes left, at the start of a bot that holds the home folder. Returns the number of bytes.

    That is: all sound checks, clips that were being cut, clips in a format of earlier versions (they are made again if
    a rater gets them), unfinished replacements of tracks (the old track is still there), and everything in `unfinished`
    that no living process holds, because exports from the command line run beside a bot. An export that can be
    continued stays for a day.
    """
    dead = [*_entries(home.checks), *home.clips.glob("*.part"), *home.clips.glob("*.ogg")]
    dead += [path for name in ("*.closed", ".probe") for path in home.recordings.rglob(name) if path.is_file()]
    return sum(map(remove, dead)) + remove_unheld(
        path for path in _entries(home.unfinished) if not can_be_continued(path)
    )


def can_be_continued(path: Path) -> bool:
    """Whether this is a folder with finished takes of an export that ended within the last day."""
    try:
        finished_at = (path / TAKES).stat().st_mtime
    except OSError:
        return False
    return not path.is_symlink() and time.time() - finished_at < KEPT_SECONDS


def remove_unheld(paths: Iterable[Path]) -> int:
    """Remove each of these files and folders that no living process holds. Returns the number of bytes."""
    return sum(map(_remove_unheld, paths))


def remove(path: Path) -> int:
    """Remove a file, or a folder with its content. Returns the number of bytes, 0 if it could not be removed."""
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
    """Hold a file or folder for this process until the descriptor is closed, at the latest when the process ends.

    Returns None if the file system has no locks. Raises BlockingIOError if another process holds it, OSError if it
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
    # Without locks, there is no way to know whether a process is writing it.
    if held is None:
        return 0
    try:
        return remove(path)
    finally:
        os.close(held)


def _kept(error: OSError) -> int:
    _log.error("An unfinished file could not be removed (%s). The next start tries again.", error.strerror or error)
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
