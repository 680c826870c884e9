"""Exports of datasets, planned in the same way for the command line and for `/export`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.dataset.export import ExportOrder, ExportResult
from bot.dataset.model.options import Layout, Options, cores
from bot.dataset.process import export_apart
from bot.dataset.release.archive import zip_dataset
from bot.domain.errors import SessionUnknown
from bot.domain.ids import GuildId, SessionId
from bot.home.places import Home
from bot.live.workers import Lane, Workers
from bot.services.facts.library import Library
from bot.store.database import Database
from bot.store.sessions import data_files_of, session_ids_of


@dataclass(frozen=True, slots=True)
class PackedExport:
    """A dataset, and the archive that it was packed into."""

    result: ExportResult
    archive: Path
    archive_bytes: int


class Exports:
    """Exports that people request in Discord: one at a time, each in a process of its own."""

    def __init__(self, database: Database, home: Home, library: Library, workers: Workers) -> None:
        self._database = database
        self._home = home
        self._library = library
        self._workers = workers
        self._one_by_one = asyncio.Lock()

    @asynccontextmanager
    async def packed(self, guild_id: GuildId, session_id: SessionId | None) -> AsyncGenerator[PackedExport]:
        """Export one session of a guild, or all of them, and pack the dataset. The archive exists until this ends.

        Raises SessionUnknown if the guild has no such session, and what `export_dataset` raises.
        """
        async with self._one_by_one:
            order = await plan_export(
                self._database,
                self._home,
                self._library,
                guild_id=guild_id,
                session_id=session_id,
                options=Options(Layout.AUDIOFOLDER),
            )
            # One core is left to recording.
            result = await export_apart(order, self._workers, max(cores() - 1, 1))
            archive = self._home.archive(result.path)
            try:
                size = await self._workers.run(Lane.EXPORTS, _pack, result.path, archive)
                yield PackedExport(result, archive, size)
            finally:
                archive.unlink(missing_ok=True)


def _pack(dataset: Path, archive: Path) -> int:
    archive.parent.mkdir(parents=True, exist_ok=True)
    zip_dataset(dataset, archive)
    return archive.stat().st_size


async def plan_export(
    database: Database,
    home: Home,
    library: Library,
    *,
    guild_id: GuildId | None,
    session_id: SessionId | None,
    out: Path | None = None,
    seed: int = 0,
    options: Options | None = None,
) -> ExportOrder:
    """Plan the export of one session, of all sessions of a guild, or of all sessions if both ids are None.

    Without `out`, the dataset goes to `exports/` in the home folder and replaces an earlier export of the same
    sessions in the same layout. Raises SessionUnknown if the session does not exist.
    """
    known = await session_ids_of(database, guild_id)
    wanted: Sequence[SessionId] = known if session_id is None else [one for one in known if one == session_id]
    if not wanted:
        raise SessionUnknown(session_id or SessionId(0))
    # A file that is broken by an edit prevents only the export of sessions that used it.
    used = await data_files_of(database, wanted)
    options = options or Options()
    layout = "" if options.layout is Layout.AUDIOFOLDER else options.layout.value
    return ExportOrder(
        database.path,
        home,
        out or home.export_folder(wanted, layout),
        wanted,
        options,
        seed,
        instruments=[library.instrument(name) for name in library.names("instruments") if name in used],
        emotion_sets=[library.emotion_set(name) for name in library.names("emotions") if name in used],
    )
