"""The end of takes: cut by button, time limit or trouble, to the sample at which it was pressed, and kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import NoTakeRunning
from bot.services.desk import Desk, LiveTake
from bot.services.kept_takes import keep_take, measure_left_over
from bot.store.sessions import Session
from bot.store.takes import Take, strike_takes_of


@dataclass(frozen=True, slots=True)
class TakeCut:
    """A take that is over, with what was kept of it."""

    take: Take
    duration_samples: int
    tracks: int
    turns_for_rating: int
    silent_users: frozenset[int]
    unrecorded_users: frozenset[int]


async def cut_take(
    desk: Desk,
    session: Session,
    cut_at: float,
    reason: str = "coordinator",
    only: LiveTake | None = None,
    seen: int | None = None,
) -> TakeCut:
    """Cut the running take at a monotonic moment and keep it; NoTakeRunning when there is none.

    A take cut in its countdown is void: nothing was recorded. With `only`, no other take than that is cut: whoever
    waits for their turn must not cut one that was called meanwhile.
    """
    async with desk.to_change(session, seen) as session:
        if only is not None and desk.takes.get(session.session_id) is not only:
            raise NoTakeRunning
        return await cut_at_any_rate(desk, session, cut_at, reason)


async def cut_at_any_rate(desk: Desk, session: Session, cut_at: float, reason: str) -> TakeCut:
    """`cut_in_turn`, to its end: nobody who gives up waiting, nor the end of the process, stops it half-way."""
    return await asyncio.shield(desk.errands.run(cut_in_turn(desk, session, cut_at, reason), "cut"))


async def cut_in_turn(desk: Desk, session: Session, cut_at: float, reason: str) -> TakeCut:
    """`cut_take` for a caller who holds the guild's turn."""
    live = desk.takes.get(session.session_id)
    if live is None:
        raise NoTakeRunning
    live.stop_clocks()
    if live.summaries is None or live.cut_at is None:
        live.cut_at = cut_at
        live.summaries = await live.booth.stop_recording(cut_at)
    summaries = live.summaries
    duration = live.position_samples(live.cut_at)
    ended_at = desk.clock.wall() - timedelta(seconds=desk.clock.monotonic() - live.cut_at)
    holes = [("connection", hole.start_samples, hole.end_samples) for hole in live.booth.holes()]
    if live.paused_since is not None and (paused := live.position_samples(live.paused_since)) < duration:
        holes.append(("pause", paused, duration))
    turns = await keep_take(
        desk,
        session.session_id,
        live.take,
        summaries,
        duration,
        reason,
        ended_at,
        holes,
        measure_later=live.is_stopped,
    )
    if live.is_stopped:
        await _leave_out(desk, live)
    del desk.takes[session.session_id]
    desk.stage.panel_changed(session.session_id)
    recorded = {summary.user_id for summary in summaries}
    return TakeCut(
        live.take,
        duration,
        len(summaries),
        turns,
        frozenset(live.recordable - recorded),
        live.booth.unrecorded_users() - live.recordable,
    )


async def _leave_out(desk: Desk, live: LiveTake) -> None:
    """A take that an X-card stopped is struck, whoever cuts it, and measured when nobody waits for it."""
    async with desk.database.transaction() as tx:
        await strike_takes_of(tx, live.take.scene_id, desk.now())
    desk.errands.run(measure_left_over(desk), "measuring of a stopped take")
