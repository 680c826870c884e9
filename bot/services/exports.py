"""Exporting datasets: the same for the command line and for `/export`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bot.dataset.export import export_dataset
from bot.dataset.process import ExportWork
from bot.domain.errors import SessionUnknown
from bot.home.places import Home
from bot.services.library import Library
from bot.store.database import Database
from bot.store.sessions import data_files_of, session_ids_of


async def plan_export(
    database: Database,
    home: Home,
    library: Library,
    *,
    guild_id: int | None,
    session_id: int | None,
    out: Path | None = None,
    seed: int = 0,
) -> ExportWork:
    """What is to be done to export one session, or all of a guild (of every guild if that is None, too).

    Without `out` the dataset goes to the home folder's `exports/`, where it replaces an earlier export of the same.
    Raises SessionUnknown if there is no such session here.
    """
    known = await session_ids_of(database, guild_id)
    wanted: Sequence[int] = known if session_id is None else [one for one in known if one == session_id]
    if not wanted:
        raise SessionUnknown(session_id or 0)
    # A file that is being edited keeps only those sessions from being exported that used it.
    used = await data_files_of(database, wanted)
    return partial(
        export_dataset,
        database.path,
        home=home,
        out=out or home.export_folder(wanted),
        session_ids=wanted,
        seed=seed,
        instruments=[library.instrument(name) for name in library.names("instruments") if name in used],
        emotion_sets=[library.emotion_set(name) for name in library.names("emotions") if name in used],
    )
