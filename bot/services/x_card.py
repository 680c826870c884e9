"""The X-card: anybody in the channel stops the scene at once. Who it was is kept nowhere, and no reason is asked."""

from __future__ import annotations

import asyncio

from bot.domain.errors import NoScene, NotInChannel
from bot.services.cuts import cut_at_any_rate
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.store.scenes import current_scene, end_scene, last_scene_was_stopped, scene_was_stopped
from bot.store.sessions import Session
from bot.store.takes import strike_takes_of


async def stop_scene(desk: Desk, session: Session, discord_user_id: int, pressed_at: float) -> asyncio.Task[None]:
    """Stop the scene at a monotonic moment: nothing said afterwards is recorded, and the prompt is not played on.

    It waits for nobody: whoever holds the guild's turn, the recording ends with this call, and when it returns the
    store has the scene as ended and all takes of it as struck. The task that is returned cuts the running one. Raises
    NotInChannel for an account that is not in the channel, NoScene when there was nothing to be stopped.
    """
    booth = desk.booths.get(session.session_id)
    if booth and discord_user_id not in booth.occupants():
        raise NotInChannel
    live = desk.takes.get(session.session_id)
    is_first = not (live and live.is_stopped)
    if live:
        live.stop()
    had_check = desk.stop_check(session.session_id)
    if live and is_first:
        _say(desk, session)
    scene_id = live.take.scene_id if live else await _scene_on(desk, session)
    if scene_id is None:
        if had_check or await last_scene_was_stopped(desk.database, session.session_id):
            return desk.errands.run(asyncio.sleep(0), "nothing more to stop")
        raise NoScene
    try:
        if await _leave_out(desk, session, scene_id) and live is None:
            _say(desk, session)
    finally:
        # Also when the store refuses: what is recorded may be kept a moment later, and is struck then.
        cutting = desk.errands.run(_cut(desk, session, scene_id, pressed_at), "cut after the X-card")
        desk.stage.panel_changed(session.session_id)
    return cutting


def _say(desk: Desk, session: Session) -> None:
    if booth := desk.booths.get(session.session_id):
        desk.errands.run(booth.say_stopped(), "word that the scene stops")


async def _scene_on(desk: Desk, session: Session) -> int | None:
    scene = await current_scene(desk.database, session.session_id)
    return scene.scene_id if scene else None


async def _leave_out(desk: Desk, session: Session, scene_id: int) -> bool:
    """End the scene and strike its takes; False when somebody had stopped it before."""
    now = desk.now()
    async with desk.database.transaction() as tx:
        await end_scene(tx, scene_id, now)
        await strike_takes_of(tx, scene_id, now)
        if await scene_was_stopped(tx, scene_id):
            return False
        # Without a person: the event says that it happened, and nothing leads to who pressed.
        await log_event(tx, "scene_stopped", now, session_id=session.session_id, scene_id=scene_id)
    return True


async def _cut(desk: Desk, session: Session, scene_id: int, pressed_at: float) -> None:
    async with desk.turn_of(session.guild_id):
        # It may have been called while the card was pressed, or be cut and kept by somebody else.
        live = desk.takes.get(session.session_id)
        if live is None or live.take.scene_id != scene_id:
            return
        live.stop()
        await cut_at_any_rate(desk, session, pressed_at, "x_card")
