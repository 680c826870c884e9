"""Makes a backup: the store at one moment, then the files that it names, in one file that is complete or not there.

The order makes them agree. While nothing is written to the store, its moment is fixed and the journal is read: what
people asked for before that moment is in one of the two. A track that the store names was complete before the moment
and never changes again. The files of running takes only grow: what the backup has of them is what a killed bot would
have left at that time, and a restored home is recovered as after a kill.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from bot.backup.archive import DATABASE, JOURNAL, ArchiveWriter
from bot.backup.checking import check_archive
from bot.backup.contents import Recording, recordings_of, whole_pages
from bot.backup.errors import BackupFailed
from bot.home.places import Home
from bot.store.backing_up import copy_store, stored_takes, stored_tracks
from bot.store.checking import check_store
from bot.store.stillness import still
from bot.store.writing import writing

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup. `running` counts the takes that were running, `missing` names tracks without a file."""

    path: Path
    size_bytes: int
    recordings: int
    running: int
    missing: Sequence[str]


def make_backup(home: Home, target: Path, progress: Progress, *, replace: bool = False) -> Made:
    """Back up a home folder to a new file, or with `replace` to one that exists. A bot can be running.

    The file is private. It is written beside its place, read back, and renamed. Raises BackupFailed, DatabaseUnusable,
    or OSError if a file cannot be read or written.
    """
    if target.is_dir() or (target.exists() and not replace):
        raise BackupFailed(f"{target} exists already. Name another file, or add --replace.")
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    copy = part.with_suffix(".sqlite3")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb") as file:
            made = _write(home, file, copy, progress)
            file.flush()
            os.fsync(file.fileno())
        check_archive(part, progress)
        part.replace(target)
        _sync_folder(target.parent)
    except sqlite3.Error as error:
        raise BackupFailed(
            f"The database {home.database} cannot be copied ({error}). Try again; free some space."
        ) from error
    finally:
        for left in (part, copy):
            left.unlink(missing_ok=True)
    running, missing, recordings = made
    return Made(target, target.stat().st_size, recordings, running, missing)


def _write(home: Home, file: BinaryIO, copy: Path, progress: Progress) -> tuple[int, list[str], int]:
    """Write the archive; return the numbers of running takes and recordings, and the tracks that are missing."""
    with still(home.database) as now:
        with writing(home.database):
            # The first read fixes what `now` sees. Until the end of this block, nothing moves from journal to store.
            takes, journal, made_at = stored_takes(now), _journal_of(home), time.time()
        tracks = stored_tracks(now)
        copy_store(now, copy)
    checked = check_store(copy, is_still=True)
    if checked.faults:
        raise BackupFailed(f"{home.database} is damaged: {checked.faults[0]}. Run 'promptbook doctor'.")
    archive = ArchiveWriter(file)
    with copy.open("rb") as database:
        archive.add(DATABASE, database, copy.stat().st_size, made_at)
    if journal is not None:
        archive.add(JOURNAL, BytesIO(journal), len(journal), made_at)
    recordings = recordings_of(home, takes, tracks)
    for number, recording in enumerate(recordings):
        progress("recordings", number, len(recordings))
        _add(archive, recording)
    moment = datetime.fromtimestamp(made_at, UTC).isoformat(timespec="milliseconds")
    archive.finish(moment, checked.schema, metadata.version("promptbook"), made_at)
    named = {recording.name for recording in recordings}
    missing = [track for track in tracks if track not in named]
    return sum(take.is_running for take in takes), missing, len(recordings)


def _add(archive: ArchiveWriter, recording: Recording) -> None:
    with recording.path.open("rb") as file:
        # The same open file is read twice: a take that is cut in the meantime can replace it.
        status = os.fstat(file.fileno())
        size = whole_pages(file) if recording.is_growing else status.st_size
        file.seek(0)
        if size:
            archive.add(recording.name, file, size, status.st_mtime)


def _journal_of(home: Home) -> bytes | None:
    return home.journal.read_bytes() if home.journal.exists() else None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
