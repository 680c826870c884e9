"""Turns: stored when they have been found on a track, and found again if a rule has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ids import PersonId, SessionId, TakeId, TrackId
from bot.domain.turns import FoundTurn
from bot.samples import Span
from bot.store.reader import Reader
from bot.store.records import Track, Turn
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class UnsearchedTake:
    """A take that is kept, with tracks whose turns are not known yet."""

    take_id: TakeId
    session_id: SessionId


async def takes_to_search(
    reader: Reader, methods: Collection[str] | None = None, session_ids: Collection[SessionId] = ()
) -> list[UnsearchedTake]:
    """Return the takes with tracks whose turns were never looked for, the newest session first.

    With `methods`, also those whose turns were found in another way than these. With `session_ids`, only theirs.
    """
    known = f"OR turns_method NOT IN ({_marks(methods)})" if methods else ""
    chosen = f"AND session_id IN ({_marks(session_ids)})" if session_ids else ""
    return await reader.fetch_records(
        UnsearchedTake,
        "SELECT DISTINCT take_id, session_id FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id) "  # noqa: S608
        f"WHERE state = 'cut' AND (turns_method IS NULL {known}) {chosen} ORDER BY session_id DESC, take_id",
        *(methods or ()),
        *session_ids,
    )


async def tracks_of(reader: Reader, take_id: TakeId) -> list[Track]:
    """Return the tracks of a take in the order in which they were stored."""
    return await reader.fetch_records(Track, "SELECT * FROM tracks WHERE take_id = ? ORDER BY track_id", take_id)


async def holes_of(reader: Reader, take_id: TakeId) -> list[tuple[PersonId | None, Span]]:
    """Return the stretches of a take in which no one could be heard (None), or not this person."""
    rows = await reader.fetch_all("SELECT person_id, start_samples, end_samples FROM holes WHERE take_id = ?", take_id)
    return [(person_id, Span(start, end)) for person_id, start, end in rows]


async def judged_turns(reader: Reader, track_id: TrackId) -> list[Turn]:
    """Return the turns of a track that someone has rated, felt or transcribed: their bounds are what that is about."""
    return await reader.fetch_records(
        Turn,
        "SELECT * FROM turns WHERE track_id = ? AND (EXISTS (SELECT 1 FROM trials WHERE answered_at IS NOT NULL "
        "AND (trials.turn_id = turns.turn_id OR other_turn_id = turns.turn_id)) "
        "OR turn_id IN (SELECT turn_id FROM transcripts)) ORDER BY start_samples",
        track_id,
    )


async def add_turns(
    tx: Transaction, track_id: TrackId, found: Sequence[FoundTurn], for_rating: Collection[FoundTurn], method: str
) -> None:
    """Store the turns that were found on a track. They replace those that no one has judged."""
    last = await tx.fetch_value("SELECT last_turn_number FROM tracks WHERE track_id = ?", track_id)
    kept = [turn.turn_id for turn in await judged_turns(tx, track_id)]
    going = f"SELECT turn_id FROM turns WHERE track_id = ? AND turn_id NOT IN ({_marks(kept)})"  # noqa: S608
    for of_turn in ("turn_id", "other_turn_id"):
        # Trials that no one has answered: who sends such a form is told that the turn is gone.
        await tx.execute(f"DELETE FROM trials WHERE {of_turn} IN ({going})", track_id, *kept)  # noqa: S608
    await tx.execute(f"DELETE FROM turns WHERE turn_id IN ({going})", track_id, *kept)  # noqa: S608
    for number, turn in enumerate(found, last + 1):
        await tx.insert(
            "turns",
            track_id=track_id,
            number=number,
            start_samples=turn.speech.start_samples,
            end_samples=turn.speech.end_samples,
            clip_start_samples=turn.clip.start_samples,
            clip_end_samples=turn.clip.end_samples,
            is_for_rating=int(turn in for_rating),
            found_by=turn.found_by,
            method=method,
        )
    await tx.execute(
        "UPDATE tracks SET turns_method = ?, last_turn_number = ? WHERE track_id = ?",
        method,
        last + len(found),
        track_id,
    )


async def count_turns(reader: Reader, take_ids: Collection[TakeId]) -> int:
    """Return how many turns the tracks of takes have."""
    sql = f"SELECT count(*) FROM turns JOIN tracks USING (track_id) WHERE take_id IN ({_marks(take_ids)})"  # noqa: S608
    return await reader.fetch_value(sql, *take_ids)


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose voice a track's microphone picked up, and how loud against that person's own track."""

    person_id: PersonId
    level_db: float


async def set_track_sound(
    tx: Transaction, track_id: TrackId, quality: Mapping[str, float | None], heard: Heard | None
) -> None:
    """Store how good a track is, by the names of the columns, and who else is heard on it."""
    columns = {
        **quality,
        "heard_person_id": heard and heard.person_id,
        "heard_db": heard and heard.level_db,
    }
    settings = ", ".join(f"{name} = ?" for name in columns)
    await tx.execute(f"UPDATE tracks SET {settings} WHERE track_id = ?", *columns.values(), track_id)  # noqa: S608


async def set_mix_peak(tx: Transaction, take_id: TakeId, mix_peak: float) -> None:
    """Store the bound for the peak of every mix of a take."""
    await tx.execute("UPDATE takes SET mix_peak = ? WHERE take_id = ?", mix_peak, take_id)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
