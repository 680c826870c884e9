"""The X-card: anybody in the channel stops the scene at once. Who it was is kept nowhere, and no reason is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import NoScene, NoTakeRunning, NotInChannel
from bot.live.asked import STOPPED
from bot.live.promises import Promise
from bot.live.session import LiveSession
from bot.live.take import LiveTake
from bot.services.cuts import close_tracks, kept
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.store.scenes import current_scene, end_scene, last_scene_was_stopped, scene_was_stopped
from bot.store.takes import strike_takes_of


def stop_now(desk: Desk, session: LiveSession, discord_user_id: int, at: float) -> Promise | None:
    """Stop what runs at a monotonic moment, in memory and in the journal; it waits for nothing and nobody.

    Nothing said afterwards is recorded, and nothing of the scene will be rated or exported. None if neither a take nor
    a sound check was running: then `stop_scene` ends the scene that was dealt. Raises NotInChannel for an account that
    is not in the channel.
    """
    if session.booth and discord_user_id not in session.booth.occupants():
        raise NotInChannel
    session.stop_check()
    take = session.take
    if take is None:
        return None
    is_first = not take.is_stopped
    take.stop(at)
    close_tracks(desk, take)
    promise = _promise(desk, session, take.take.scene_id, take)
    if is_first:
        _say(desk, session)
        desk.errands.run(_keep(desk, session, take), f"keeping of take {take.take.take_id}")
    return promise


async def end_dealt_scene(desk: Desk, session: LiveSession) -> Promise | None:
    """Where no take was running: the end of the scene that was dealt. None if it was stopped before, or a check was.

    NoScene when there was nothing to be stopped.
    """
    scene = await desk.scene_of(session)
    if scene is not None:
        promise = _promise(desk, session, scene.scene_id, None)
        _say(desk, session)
        return promise
    last = await current_scene(desk.database, session.session_id)
    was_stopped = last is not None or await last_scene_was_stopped(desk.database, session.session_id)
    if session.check is not None or was_stopped:
        return None
    raise NoScene


async def stop_scene(desk: Desk, session: LiveSession, discord_user_id: int, at: float) -> None:
    """`stop_now`, else `end_dealt_scene`, until the store has it."""
    promise = stop_now(desk, session, discord_user_id, at) or await end_dealt_scene(desk, session)
    if promise:
        await promise.kept


def _promise(desk: Desk, session: LiveSession, scene_id: int, take: LiveTake | None) -> Promise:
    session.stop_scene(scene_id)
    session.will_change("scene_stopped")
    desk.stage.panel_changed(session.session_id)
    # Without a person: the entry says that it happened, and nothing leads to the one who pressed.
    return desk.promises.make(
        STOPPED,
        {
            "session": session.session_id,
            "scene": scene_id,
            "at": desk.now(),
            "take": take.take.take_id if take else None,
            "duration_samples": take.duration_samples if take else None,
        },
    )


async def store_stop(desk: Desk, facts: Mapping[str, Any]) -> None:
    """Keep a promised stop: end the scene and strike its takes, those that run included."""
    async with desk.database.transaction() as tx:
        await end_scene(tx, facts["scene"], facts["at"])
        await strike_takes_of(tx, facts["scene"], facts["at"])
        if not await scene_was_stopped(tx, facts["scene"]):
            where = {"session_id": facts["session"], "scene_id": facts["scene"]}
            await log_event(tx, "scene_stopped", facts["at"], **where)
    if live := desk.live.find(facts["session"]):
        await desk.has_changed(live)
        desk.stage.panel_changed(live.session_id)


def _say(desk: Desk, session: LiveSession) -> None:
    if session.booth:
        desk.errands.run(session.booth.say_stopped(), "word that the scene stops")


async def _keep(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    try:
        await kept(desk, session, take)
    except NoTakeRunning:
        return
