"""Notes: what a coordinator writes down, with the moment on the running take's clock."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import NoteInvalid, SessionUnknown
from bot.domain.events import catalogue
from bot.domain.ids import SceneId, SessionId, TakeId
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.facts.current_scene import scene_of
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.notes import add_note, notes_of
from bot.store.records import PlacedNote
from bot.store.scenes import get_scene
from bot.store.takes import get_take

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class NoteMoment:
    """What was on when a note was begun; `position_samples` is on the take's clock, None if no take was running."""

    scene_id: SceneId | None = None
    take_id: TakeId | None = None
    position_samples: int | None = None


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """Where a note belongs: `position_samples` is on the take's clock, None if no take was running."""

    scene_number: int | None
    take_number: int | None
    position_samples: int | None


@dataclass(frozen=True, slots=True)
class Notes:
    """What coordinators write down."""

    database: Database
    clock: Clock

    async def read(self, session_id: SessionId) -> list[PlacedNote]:
        """All notes of a session, oldest first."""
        return await notes_of(self.database, session_id)

    async def moment_at(self, session: LiveSession, at: float) -> NoteMoment:
        """Where a note about a monotonic moment belongs, which must not lie before the newest press."""
        take = session.take
        if take and take.starts_at <= at and not take.is_stopped and (take.cut_at is None or at < take.cut_at):
            return NoteMoment(take.take.scene_id, take.take.take_id, take.position_samples(at))
        scene = await scene_of(session, self.database)
        return NoteMoment(scene.scene_id if scene else None)

    async def write(self, session_id: SessionId, text: str, moment: NoteMoment) -> NoteWritten:
        """Store a note, whatever has happened since its moment.

        Raises NoteInvalid if it is empty or too long, SessionUnknown if its moment is not in this session.
        """
        text = text.strip()
        if not 1 <= len(text) <= LONGEST_NOTE:
            raise NoteInvalid
        scene = await get_scene(self.database, moment.scene_id) if moment.scene_id else None
        take = await get_take(self.database, moment.take_id) if moment.take_id else None
        # The moment comes back from Discord in a form's id.
        if (scene and scene.session_id != session_id) or (take and take.scene_id != moment.scene_id):
            raise SessionUnknown(session_id)
        now = self.clock.now()
        async with self.database.transaction() as tx:
            await add_note(
                tx,
                session_id,
                text,
                now,
                scene_id=moment.scene_id,
                take_id=moment.take_id,
                position_samples=moment.position_samples,
            )
            await log_event(
                tx,
                catalogue.NoteWritten(),
                now,
                session_id=session_id,
                scene_id=moment.scene_id,
                take_id=moment.take_id,
            )
        return NoteWritten(scene.number if scene else None, take.number if take else None, moment.position_samples)
