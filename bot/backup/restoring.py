"""Restores a backup into a home folder: it is checked and unpacked first, and then put in place by renaming.

What it replaces is not deleted, but moved to a folder of its own below `backups`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bot.backup.archive import DATABASE, JOURNAL, Manifest
from bot.backup.checking import Progress, check_archive
from bot.backup.errors import BackupFailed
from bot.backup.since import Applied, apply_since, asked_since
from bot.home.hopeless import refuse_hopeless
from bot.home.lock import held_home
from bot.home.places import Home
from bot.store.checking import check_store


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, where what it replaced is now, and what was applied that people asked for since the backup."""

    manifest: Manifest
    recordings: int
    replaced: Path | None
    applied: Applied


def restore_backup(
    path: Path, home: Home, progress: Progress, *, replace: bool = False, erased: Sequence[Path] = ()
) -> Restored:
    """Restore a backup into a home folder without data, or with `replace` into one that has some.

    What people withdrew since it was made, and who was erased since, is applied to it first, as far as the home folder
    knows it, or lists of the erased (`erased`) say it.

    Raises BackupFailed before anything is replaced, HomeUnusable if a bot holds the folder, DatabaseUnusable for a
    database of a newer version, and OSError.
    """
    if not path.is_file():
        raise BackupFailed(f"There is no file {path}. Name the file of a backup.")
    refuse_hopeless(home)
    if not home.folder.exists():
        # A folder is created only for a backup that is good.
        check_archive(path, progress)
    with held_home(home):
        _refuse_data(home, replace)
        staged = home.restoring()
        try:
            manifest = check_archive(path, progress, _unpacking(staged))
            if faults := check_store(staged.database, is_still=True).faults:
                raise BackupFailed(f"The database in {path} is damaged: {faults[0]}. Use another backup.")
            applied = apply_since(staged, home, asked_since(home, erased))
            replaced = _set_aside(home) if _has_data(home) else None
            _put_in_place(staged, home)
        finally:
            shutil.rmtree(staged.folder, ignore_errors=True)
    return Restored(manifest, len(manifest.members.keys() - {DATABASE, JOURNAL}), replaced, applied)


def _refuse_data(home: Home, replace: bool) -> None:
    if _has_data(home) and not replace:
        raise BackupFailed(
            f"The home folder {home} holds a database or recordings. Name an empty folder with --home, or add "
            f"--replace: what is there is then moved to {home.backups}."
        )


def _has_data(home: Home) -> bool:
    return any(path.exists() for path in (*home.database_files, home.journal, home.recordings))


def _unpacking(staged: Home) -> Callable[[str], IO[bytes]]:
    def place_of(name: str) -> IO[bytes]:
        places = {DATABASE: staged.database, JOURNAL: staged.journal}
        place = places.get(name) or staged.track(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")

    return place_of


def _set_aside(home: Home) -> Path:
    # Recordings first: only they can be a mounted disk, which cannot be renamed. Clips are named after tracks, so those
    # of replaced recordings must not be played for the restored ones.
    aside = home.replaced(datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"))
    aside.folder.mkdir(mode=0o700, parents=True)
    pairs = [
        (home.recordings, aside.recordings),
        (home.clips, aside.clips),
        (home.journal, aside.journal),
        *zip(home.database_files, aside.database_files, strict=True),
    ]
    for here, there in pairs:
        if here.exists() or here.is_symlink():
            here.rename(there)
    return aside.folder


def _put_in_place(staged: Home, home: Home) -> None:
    """Rename what was unpacked. The database comes last: until then, nothing can be taken for a whole home."""
    os.sync()
    for here, there in ((staged.recordings, home.recordings), (staged.journal, home.journal)):
        if here.exists():
            here.rename(there)
    staged.database.rename(home.database)
    os.sync()
