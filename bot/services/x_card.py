"""The X-card: anybody in the channel stops the scene at once. Who it was is kept nowhere, and no reason is asked."""

from __future__ import annotations

from bot.domain.errors import NoScene, NotInChannel
from bot.services.cuts import cut_at_any_rate
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.store.scenes import current_scene, end_scene
from bot.store.sessions import Session
from bot.store.takes import strike_take


async def stop_scene(desk: Desk, session: Session, discord_user_id: int, pressed_at: float) -> None:
    """Stop the scene at a monotonic moment: nothing said afterwards is recorded, and the prompt is not played on.

    What was recorded is kept and struck: it stays out of the dataset unless it is taken back. Raises NotInChannel for
    an account that is not in the channel, NoScene when none is on.
    """
    booth = desk.booths.get(session.session_id)
    if booth and discord_user_id not in booth.occupants():
        raise NotInChannel
    # Before anything is waited for: whoever holds the guild's turn, the recording is over now.
    live = desk.takes.get(session.session_id)
    if live:
        live.is_stopped = True
    desk.stop_check(session.session_id)
    async with desk.to_change(session) as session:
        scene = await current_scene(desk.database, session.session_id)
        if scene is None:
            raise NoScene
        take = desk.takes.get(session.session_id)
        if take:
            await cut_at_any_rate(desk, session, pressed_at, "x_card")
        now = desk.now()
        async with desk.database.transaction():
            await end_scene(desk.database, scene.scene_id, now)
            if take:
                await strike_take(desk.database, take.take.take_id, now)
            # Without a person: the event says that it happened, and nothing leads to who pressed.
            where = {"session_id": session.session_id, "scene_id": scene.scene_id}
            await log_event(desk.database, "scene_stopped", now, **where)
    desk.stage.panel_changed(session.session_id)
    if booth:
        desk.errands.run(booth.say_stopped(), "word that the scene stops")
