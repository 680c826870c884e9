"""Exporting datasets: the same for the command line and for `/export`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.dataset.export import ExportResult, export_dataset
from bot.domain.errors import SessionUnknown
from bot.home.places import Home
from bot.services.library import Library
from bot.store.database import Database
from bot.store.sessions import data_files_of, session_ids_of

Progress = Callable[[str, int, int], None]


async def export_sessions(
    database: Database,
    home: Home,
    library: Library,
    *,
    guild_id: int | None,
    session_id: int | None,
    out: Path | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> ExportResult:
    """Export one session, or all of a guild (of every guild, when that is None too).

    Without `out` the dataset goes to the home folder's `exports/`, replacing an earlier export of the same.
    Raises SessionUnknown when there is no such session here.
    """
    known = await session_ids_of(database, guild_id)
    wanted: Sequence[int] = known if session_id is None else [one for one in known if one == session_id]
    if not wanted:
        raise SessionUnknown(session_id or 0)
    # A file that is being edited keeps nobody's sessions from being exported but those that used it.
    used = await data_files_of(database, wanted)
    return await export_dataset(
        database,
        home=home,
        out=out or home.export_folder(wanted),
        session_ids=wanted,
        seed=seed,
        progress=progress,
        instruments=[library.instrument(name) for name in library.names("instruments") if name in used],
        emotion_sets=[library.emotion_set(name) for name in library.names("emotions") if name in used],
    )
