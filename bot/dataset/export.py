"""Exports sessions: a snapshot of the store as a dataset. Consent counts as it is at the end.

The folder holds `README.md` (the card), `LICENSE`, `manifest.json`, `tracks/`, `mixes/` and the clips and tables in one
of two layouts. The command line and the slash command both use this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.dataset.errors import FolderUnwritable, Interrupted, SessionsNotFound
from bot.dataset.formats.audiofolder import write_audiofolder
from bot.dataset.formats.parquet_layout import write_parquet_layout
from bot.dataset.formats.written import Written
from bot.dataset.making import contents_of, make_sound, order_takes, require_clips
from bot.dataset.model.contents import Contents, Takes
from bot.dataset.model.degrees import without_degrees
from bot.dataset.model.options import Layout, Options
from bot.dataset.model.outdated import is_outdated
from bot.dataset.model.pending import pending_in
from bot.dataset.model.selection import keep_consented, wanted_turns
from bot.dataset.progress import Progress
from bot.dataset.release.describing import DESCRIPTIONS, Description, describe
from bot.dataset.release.folder import clear, refuse_foreign, staged
from bot.dataset.release.identities import refuse_identities
from bot.dataset.release.registering import register_use
from bot.dataset.release.version import Version
from bot.dataset.sound.crew import Crew, hire
from bot.domain.emotions import EmotionSet
from bot.domain.ids import SessionId
from bot.domain.instrument import Instrument
from bot.home.leftovers import TAKES
from bot.home.places import Home
from bot.store.exporting import read_snapshot
from bot.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written. `splits` counts clips per split; `left_out` has a count for every key of LEFT_OUT.

    `version` is the dataset's number; None if it is new and the store could not be written.
    """

    path: Path
    clips: int
    tracks: int
    mixes: int
    ratings: int
    self_ratings: int
    speakers: int
    splits: Mapping[str, int]
    left_out: Mapping[str, int]
    version: int | None


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to export: sessions of the database, the tracks below `home`, and to where.

    The card prints the questions and anchors of `instruments`; `emotion_sets` say which emotions have no intensity.
    Both stand for what sessions of earlier versions were played with. `seed` decides the splits of speakers who were
    never exported. `series` says what was asked for, whatever sessions that is today: its versions follow one another.
    """

    database: Path
    home: Home
    out: Path
    session_ids: Sequence[SessionId]
    options: Options = field(default_factory=Options)
    seed: int = 0
    instruments: Sequence[Instrument] = ()
    emotion_sets: Sequence[EmotionSet] = ()
    series: str = ""


class _Outdated(Exception):
    """While the folder was being written, someone withdrew consent, or a take was struck."""


def export_dataset(
    order: ExportOrder, *, jobs: int = 1, progress: Progress | None = None, crew: Crew | None = None
) -> ExportResult:
    """Export sessions into the folder `order.out`, which appears when it is complete.

    It takes long, so call it in a separate process or thread. The sound is made by `jobs` processes, by this one alone,
    or by a `crew`, which can hand the work to any executor.
    `progress` is called with a stage, how much of it is done, and its total; an exception from it ends the export. An
    `out` that is an earlier export is replaced. If an export to the same place was killed, this one uses what it had
    finished. If consent is withdrawn or a take is struck in the meantime, what that concerns is written again. Raises a
    subclass of ExportRefused, with the sentence for the person, and leaves nothing behind then, except that the store
    remembers the splits, and that Interrupted leaves finished takes.
    """
    refuse_foreign(order.out)
    progress = progress or _untold
    try:
        with staged(order.out, order.home.staging_of(order.out)) as folder:
            while True:
                clear(folder)
                with suppress(_Outdated):
                    result = _write(order, folder, jobs, crew, progress)
                    break
    except BrokenExecutor as error:
        raise Interrupted from error
    except OSError as error:
        raise FolderUnwritable(order.out, error) from error
    return result


def read_sessions(order: ExportOrder) -> Snapshot:
    """Return what the store has about the sessions of an order. Raises SessionsNotFound if one does not exist."""
    stored = read_snapshot(order.database, order.session_ids, pending_in(order.home.journal))
    if unknown := set(order.session_ids) - {session.session_id for session in stored.sessions}:
        raise SessionsNotFound(unknown)
    return without_degrees(stored, order.emotion_sets)


def _untold(_stage: str, _done: int, _total: int) -> None:
    """Stand in for `progress` if the caller passed none."""


def _write(order: ExportOrder, folder: Path, jobs: int, crew: Crew | None, progress: Progress) -> ExportResult:
    snapshot = read_sessions(order)
    consented, left_out = keep_consented(snapshot, order.options)
    require_clips(len(wanted_turns(consented, order.options)), left_out)
    takes = Takes(folder / TAKES, order_takes(consented, order.home, order.options))
    # A take is one piece of work: more processes than takes would wait.
    with nullcontext(crew) if crew else hire(min(jobs, len(takes.orders))) as hired:
        make_sound(takes, hired, progress)
    contents = contents_of(order.database, consented, takes, order.options, order.seed, order.emotion_sets, left_out)
    written = _lay_out(contents, folder, progress)
    refuse_identities(folder, snapshot.private_ids)
    _require_up_to_date(snapshot, order)
    description = Description(order.database, order.series, order.seed, order.instruments)
    version, content_sha256 = describe(folder, contents, written, description)
    refuse_identities(folder, snapshot.private_ids, DESCRIPTIONS)
    _require_up_to_date(snapshot, order)
    register_use(order.database, contents, version, content_sha256, lambda: _require_up_to_date(snapshot, order))
    return _result(contents, written, version, order.out)


def _require_up_to_date(snapshot: Snapshot, order: ExportOrder) -> None:
    if is_outdated(snapshot, order.database, order.home):
        raise _Outdated


def _lay_out(contents: Contents, folder: Path, progress: Progress) -> Written:
    progress("tables", 0, len(contents.clip_bytes))
    write = write_parquet_layout if contents.options.layout is Layout.PARQUET else write_audiofolder
    return write(contents, folder, progress)


def _result(contents: Contents, written: Written, version: Version | None, out: Path) -> ExportResult:
    tally = written.tally
    return ExportResult(
        path=out.resolve(),
        clips=tally.clips,
        tracks=len(contents.tracks),
        mixes=len(contents.mixes),
        ratings=len(contents.snapshot.ratings),
        self_ratings=len(contents.snapshot.self_ratings),
        speakers=len(contents.splits.of_speaker),
        splits={split: tally.sides[split].clips for split in contents.bytes_of_splits()},
        left_out=dict(contents.left_out),
        version=version and version.number,
    )
