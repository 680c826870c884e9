"""Striking takes: a struck one stays on disk and leaves ratings and dataset; it can be taken back."""

from __future__ import annotations

from bot.domain.errors import NoScene, NothingToStrike, TakeRunning
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.store.sessions import Session
from bot.store.takes import Take, last_kept_take, strike_take


async def strike_or_take_back(desk: Desk, session: Session, seen: int | None = None) -> tuple[Take, bool]:
    """Strike the scene's newest kept take, or take it back if it is struck; returns it and whether it is struck now.

    Raises NoScene, TakeRunning or NothingToStrike.
    """
    async with desk.to_change(session, seen) as (session, live):
        if live.take:
            raise TakeRunning
        scene = await desk.scene_of(session)
        if scene is None:
            raise NoScene
        now = desk.now()
        async with desk.database.transaction() as tx:
            # An X-card waits for nobody's turn: what it ended and struck must not be taken back.
            if await desk.scene_of(session, tx) != scene:
                raise NoScene
            take = await last_kept_take(tx, scene.scene_id)
            if take is None:
                raise NothingToStrike
            is_struck = take.struck_at is None
            await strike_take(tx, take.take_id, now if is_struck else None)
            where = {"session_id": session.session_id, "scene_id": scene.scene_id, "take_id": take.take_id}
            await log_event(tx, "take_struck" if is_struck else "take_unstruck", now, **where)
    desk.stage.panel_changed(session.session_id)
    return take, is_struck
