"""Notes that coordinators write while they watch."""

from __future__ import annotations

from bot.domain.ids import SceneId, SessionId, TakeId
from bot.store.reader import Reader
from bot.store.records import PlacedNote
from bot.store.transaction import Transaction


async def add_note(
    tx: Transaction,
    session_id: SessionId,
    text: str,
    now: str,
    *,
    scene_id: SceneId | None,
    take_id: TakeId | None,
    position_samples: int | None,
) -> int:
    """Store a note. `position_samples` is its time on the clock of a running take."""
    return await tx.insert(
        "notes",
        session_id=session_id,
        scene_id=scene_id,
        take_id=take_id,
        position_samples=position_samples,
        text=text,
        written_at=now,
    )


async def notes_of(reader: Reader, session_id: SessionId) -> list[PlacedNote]:
    """Return all notes of a session, oldest first."""
    return await reader.fetch_records(
        PlacedNote,
        "SELECT notes.*, scenes.number AS scene_number, takes.number AS take_number "
        "FROM notes LEFT JOIN scenes USING (scene_id) LEFT JOIN takes USING (take_id) "
        "WHERE notes.session_id = ? ORDER BY note_id",
        session_id,
    )
