"""Exports the log of sessions for a coordinator: who was dealt what, what happened when, who rated what, and the notes.

It has no sound, and needs none: an evening without a recording has a log, too. It contains what the coordinator could
learn that evening, under pseudonyms and without what people have withdrawn since, whatever purposes they consent to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.dataset.errors import DatasetInTheWay, FolderUnwritable, SessionsNotFound
from bot.dataset.formats.listing import write_table
from bot.dataset.log.log_rows import log_rows
from bot.dataset.log.log_tables import LOG_TABLES
from bot.dataset.model.degrees import without_degrees
from bot.dataset.model.index import session_label
from bot.dataset.model.options import Options
from bot.dataset.model.outdated import is_outdated
from bot.dataset.model.pending import pending_in
from bot.dataset.model.selection import keep_consented
from bot.dataset.progress import Progress
from bot.dataset.release.folder import staged
from bot.dataset.release.identities import refuse_identities
from bot.dataset.release.manifest import read_manifest, write_manifest
from bot.dataset.rows.columns import Row
from bot.domain.emotions import EmotionSet
from bot.domain.ids import SessionId
from bot.home.places import Home
from bot.store.exporting import read_snapshot
from bot.store.snapshot import Snapshot

CONTENTS: Final = "log"
"""What the manifest says the folder contains, so that a log never replaces a dataset."""

_README = """\
# Log of {sessions}

What happened, for coordinators: no sound, and pseudonyms instead of names. Each table is in `tables/` as CSV and as
JSON; in CSV, a text that a spreadsheet would take for a formula has an apostrophe before it. Times are UTC; positions
are in seconds since the take's start. What people have withdrawn is left out. What a card says and what raters answered
is left out until the session has ended.

| table | rows | what it holds |
|---|--:|---|
{tables}
"""


@dataclass(frozen=True, slots=True)
class LogResult:
    """What was written: the folder, the number of rows of every table, and the sessions.

    Of those that have not ended yet (`open_sessions`), it does not tell what was dealt; of the others, it does.
    """

    path: Path
    rows: Mapping[str, int]
    open_sessions: Sequence[SessionId]
    ended_sessions: Sequence[SessionId]


def export_log(
    database: Path,
    *,
    home: Home,
    out: Path,
    session_ids: Sequence[SessionId],
    emotion_sets: Sequence[EmotionSet] = (),
    progress: Progress | None = None,
) -> LogResult:
    """Export the log of sessions into the folder `out`, which appears when it is complete. An earlier log is replaced.

    `emotion_sets` say which emotions have no intensity. `progress` is called with the table that is written, how many
    are done, and their number. Raises a subclass of ExportRefused, with the sentence for the person.
    """
    manifest = read_manifest(out)
    if manifest and manifest.get("contents") != CONTENTS:
        raise DatasetInTheWay(out)
    while True:
        snapshot = without_degrees(read_snapshot(database, session_ids, pending_in(home.journal)), emotion_sets)
        if unknown := set(session_ids) - {session.session_id for session in snapshot.sessions}:
            raise SessionsNotFound(unknown)
        with suppress(_Outdated):
            return _write(snapshot, database, home, out, progress)


class _Outdated(Exception):
    """While the log was being written, someone withdrew consent, or a take was struck."""


def _write(snapshot: Snapshot, database: Path, home: Home, out: Path, progress: Progress | None) -> LogResult:
    rows = log_rows(keep_consented(snapshot, Options())[0])
    try:
        with staged(out, home.staging_of(out)) as folder:
            _write_tables(folder, rows, progress)
            _write_texts(folder, rows, [session_label(session.session_id) for session in snapshot.sessions])
            refuse_identities(folder, snapshot.private_ids)
            if is_outdated(snapshot, database, home):
                raise _Outdated
    except OSError as error:
        raise FolderUnwritable(out, error) from error
    counts = {name: len(found) for name, found in rows.items()}
    still_open = [one.session_id for one in snapshot.sessions if one.is_open]
    ended = [one.session_id for one in snapshot.sessions if not one.is_open]
    return LogResult(out.resolve(), counts, still_open, ended)


def _write_tables(folder: Path, rows: Mapping[str, Sequence[Row]], progress: Progress | None) -> None:
    (folder / "tables").mkdir()
    for done, (name, found) in enumerate(rows.items()):
        if progress:
            progress(name, done, len(rows))
        write_table(folder / "tables", LOG_TABLES[name], found)


def _write_texts(folder: Path, rows: Mapping[str, Sequence[Row]], labels: Sequence[str]) -> None:
    lines = (f"| `{name}` | {len(rows[name])} | {table.meaning} |" for name, table in LOG_TABLES.items())
    readme = _README.format(sessions=", ".join(labels), tables="\n".join(lines))
    (folder / "README.md").write_text(readme, encoding="utf-8")
    write_manifest(folder, {"contents": CONTENTS, "sessions": labels})
