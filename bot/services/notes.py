"""Notes: what a coordinator writes down, with the moment on the running take's clock."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import NoteInvalid, SessionUnknown
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.store.notes import Note, add_note, notes_of
from bot.store.scenes import get_scene
from bot.store.sessions import Session
from bot.store.takes import get_take

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class NoteMoment:
    """What was on when a note was begun; `position_samples` is on the take's clock, None when no take was running."""

    scene_id: int | None = None
    take_id: int | None = None
    position_samples: int | None = None


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """Where a note belongs: `position_samples` is on the take's clock, None when no take was running."""

    scene_number: int | None
    take_number: int | None
    position_samples: int | None


async def read_notes(desk: Desk, session: Session) -> list[Note]:
    """All notes of a session, oldest first."""
    return await notes_of(desk.database, session.session_id)


async def note_moment(desk: Desk, session: Session, at: float) -> NoteMoment:
    """Where a note about a monotonic moment belongs that lies no further back than the last press."""
    live = desk.live.find(session.session_id)
    take = live.take if live else None
    if take and take.starts_at <= at and not take.is_stopped and (take.cut_at is None or at < take.cut_at):
        return NoteMoment(take.take.scene_id, take.take.take_id, take.position_samples(at))
    scene = await desk.scene_of(session)
    return NoteMoment(scene.scene_id if scene else None)


async def write_note(desk: Desk, session: Session, text: str, moment: NoteMoment) -> NoteWritten:
    """Keep a note, whatever happened since its moment.

    NoteInvalid when it is empty or too long, SessionUnknown when its moment is none of this session.
    """
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise NoteInvalid
    scene = await get_scene(desk.database, moment.scene_id) if moment.scene_id else None
    take = await get_take(desk.database, moment.take_id) if moment.take_id else None
    # The moment comes back from Discord in a form's id.
    if (scene and scene.session_id != session.session_id) or (take and take.scene_id != moment.scene_id):
        raise SessionUnknown(session.session_id)
    now = desk.now()
    async with desk.database.transaction() as tx:
        await add_note(
            tx,
            session.session_id,
            text,
            now,
            scene_id=moment.scene_id,
            take_id=moment.take_id,
            position_samples=moment.position_samples,
        )
        where = {"session_id": session.session_id, "scene_id": moment.scene_id, "take_id": moment.take_id}
        await log_event(tx, "note_written", now, **where)
    return NoteWritten(scene.number if scene else None, take.number if take else None, moment.position_samples)
