"""Transcripts of turns: kept one per turn, replaced by the next import, and gone with their turn."""

# ruff: noqa: S608 - all queries are made of literals

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.ids import SessionId, TurnId
from bot.domain.transcripts import Transcribed, TurnPlace
from bot.store.stillness import Still
from bot.store.writing import BlockingTransaction

_UP = """
    JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
"""

_PLACES_SQL = f"""
    SELECT turn_id, session_id, scenes.number, takes.number, pseudonym, turns.number
    FROM turns {_UP} JOIN people USING (person_id) WHERE session_id = ?
"""

_KEEP_SQL = """
    INSERT INTO transcripts (turn_id, text, source, added_at) VALUES (:turn, :text, :source, :now)
    ON CONFLICT (turn_id) DO UPDATE SET text = excluded.text, source = excluded.source, added_at = excluded.added_at
    WHERE (text, source) IS NOT (excluded.text, excluded.source)
"""

_LIST_SQL = f"""
    SELECT session_id, count(*) AS turns, count(transcripts.turn_id) AS transcripts,
           coalesce(group_concat(DISTINCT source), '') AS sources
    FROM turns LEFT JOIN transcripts USING (turn_id) {_UP} GROUP BY session_id ORDER BY session_id
"""

_REMOVE_SQL = f"""
    DELETE FROM transcripts WHERE (:source IS NULL OR source = :source) AND turn_id IN (
        SELECT turn_id FROM turns {_UP} WHERE :session IS NULL OR session_id = :session
    )
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an import did: how many turns have a text now, and how many of these had another one before.

    `unknown` are the rows whose turn is not in the store.
    """

    kept: int
    replaced: int
    unknown: Sequence[Transcribed]


def keep_transcripts(tx: BlockingTransaction, rows: Sequence[Transcribed], now: str) -> Kept:
    """Store what was said in turns. A text takes the place of an earlier one; the same text changes nothing."""
    turns = _turns_of(tx, {SessionId(row.place.session) for row in rows})
    had = {turn_id for (turn_id,) in tx.fetch_all("SELECT turn_id FROM transcripts")}
    known = [(turns[row.place], row) for row in rows if row.place in turns]
    changed = {
        turn_id
        for turn_id, row in known
        if tx.change(_KEEP_SQL, turn=turn_id, text=row.text, source=row.source, now=now)
    }
    return Kept(len(known), len(had & changed), [row for row in rows if row.place not in turns])


def _turns_of(store: Still, session_ids: Iterable[SessionId]) -> dict[TurnPlace, TurnId]:
    rows = (row for session_id in sorted(session_ids) for row in store.fetch_all(_PLACES_SQL, session_id))
    return {TurnPlace(*place): TurnId(turn_id) for turn_id, *place in rows}


@dataclass(frozen=True, slots=True)
class TranscriptsOf:
    """How many turns of a session have a transcript, and the sources, separated by commas."""

    session_id: SessionId
    turns: int
    transcripts: int
    sources: str


def transcripts_by_session(store: Still) -> list[TranscriptsOf]:
    """Return what there is of every session that has turns."""
    return store.fetch_records(TranscriptsOf, _LIST_SQL)


def remove_transcripts(tx: BlockingTransaction, session_id: SessionId | None, source: str | None) -> int:
    """Delete the transcripts of a session, from a source, or (None) of all; return how many went."""
    return tx.change(_REMOVE_SQL, session=session_id, source=source)
