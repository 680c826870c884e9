"""The files that go when a person is erased. What has gone already is no error: each function can be called again."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from bot.dataset.release.folder import HIDDEN, PARTIAL
from bot.home.leftovers import hold
from bot.home.places import Home
from bot.rights.errors import NotYet
from bot.rights.traces import has_trace


def delete_sound(home: Home, pseudonym: str, tracks: Collection[str] = ()) -> dict[str, int]:
    """Delete a performer's tracks and clips; return how many. `tracks` are their paths in the store.

    Raises OSError if one cannot be deleted.
    """
    paths = home.sound_of(pseudonym, tracks)
    delete_files(paths)
    return {"sound_files": len(paths)}


def delete_files(paths: Collection[Path]) -> None:
    """Delete files for good. Raises OSError if one cannot be deleted."""
    for path in paths:
        path.unlink(missing_ok=True)
    _put_on_disk({path.parent for path in paths})


def delete_exports(home: Home, name: str) -> dict[str, int]:
    """Delete all exports, logs and archives that name a performer, or takes of a session; return how many.

    What an export that ended has finished of its takes is deleted, even if the person is not in it. Raises NotYet
    while an export is being written: it has what it read before, and is looked through when it ends.
    """
    entries = [*_entries(home.exports), *_entries(home.unfinished)]
    unfinished = [path for path in entries if _is_unfinished_export(path)]
    running = {path for path in unfinished if _is_held(path)}
    going = [path for path in unfinished if path not in running]
    going += [path for path in entries if path not in unfinished and has_trace(path, name)]
    for path in going:
        _delete(path)
    _put_on_disk({path.parent for path in going})
    if running:
        raise NotYet("an export is being written")
    return {"exports": len(going)}


def delete_copies(home: Home, pseudonym: str) -> dict[str, int]:
    """Delete the copies of the database that name a person; return how many."""
    going = [path for path in home.database_copies() if has_trace(path, pseudonym)]
    for path in going:
        path.unlink(missing_ok=True)
    _put_on_disk({path.parent for path in going})
    return {"database_copies": len(going)}


def _is_unfinished_export(path: Path) -> bool:
    match = HIDDEN.fullmatch(path.name)
    return match is not None and match["purpose"] == PARTIAL and path.is_dir()


def _is_held(path: Path) -> bool:
    try:
        held = hold(path)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    if held is not None:
        os.close(held)
    return False


def _delete(path: Path) -> None:
    """Delete a file, or a folder with its content. Raises OSError if that is impossible."""
    if path.is_dir() and not path.is_symlink():
        for one in sorted(path.iterdir()):
            _delete(one)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def _put_on_disk(folders: Iterable[Path]) -> None:
    for folder in folders:
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _entries(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(folder.iterdir())
    return []
