"""Writes what a dataset says about itself: the card, the licence and, last of all, the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.dataset.formats.written import Written
from bot.dataset.model.contents import Contents
from bot.dataset.model.index import session_label
from bot.dataset.release.card import Facts, write_card
from bot.dataset.release.licence import LICENCE, write_licence
from bot.dataset.release.manifest import write_manifest
from bot.domain.instrument import Instrument
from bot.domain.states import MaterialKind
from bot.store.materials import instrument_in
from bot.store.snapshot import Snapshot


def describe(folder: Path, contents: Contents, written: Written, seed: int, instruments: Sequence[Instrument]) -> None:
    """Write card, licence and manifest. `instruments` stand for those that the store does not have."""
    as_of = newest_of(contents.snapshot)
    facts = Facts(contents, written, seed, as_of, _used(contents.snapshot, instruments))
    (folder / "README.md").write_text(write_card(facts), encoding="utf-8")
    (folder / LICENCE).write_text(write_licence(contents, as_of), encoding="utf-8")
    files = (contents.tracks, contents.mixes, contents.dialogues)
    known = {file.path: file.sha256 for one in files for file in one.values()}
    write_manifest(folder, _manifest(contents, written, seed, as_of), known)


def newest_of(snapshot: Snapshot) -> str:
    """Return when the newest thing in a snapshot happened: the date of a dataset, which is not that of its export."""
    times = [
        *(session.ended_at or session.started_at for session in snapshot.sessions),
        *(take.struck_at or take.cut_at or take.called_at for take in snapshot.takes),
        *(event.happened_at for event in snapshot.events),
        *(rating.answered_at for rating in (*snapshot.ratings, *snapshot.self_ratings)),
    ]
    return max(times)


def _used(snapshot: Snapshot, given: Sequence[Instrument]) -> list[Instrument]:
    """Return the instruments of the sessions, as they were, sorted by name."""
    kept = {one.sha256: instrument_in(one) for one in snapshot.materials if one.kind is MaterialKind.INSTRUMENT}
    by_name = {one.name: one for one in given}
    used = [kept.get(one.instrument_sha256 or "") or by_name.get(one.instrument) for one in snapshot.sessions]
    return sorted({one for one in used if one}, key=lambda one: (one.name, repr(one)))


def _manifest(contents: Contents, written: Written, seed: int, as_of: str) -> dict[str, Any]:
    options = contents.options
    return {
        "as_of": as_of,
        "sessions": [session_label(session.session_id) for session in contents.snapshot.sessions],
        "layout": options.layout,
        "turns": "all" if options.has_all_turns else "rated",
        "audio": options.audio,
        "seed": seed,
        "splits": dict(contents.splits.of_speaker),
        "sessions_across_splits": list(contents.splits.crossings.sessions),
        "rows": dict(written.table_rows),
        "left_out": dict(contents.left_out),
    }
