"""What must hold once the weather is clear: everything ends, and the store agrees with what people asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from time import monotonic

from bot.domain.errors import NoOpenSession, NoTakeRunning
from bot.live.session import LiveSession
from bot.store.sessions import find_session
from bot.store.takes import running_takes
from tools.storms.asked import PromiseBroken, Server
from tools.storms.exports import require_nothing_withdrawn
from tools.storms.looking import look
from tools.storms.storm import EVERYONE, Storm, require_expected

PATIENCE_SECONDS = 10.0
"""Without faults everything that waits is done after a second or two."""


async def come_to_rest(storm: Storm) -> None:
    """Clear the weather and let everything end that was asked for; PromiseBroken if something never does."""
    storm.weather.clear()
    await _end_all(storm)
    if storm.has_given_up_call:
        await storm.restart(killed=False)
        await _end_all(storm)
    await _until(partial(_is_without_take, storm), "a take is left running in the store")
    await _keep_promises(storm)


async def _end_all(storm: Storm) -> None:
    if storm.tasks:
        _, waiting = await asyncio.wait(storm.tasks, timeout=PATIENCE_SECONDS)
        if waiting:
            raise PromiseBroken(f"{', '.join(sorted(task.get_name() for task in waiting))} never ends")
    require_expected(storm.tasks)
    await _keep_promises(storm)
    for server in storm.servers:
        if live := await _open_session(storm, server):
            await _end_take(storm, live)
            await _until(partial(_is_without_check, live), "a sound check never ends")
            # A resume is done even if no one waits for it any more.
            await _until(partial(_has_same_pause, storm, live), "memory and store disagree about a pause")


async def require_agreement(storm: Storm) -> None:
    """PromiseBroken if the store differs from memory, or from what people asked for last."""
    look(storm)
    if left := [promise.kind for promise in storm.evening.promises]:
        raise PromiseBroken(f"promises are left: {', '.join(left)}")
    for server in storm.servers:
        await _require_stopped(storm, server)
        await _require_consents(storm, server)
    await require_nothing_withdrawn(storm)


async def _keep_promises(storm: Storm) -> None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await storm.evening.promises.all_kept()
    except TimeoutError:
        raise PromiseBroken("promises are never stored") from None


async def _open_session(storm: Storm, server: Server) -> LiveSession | None:
    """What the next command finds."""
    try:
        return await storm.services.open_sessions.in_guild(server.guild_id)
    except NoOpenSession:
        return None


async def _end_take(storm: Storm, live: LiveSession) -> None:
    if live.take and live.take.is_running:
        with suppress(NoTakeRunning):
            await storm.services.cuts.cut(live, monotonic())
    await _until(partial(_is_kept, live), "a take is never kept")


async def _is_kept(live: LiveSession) -> bool:
    return live.take is None


async def _is_without_check(live: LiveSession) -> bool:
    return live.check is None


async def _is_without_take(storm: Storm) -> bool:
    return not await running_takes(storm.evening.database)


async def _until(is_so: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    give_up_at = monotonic() + PATIENCE_SECONDS
    while not await is_so():
        if monotonic() > give_up_at:
            raise PromiseBroken(otherwise)
        await asyncio.sleep(0.01)


async def _has_same_pause(storm: Storm, live: LiveSession) -> bool:
    stored = await find_session(storm.evening.database, live.session_id)
    if stored is None or not stored.is_open:
        raise PromiseBroken("a session is open in memory and not in the store")
    return stored.pause_cause == live.pause_cause


async def _require_stopped(storm: Storm, server: Server) -> None:
    for scene_id in server.stopped:
        rows = await storm.evening.database.fetch_all(
            "SELECT scenes.ended_at, takes.take_id, takes.struck_at FROM scenes LEFT JOIN takes USING (scene_id) "
            "WHERE scene_id = ?",
            scene_id,
        )
        if not rows or any(row["ended_at"] is None for row in rows):
            raise PromiseBroken("a stopped scene goes on in the store")
        if any(row["take_id"] is not None and row["struck_at"] is None for row in rows):
            raise PromiseBroken("a take of a stopped scene is not struck")


async def _require_consents(storm: Storm, server: Server) -> None:
    for user in EVERYONE:
        asked = storm.forms.of(user, server.guild_id)
        if await storm.services.consents.stored(user, server.guild_id) != asked:
            raise PromiseBroken("the store has another consent than was asked for last")
        if await storm.services.consents.of(user, server.guild_id) != asked.here:
            raise PromiseBroken("another consent is in force than was asked for last")
