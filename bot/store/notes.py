"""Notes that coordinators write down while they watch."""

from __future__ import annotations

from bot.store.database import Database


async def add_note(
    database: Database,
    session_id: int,
    text: str,
    now: str,
    *,
    scene_id: int | None,
    take_id: int | None,
    position_samples: int | None,
) -> int:
    """Keep a note; `position_samples` is when, on the clock of a running take. Inside a transaction."""
    return await database.insert(
        "notes",
        session_id=session_id,
        scene_id=scene_id,
        take_id=take_id,
        position_samples=position_samples,
        text=text,
        written_at=now,
    )
