"""The home folder is its user's alone: folders 0700 and files 0600, whatever the umask and whoever writes them."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.home.errors import HomeUnusable
from bot.home.places import Home

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What a mode permits to anybody but the owner; as a umask, what nothing new will permit them."""


@contextmanager
def private_files() -> Generator[None]:
    """What this process makes meanwhile is its user's alone.

    The umask says it also to SQLite, libsndfile, pyarrow and zipfile, which take no mode. It counts for all threads.
    """
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_private(home: Home) -> None:
    """Take from others what they may do with the home folder and with anything below it.

    Links below it are not followed, and the folders above are left alone. Raises HomeUnusable when it cannot be done.
    """
    try:
        # From the top down: once the home folder is closed, nobody else can put a link where a file was.
        for path, status in open_to_others(home):
            _close(path, status.st_mode)
        is_private = is_closed(home)
    except PermissionError as error:
        raise HomeUnusable(_not_private(home, error.filename)) from error
    except OSError as error:
        raise HomeUnusable(f"The home folder {home} cannot be used: {error.strerror or error}.") from error
    if not is_private:
        raise HomeUnusable(
            f"The home folder {home} cannot be made private: its file system keeps no permissions. "
            "Name a folder on another disk with --home."
        )


def open_to_others(home: Home) -> Iterator[tuple[Path, os.stat_result]]:
    """The home folder and what is below it, from the top down: each that others may do something with, as it is.

    A folder is looked into only after it was handed out. What goes away meanwhile is left out.
    """
    folders = [home.folder] if home.folder.exists() else []
    if folders and (found := home.folder.stat()).st_mode & OTHERS:
        yield home.folder, found
    while folders:
        for path, status in _entries(folders.pop()):
            if status.st_mode & OTHERS and not stat.S_ISLNK(status.st_mode):
                yield path, status
            if stat.S_ISDIR(status.st_mode):
                folders.append(path)


def is_closed(home: Home) -> bool:
    """Whether nobody else can look into the home folder, whatever the modes below it; so is one that is yet to be."""
    return not (home.folder.exists() and home.folder.stat().st_mode & OTHERS)


def not_ours(home: Home) -> str | None:
    """The sentence on what below the home folder others may use and this user cannot change; None without any."""
    user = os.geteuid()
    foreign = (path for path, status in open_to_others(home) if user not in (0, status.st_uid))
    path = next(foreign, None)
    return _not_private(home, str(path)) if path else None


def _close(path: Path, mode: int) -> None:
    # Another process, an export say, cleans up behind itself meanwhile.
    with suppress(FileNotFoundError):
        path.chmod(stat.S_IMODE(mode) & stat.S_IRWXU)


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    # What cannot be looked into is another user's and closed to everybody: had it been open, it was handed out before.
    with suppress(FileNotFoundError, PermissionError):
        for path in sorted(folder.iterdir()):
            with suppress(FileNotFoundError):
                yield path, path.lstat()


def _not_private(home: Home, path: str) -> str:
    return (
        f"The home folder {home} cannot be made private: {path} belongs to another user. Give it to the user who runs "
        f"the bot ('sudo chown -R USER {home}'), or name another folder with --home."
    )
