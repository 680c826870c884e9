"""Notes: what a coordinator writes down, with the moment on the running take's clock."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import NoteInvalid
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.store.notes import Note, add_note, notes_of
from bot.store.scenes import current_scene
from bot.store.sessions import Session

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """Where a note belongs: `position_samples` is on the take's clock, None when no take was running."""

    scene_number: int | None
    take_number: int | None
    position_samples: int | None


async def read_notes(desk: Desk, session: Session) -> list[Note]:
    """All notes of a session, oldest first."""
    return await notes_of(desk.database, session.session_id)


async def write_note(desk: Desk, session: Session, text: str, at: float) -> NoteWritten:
    """Keep a note about a monotonic moment. NoteInvalid when it is empty or too long."""
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise NoteInvalid
    scene = await current_scene(desk.database, session.session_id)
    live = desk.takes.get(session.session_id)
    if live and at < live.starts_at:
        live = None
    position = live.position_samples(at) if live else None
    take_id = live.take.take_id if live else None
    scene_id = scene.scene_id if scene else None
    now = desk.now()
    async with desk.database.transaction():
        await add_note(
            desk.database,
            session.session_id,
            text,
            now,
            scene_id=scene_id,
            take_id=take_id,
            position_samples=position,
        )
        where = {"session_id": session.session_id, "scene_id": scene_id, "take_id": take_id}
        await log_event(desk.database, "note_written", now, **where)
    return NoteWritten(scene.number if scene else None, live.take.number if live else None, position)
