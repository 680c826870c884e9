"""What happens by itself while a take runs: it starts, cues come by time, and its time is up."""

from __future__ import annotations

import logging
import sqlite3

from bot.domain.errors import PromptbookError
from bot.domain.turns import SAMPLE_RATE_HZ
from bot.services.cues import tell_and_keep
from bot.services.desk import Desk, LiveTake
from bot.services.watch import watch_take
from bot.store.events import log_event
from bot.store.people import get_person
from bot.store.scenes import CastingRow, castings_of
from bot.store.sessions import Session
from bot.store.takes import mark_recording

_log = logging.getLogger(__name__)


async def keep_time(desk: Desk, session: Session, live: LiveTake) -> None:
    """Wait through countdown, cues and time limit; returns when time is up. Cancelled and begun anew by a pause."""
    if live.watch is None:
        live.countdown = desk.errands.run(live.booth.count_down(live.starts_at), f"countdown {live.take.take_id}")
        await desk.clock.sleep_until(live.starts_at)
        await _start(desk, live)
    for casting in await _timed(desk, live):
        # The scene may have been dealt when scenes were longer.
        if _cue_at(live, casting) >= live.ends_at:
            break
        await desk.clock.sleep_until(_cue_at(live, casting))
        desk.errands.run(_cue(desk, session, live, casting), f"cue of take {live.take.take_id}")
    await desk.clock.sleep_until(live.ends_at)


async def _start(desk: Desk, live: LiveTake) -> None:
    try:
        await _note_start(desk, live)
    except sqlite3.Error:
        # The take is being recorded all the same, and its time limit holds.
        _log.exception("The start of take %d could not be noted.", live.take.take_id)
    live.watch = desk.errands.run(watch_take(desk, live), f"watch over take {live.take.take_id}")
    desk.stage.panel_changed(live.session_id)


async def _note_start(desk: Desk, live: LiveTake) -> None:
    async with desk.database.transaction() as tx:
        now = desk.now()
        await mark_recording(tx, live.take.take_id, now)
        await log_event(
            tx,
            "take_started",
            now,
            session_id=live.session_id,
            scene_id=live.take.scene_id,
            take_id=live.take.take_id,
        )


async def _timed(desk: Desk, live: LiveTake) -> list[CastingRow]:
    """Who still has a cue by time in this take, the earliest first."""
    castings = await castings_of(desk.database, live.take.scene_id)
    waiting = [one for one in castings if one.cue_cause == "time" and one.casting_id not in live.cued]
    return sorted(waiting, key=lambda casting: casting.cue_after_samples or 0)


def _cue_at(live: LiveTake, casting: CastingRow) -> float:
    paused = sum(end - start for start, end in live.pauses)
    return live.starts_at + (casting.cue_after_samples or 0) / SAMPLE_RATE_HZ + paused


async def _cue(desk: Desk, session: Session, live: LiveTake, casting: CastingRow) -> None:
    if casting.discord_user_id not in live.recordable:
        return
    try:
        is_told = await tell_and_keep(desk, session, live, casting)
    except PromptbookError as error:
        _log.warning("A cue of take %d was not given: %s.", live.take.take_id, type(error).__name__)
        is_told = False
    if not is_told:
        live.untold.add(casting.discord_user_id)
        coordinator = await get_person(desk.database, session.coordinator_id)
        await desk.stage.cue_missed(coordinator.discord_user_id, casting.discord_user_id)
