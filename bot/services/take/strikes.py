"""Striking takes: a struck take stays on disk but leaves ratings and dataset; it can be restored."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import NoScene, NothingToStrike, TakeRunning
from bot.domain.events.catalogue import TakeStruck, TakeUnstruck
from bot.domain.ids import EventId
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.access.changes import Changes
from bot.services.facts.current_scene import scene_of
from bot.services.panel.panels import Panels
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import Take
from bot.store.takes import last_kept_take, strike_take


@dataclass(frozen=True, slots=True)
class Strikes:
    """Strikes takes and restores them."""

    database: Database
    clock: Clock
    changes: Changes
    panels: Panels

    async def strike_or_restore(self, session: LiveSession, seen: EventId | None = None) -> tuple[Take, bool]:
        """Strike the scene's newest kept take, or restore it if it is struck; returns it and whether it is struck now.

        Raises NoScene, TakeRunning or NothingToStrike.
        """
        async with self.changes.to_change(session, seen):
            if session.take:
                raise TakeRunning
            scene = await scene_of(session, self.database)
            if scene is None:
                raise NoScene
            now = self.clock.now()
            async with self.database.transaction() as tx:
                # An X-card does not wait for the lock: what it ended and struck must not be restored.
                if await scene_of(session, tx) != scene:
                    raise NoScene
                take = await last_kept_take(tx, scene.scene_id)
                if take is None:
                    raise NothingToStrike
                is_struck = take.struck_at is None
                await strike_take(tx, take.take_id, now if is_struck else None)
                await log_event(
                    tx,
                    TakeStruck() if is_struck else TakeUnstruck(),
                    now,
                    session_id=session.session_id,
                    scene_id=scene.scene_id,
                    take_id=take.take_id,
                )
        self.panels.changed(session.session_id)
        return take, is_struck
