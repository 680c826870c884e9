"""Exports sessions: a snapshot of the store as a Hugging Face AudioFolder. Consent counts as it is at the end.

The folder holds `README.md` (the card), `clips/<split>/` (sound and `metadata.parquet`), `tracks/`, `mixes/` and
`tables/`. The command line and the slash command both use this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.dataset.audio import Progress
from bot.dataset.contents import Contents, write_sound
from bot.dataset.errors import FolderUnwritable, SessionsNotFound
from bot.dataset.formats.listing import write_table
from bot.dataset.formats.parquet import write_parquet
from bot.dataset.model.degrees import without_degrees
from bot.dataset.model.index import session_label
from bot.dataset.model.pending import pending_in
from bot.dataset.release.card import Facts, split_names, write_card
from bot.dataset.release.folder import refuse_foreign, staged, write_manifest
from bot.dataset.release.identities import refuse_identities
from bot.dataset.rows.tables import build_tables
from bot.dataset.rows.turns import COLUMNS
from bot.domain.emotions import EmotionSet
from bot.domain.ids import SessionId
from bot.domain.instrument import Instrument
from bot.home.places import Home
from bot.store.exporting import read_snapshot, read_withheld
from bot.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written. `splits` counts clips per split; `left_out` has a count for every key of LEFT_OUT."""

    path: Path
    clips: int
    tracks: int
    mixes: int
    ratings: int
    self_ratings: int
    speakers: int
    splits: Mapping[str, int]
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Order:
    database: Path
    home: Home
    out: Path
    seed: int
    instruments: Sequence[Instrument]
    checked_at: str


class _Outdated(Exception):
    """While the folder was being written, someone withdrew consent, or a take was struck."""


def export_dataset(
    database: Path,
    *,
    home: Home,
    out: Path,
    session_ids: Sequence[SessionId],
    seed: int = 0,
    progress: Progress | None = None,
    instruments: Sequence[Instrument] = (),
    emotion_sets: Sequence[EmotionSet] = (),
) -> ExportResult:
    """Export sessions from the database and the tracks below `home` into the folder `out`, which appears when complete.

    It takes long, so call it in a separate process or thread. `progress` is called with a stage, how much of it is
    done, and its total; an exception from it ends the export. The card prints the questions and anchors of
    `instruments`; `emotion_sets` say which emotions have no intensity. An `out` that is an earlier export is replaced.
    `seed` decides the splits of speakers who were never exported. If consent is withdrawn or a take is struck in the
    meantime, the export is written again. Raises a subclass of ExportRefused, with the sentence for the person, and
    leaves nothing behind then, except that the store remembers the splits.
    """
    refuse_foreign(out)
    while True:
        checked_at = datetime.now(UTC).isoformat(timespec="seconds")
        snapshot = without_degrees(read_snapshot(database, session_ids, pending_in(home.journal)), emotion_sets)
        if unknown := set(session_ids) - {session.session_id for session in snapshot.sessions}:
            raise SessionsNotFound(unknown)
        with suppress(_Outdated):
            return _write(snapshot, _Order(database, home, out, seed, instruments, checked_at), progress or _untold)


def _untold(_stage: str, _done: int, _total: int) -> None:
    """Stand in for `progress` if the caller passed none."""


def _write(snapshot: Snapshot, order: _Order, progress: Progress) -> ExportResult:
    try:
        with staged(order.out, order.home.staging_of(order.out)) as folder:
            contents = write_sound(order.database, snapshot, order.home, folder, order.seed, progress)
            progress("tables", 0, 1)
            _write_texts(contents, order, folder)
            refuse_identities(folder, snapshot.private_ids)
            progress("tables", 1, 1)
            _refuse_outdated(snapshot, order)
    except OSError as error:
        raise FolderUnwritable(order.out, error) from error
    return _result(contents, order.out)


def _refuse_outdated(snapshot: Snapshot, order: _Order) -> None:
    sessions = [session.session_id for session in snapshot.sessions]
    now = read_withheld(order.database, sessions, pending_in(order.home.journal))
    taken_back = any(scopes - now.scopes[key] for key, scopes in snapshot.scopes.items())
    if taken_back or any(take.take_id in now.takes for take in snapshot.takes if take.struck_at is None):
        raise _Outdated


def _write_texts(contents: Contents, order: _Order, folder: Path) -> None:
    for split in split_names(contents.rows):
        rows = [row for row in contents.rows if row["split"] == split]
        write_parquet(folder / "clips" / split / "metadata.parquet", COLUMNS, rows)
    tables = build_tables(
        contents.snapshot, contents.clips, contents.tracks, contents.mixes, contents.splits.of_speaker
    )
    (folder / "tables").mkdir()
    for name, rows in tables.items():
        write_table(folder / "tables", name, rows)
    used = {session.instrument for session in contents.snapshot.sessions}
    facts = Facts(
        contents,
        seed=order.seed,
        exported_at=order.checked_at,
        table_rows={name: len(rows) for name, rows in tables.items()},
        instruments=[instrument for instrument in order.instruments if instrument.name in used],
    )
    (folder / "README.md").write_text(write_card(facts), encoding="utf-8")
    write_manifest(folder, _manifest(facts))


def _manifest(facts: Facts) -> dict[str, Any]:
    contents = facts.contents
    return {
        "exported_at": facts.exported_at,
        "sessions": [session_label(session.session_id) for session in contents.snapshot.sessions],
        "seed": facts.seed,
        "splits": dict(contents.splits.of_speaker),
        "sessions_across_splits": list(contents.splits.crossings.sessions),
        "left_out": dict(contents.left_out),
    }


def _result(contents: Contents, out: Path) -> ExportResult:
    rows = contents.rows
    return ExportResult(
        path=out.resolve(),
        clips=len(rows),
        tracks=len(contents.tracks),
        mixes=len(contents.mixes),
        ratings=len(contents.snapshot.ratings),
        self_ratings=len(contents.snapshot.self_ratings),
        speakers=len(contents.splits.of_speaker),
        splits={split: sum(row["split"] == split for row in rows) for split in split_names(rows)},
        left_out=dict(contents.left_out),
    )
