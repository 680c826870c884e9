"""How everyone who could be exported now is divided, and dividing them again on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.dataset.model.index import Index
from bot.dataset.model.options import Options
from bot.dataset.model.pending import pending_in
from bot.dataset.model.selection import keep_consented
from bot.dataset.model.splits import performers_of
from bot.domain.ids import SessionId
from bot.domain.splits import Crossings, Split, crossings, draw_splits
from bot.home.places import Home
from bot.live.ports import timestamp
from bot.store.exporting import read_snapshot
from bot.store.speaker_splits import newest_drawing, redraw_splits, sides_in
from bot.store.stillness import still
from bot.store.writing import writing


@dataclass(frozen=True, slots=True)
class Divided:
    """The sides of all who could be exported now (`present`), and of those who could not (`absent`), by pseudonym.

    `undrawn` could be exported and have no side yet. `crossings` is about `present`, by the labels of sessions, of
    which there are `sessions`. `drawing` is 0 if no one was ever given a side.
    """

    drawing: int
    present: Mapping[str, Split]
    absent: Mapping[str, Split]
    undrawn: frozenset[str]
    sessions: int
    crossings: Crossings


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A new drawing: its number and seed, and how many speakers have another side than before."""

    drawing: int
    seed: int
    moved: int


def divided(database: Path, home: Home, session_ids: Sequence[SessionId]) -> Divided:
    """Return how the speakers of these sessions are divided, with the consent in force."""
    speakers, sessions = _performing(database, home, session_ids)
    with still(database) as store:
        sides, drawing = sides_in(store), newest_drawing(store)
    present = {name: side for name, side in sides.items() if name in speakers}
    absent = {name: side for name, side in sides.items() if name not in speakers}
    undrawn = frozenset(speakers - sides.keys())
    return Divided(drawing, present, absent, undrawn, len(sessions), crossings(present, sessions))


def redraw(database: Path, home: Home, session_ids: Sequence[SessionId], seed: int | None = None) -> Redrawn:
    """Divide the speakers of these sessions as if none had a side; everyone else keeps theirs.

    Without a seed, the number of the drawing is used. Raises DatabaseUnwritable if the database cannot be written.
    """
    speakers, sessions = _performing(database, home, session_ids)
    with writing(database) as tx:
        before = sides_in(tx)
        seed = newest_drawing(tx) + 1 if seed is None else seed
        drawn = draw_splits({}, speakers, sessions, seed)
        drawing = redraw_splits(tx, drawn, timestamp(datetime.now(UTC)))
    return Redrawn(drawing, seed, sum(before.get(name, side) != side for name, side in drawn.items()))


def _performing(database: Path, home: Home, session_ids: Sequence[SessionId]) -> tuple[set[str], dict[str, set[str]]]:
    """Return who spoke in kept takes and may be exported, and who performed in which session."""
    snapshot, _ = keep_consented(read_snapshot(database, session_ids, pending_in(home.journal)), Options())
    index = Index(snapshot)
    speakers = {index.name(index.track(turn.track_id).person_id) for turn in snapshot.turns}
    return speakers, performers_of(snapshot)
