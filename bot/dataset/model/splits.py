"""The splits of an export: what the store remembers, and a side for each new speaker. The rule: `bot.domain.splits`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.dataset.errors import SplitsUnwritable
from bot.dataset.model.index import Index
from bot.domain.splits import Crossings, Split, crossings, draw_splits
from bot.live.ports import timestamp
from bot.store.errors import DatabaseUnwritable
from bot.store.snapshot import Snapshot
from bot.store.speaker_splits import add_splits, sides_in
from bot.store.stillness import still
from bot.store.writing import writing


@dataclass(frozen=True, slots=True)
class Splits:
    """`of_speaker` maps every speaker of a release to 'train', 'test' or 'validation'; `crossings` is who met across.

    The sessions of `crossings` are labels, such as 'S0001'.
    """

    of_speaker: Mapping[str, str]
    crossings: Crossings


def splits_for(database: Path, snapshot: Snapshot, speakers: Iterable[str], seed: int) -> Splits:
    """Return the splits of the speakers of a snapshot, by pseudonym. The store keeps the side of each new speaker.

    Call it before anything is written that names a split. An export that ends with an error afterwards leaves the sides
    in the store, which is harmless: the next export of these speakers uses them. Raises SplitsUnwritable if someone is
    new and the database cannot be written.
    """
    present, sessions = set(speakers), performers_of(snapshot)
    with still(database) as store:
        sides = sides_in(store)
    if present - sides.keys():
        sides = _drawn(database, present, sessions, seed)
    of_speaker = {speaker: sides[speaker].value for speaker in sorted(present)}
    return Splits(of_speaker, crossings(of_speaker, sessions))


def would_be_splits(database: Path, snapshot: Snapshot, speakers: Iterable[str], seed: int) -> Splits:
    """Return what `splits_for` would return now. Nothing is stored."""
    present, sessions = set(speakers), performers_of(snapshot)
    with still(database) as store:
        sides = sides_in(store)
    sides |= draw_splits(sides, present, sessions, seed)
    of_speaker = {speaker: sides[speaker].value for speaker in sorted(present)}
    return Splits(of_speaker, crossings(of_speaker, sessions))


def performers_of(snapshot: Snapshot) -> dict[str, set[str]]:
    """Return who performed in which session: pseudonyms by label. Everyone with a track must have a pseudonym."""
    index = Index(snapshot)
    sessions: dict[str, set[str]] = {}
    for track in snapshot.tracks:
        sessions.setdefault(index.place(track.take_id).session, set()).add(index.name(track.person_id))
    return sessions


def _drawn(database: Path, present: set[str], sessions: Mapping[str, set[str]], seed: int) -> dict[str, Split]:
    try:
        with writing(database) as tx:
            # Another export may have been faster: only what is read within the write decides.
            sides = sides_in(tx)
            drawn = draw_splits(sides, present, sessions, seed)
            add_splits(tx, drawn, timestamp(datetime.now(UTC)))
            return sides | drawn
    except DatabaseUnwritable as error:
        raise SplitsUnwritable(error) from error
