"""The home folder is private to its user: folders 0700, files 0600, whatever the umask and the writing program."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.home.errors import HomeUnusable
from bot.home.places import Home

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What a mode permits to everyone but the owner; as a umask, what new files do not permit them."""


@contextmanager
def private_files() -> Generator[None]:
    """Make what this process creates in this context private to its user.

    The umask also applies to SQLite, libsndfile, pyarrow and zipfile, which take no mode. It applies to all threads.
    """
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_private(home: Home) -> None:
    """Take from other users all permissions for the home folder and everything below it.

    Links below it are not followed, and the folders above it are not changed. Raises HomeUnusable if this fails.
    """
    try:
        # From the top down: once the home folder is closed, no one else can replace a file by a link.
        for path, status in open_to_others(home):
            _close(path, status.st_mode)
        is_private = is_closed(home)
    except PermissionError as error:
        raise HomeUnusable(_not_private(home, error.filename)) from error
    except OSError as error:
        raise HomeUnusable(
            f"The home folder {home} cannot be used: {error.strerror or error}. Check its owner and permissions."
        ) from error
    if not is_private:
        raise HomeUnusable(
            f"The home folder {home} cannot be made private: its file system keeps no permissions. "
            "Choose a folder on another disk with --home."
        )


def open_to_others(home: Home) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the home folder and what is below it, from the top down, if other users have permissions for it.

    A folder is read only after it was yielded. Entries that disappear in the meantime are left out.
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
    """Whether no other user can look into the home folder, whatever the modes below it. True if it does not exist."""
    return not (home.folder.exists() and home.folder.stat().st_mode & OTHERS)


def not_ours(home: Home) -> str | None:
    """Return a sentence about a path that others can use and this user cannot change, or None if there is none."""
    user = os.geteuid()
    foreign = (path for path, status in open_to_others(home) if user not in (0, status.st_uid))
    path = next(foreign, None)
    return _not_private(home, str(path)) if path else None


def _close(path: Path, mode: int) -> None:
    # Another process, for example an export, can remove its own files in the meantime.
    with suppress(FileNotFoundError):
        path.chmod(stat.S_IMODE(mode) & stat.S_IRWXU)


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    # A folder that cannot be read is another user's and closed to everyone. An open one was yielded before.
    with suppress(FileNotFoundError, PermissionError):
        for path in sorted(folder.iterdir()):
            with suppress(FileNotFoundError):
                yield path, path.lstat()


def _not_private(home: Home, path: str) -> str:
    return (
        f"The home folder {home} cannot be made private: {path} belongs to another user. Give it to the user who runs "
        f"the bot ('sudo chown -R USER {home}'), or choose another folder with --home."
    )
