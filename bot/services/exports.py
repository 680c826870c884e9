"""Exports of datasets and logs, planned in the same way for the command line and for `/export`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from bot.dataset.export import ExportOrder, ExportResult, export_dataset
from bot.dataset.log.export_log import LogResult, export_log
from bot.dataset.model.options import Layout, Options, cores
from bot.dataset.process import ExportWork, export_apart
from bot.dataset.release.archive import zip_dataset
from bot.domain.consent_terms import Scope, same_name
from bot.domain.emotions import EmotionSet
from bot.domain.errors import ExportTooEarly, SessionUnknown
from bot.domain.ids import GuildId, SessionId
from bot.home.places import Home
from bot.live.workers import Lane, Workers
from bot.services.access.operators import Operators, require_operators
from bot.services.facts.library import Library
from bot.store.database import Database
from bot.store.sessions import data_files_of, session_ids_of

if TYPE_CHECKING:
    # Panels come with it, and discord.py with them: half a second, of which the command line needs nothing.
    from bot.services.turns.turns import Turns

LONGEST_SEARCH_SECONDS = 240.0
"""How long an export waits for turns: Discord takes an answer for 15 minutes, and most of them are for the export."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What an export is limited to: a purpose, a recipient, and features and labels alone if it is derived."""

    purpose: Scope | None = None
    recipient: str | None = None
    is_derived: bool = False

    def options(self) -> Options:
        """The choices of an export with these limits. Playable files are for sound, Parquet for what is derived."""
        recipient = " ".join((self.recipient or "").split()) or None
        layout = Layout.PARQUET if self.is_derived else Layout.AUDIOFOLDER
        return Options(layout, purpose=self.purpose, recipient=recipient, is_derived=self.is_derived)


@dataclass(frozen=True, slots=True)
class PackedExport:
    """A dataset of some sessions, and the archive that it was packed into."""

    result: ExportResult
    archive: Path
    archive_bytes: int
    sessions: Sequence[SessionId]


@dataclass(frozen=True, slots=True)
class PackedLog:
    """A log, and the archive that it was packed into."""

    result: LogResult
    archive: Path
    archive_bytes: int


class Exports:
    """Exports that people request in Discord: one at a time, each in a process of its own."""

    def __init__(
        self,
        database: Database,
        home: Home,
        library: Library,
        workers: Workers,
        turns: Turns,
        operators: Operators,
    ) -> None:
        self._database = database
        self._home = home
        self._library = library
        self._workers = workers
        self._turns = turns
        self._operators = operators
        self._one_by_one = asyncio.Lock()

    @asynccontextmanager
    async def packed(
        self, guild_id: GuildId, session_id: SessionId | None, bound: Bound | None = None
    ) -> AsyncGenerator[PackedExport]:
        """Export one session of a guild, or all of them, and pack the dataset. The archive exists until this ends.

        Raises SessionUnknown if the guild has no such session, OperatorIncomplete if it is for a recipient and the law
        wants people to know more, ExportTooEarly if the turns of its takes are not found soon, and what
        `export_dataset` raises.
        """
        options = (bound or Bound()).options()
        async with self._one_by_one:
            wanted = await _wanted(self._database, guild_id, session_id)
            if options.recipient:
                await require_operators(self._operators, wanted)
            await self._turns_found(wanted)
            order = await plan_export(
                self._database,
                self._home,
                self._library,
                guild_id=guild_id,
                session_id=session_id,
                options=options,
            )
            # One core is left to recording.
            work = partial(export_dataset, order, jobs=max(cores() - 1, 1))
            result = await export_apart(work, self._workers)
            async with self._archived(result.path) as (archive, size):
                yield PackedExport(result, archive, size, order.session_ids)

    @asynccontextmanager
    async def packed_log(self, guild_id: GuildId, session_id: SessionId | None) -> AsyncGenerator[PackedLog]:
        """Export the log of one session of a guild, or of all, and pack it. The archive exists until this ends.

        Raises SessionUnknown if the guild has no such session, and what `export_log` raises.
        """
        async with self._one_by_one:
            work = await plan_log(self._database, self._home, self._library, guild_id=guild_id, session_id=session_id)
            result = await export_apart(work, self._workers)
            async with self._archived(result.path) as (archive, size):
                yield PackedLog(result, archive, size)

    async def _turns_found(self, session_ids: Collection[SessionId]) -> None:
        try:
            async with asyncio.timeout(LONGEST_SEARCH_SECONDS):
                await self._turns.search_left_over(session_ids)
        except TimeoutError:
            raise ExportTooEarly from None

    @asynccontextmanager
    async def _archived(self, folder: Path) -> AsyncGenerator[tuple[Path, int]]:
        archive = self._home.archive(folder)
        try:
            yield archive, await self._workers.run(Lane.EXPORTS, _pack, folder, archive)
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
    wanted = await _wanted(database, guild_id, session_id)
    used = await data_files_of(database, wanted)
    options = options or Options()
    layout = "" if options.layout is Layout.AUDIOFOLDER else options.layout.value
    layout = "-".join(filter(None, [layout, *_bound(options)]))
    return ExportOrder(
        database.path,
        home,
        out or home.export_folder(wanted, layout),
        wanted,
        options,
        seed,
        instruments=[library.instrument(name) for name in library.names("instruments") if name in used],
        emotion_sets=_emotion_sets(library, used),
        series=_series(guild_id, session_id),
    )


def _bound(options: Options) -> list[str]:
    """What an export is bound to, for the name of its folder: it must not replace one with another purpose."""
    purpose = ["derived"] if options.is_derived else []
    purpose += [f"for-{options.purpose}"] if options.purpose else []
    return purpose + ([f"to-{crc32(same_name(options.recipient).encode()):08x}"] if options.recipient else [])


async def plan_log(
    database: Database,
    home: Home,
    library: Library,
    *,
    guild_id: GuildId | None,
    session_id: SessionId | None,
    out: Path | None = None,
) -> ExportWork[LogResult]:
    """Plan the export of a log, for the same sessions as `plan_export`.

    Without `out`, it goes to `exports/` in the home folder and replaces an earlier log of the same sessions. Raises
    SessionUnknown if the session does not exist.
    """
    wanted = await _wanted(database, guild_id, session_id)
    return partial(
        export_log,
        database.path,
        home=home,
        out=out or home.log_folder(wanted),
        session_ids=wanted,
        emotion_sets=_emotion_sets(library, await data_files_of(database, wanted)),
    )


def _series(guild_id: GuildId | None, session_id: SessionId | None) -> str:
    if session_id is not None:
        return f"session-{session_id}"
    return "everything" if guild_id is None else f"guild-{guild_id}"


async def _wanted(database: Database, guild_id: GuildId | None, session_id: SessionId | None) -> Sequence[SessionId]:
    known = await session_ids_of(database, guild_id)
    wanted = known if session_id is None else [one for one in known if one == session_id]
    if not wanted:
        raise SessionUnknown(session_id or SessionId(0))
    return wanted


def _emotion_sets(library: Library, used: Collection[str]) -> list[EmotionSet]:
    # A file that is broken by an edit prevents only the export of sessions that used it.
    return [library.emotion_set(name) for name in library.names("emotions") if name in used]
