"""Who is on which side of the splits. A side is kept until someone deliberately draws everyone again."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.splits import Split
from bot.store.records import SpeakerSplit
from bot.store.stillness import Still
from bot.store.writing import BlockingTransaction

FIRST_DRAWING = 1
"""The drawing that the first export begins."""


def speaker_splits(store: Still) -> dict[str, SpeakerSplit]:
    """Return everyone who was ever given a side, by pseudonym, sorted by it."""
    rows = store.fetch_records(SpeakerSplit, "SELECT * FROM speaker_splits ORDER BY pseudonym")
    return {row.pseudonym: row for row in rows}


def sides_in(store: Still) -> dict[str, Split]:
    """Return the side of everyone who was ever given one, by pseudonym."""
    return {name: row.split for name, row in speaker_splits(store).items()}


def newest_drawing(store: Still) -> int:
    """Return the number of the newest drawing; 0 if nothing has been drawn yet."""
    ((number,),) = store.fetch_all("SELECT coalesce(max(drawing), 0) FROM speaker_splits")
    return int(number)


def add_splits(tx: BlockingTransaction, drawn: Mapping[str, Split], now: str) -> None:
    """Store the sides of new speakers, as a part of the newest drawing.

    Raises sqlite3.IntegrityError if one of them has a side.
    """
    drawing = max(newest_drawing(tx), FIRST_DRAWING)
    for pseudonym, split in drawn.items():
        tx.execute("INSERT INTO speaker_splits VALUES (?, ?, ?, ?)", pseudonym, split.value, now, drawing)


def redraw_splits(tx: BlockingTransaction, drawn: Mapping[str, Split], now: str) -> int:
    """Store a new drawing and return its number. A speaker outside of it keeps side and drawing."""
    drawing = newest_drawing(tx) + 1
    for pseudonym, split in drawn.items():
        tx.execute("INSERT OR REPLACE INTO speaker_splits VALUES (?, ?, ?, ?)", pseudonym, split.value, now, drawing)
    return drawing
