"""What a backup needs of the store: its state at one moment, as a file, and the takes and tracks that it names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.domain.ids import SessionId
from bot.store.stillness import Still


@dataclass(frozen=True, slots=True)
class StoredTake:
    """Where the files of a take are, and whether it was still running."""

    session_id: SessionId
    scene_number: int
    take_number: int
    is_running: bool


def stored_takes(now: Still) -> Sequence[StoredTake]:
    """Return all takes, in the order of their calls."""
    return now.fetch_records(
        StoredTake,
        "SELECT session_id, scenes.number AS scene_number, takes.number AS take_number, "
        "state IN ('countdown', 'recording') AS is_running "
        "FROM takes JOIN scenes USING (scene_id) ORDER BY take_id",
    )


def stored_tracks(now: Still) -> Sequence[str]:
    """Return the paths of all tracks, below the home folder."""
    return [str(path) for (path,) in now.fetch_all("SELECT path FROM tracks ORDER BY path")]


def copy_store(now: Still, copy: Path) -> None:
    """Write the store as it is at the moment of `now` to a new, private file, and put it on disk.

    Raises sqlite3.Error or OSError if that is impossible.
    """
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(copy, isolation_level=None)) as target:
        now.copy_to(target)
    with copy.open("rb") as file:
        os.fsync(file.fileno())
