"""Takes: countdown, one track a performer, cut by button, time limit or trouble."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.domain.consent import TO_PERFORM
from bot.domain.errors import NoScene, NoTakeRunning, RecordingImpossible, TakeRunning, TooFewPerformers
from bot.domain.turns import SAMPLE_RATE_HZ
from bot.services.desk import Desk, LiveTake
from bot.services.kept_takes import keep_take, take_folder
from bot.services.watch import LEAST_DISK_BYTES, LOW_DISK_BYTES, free_bytes, watch_take
from bot.store.events import log_event
from bot.store.scenes import castings_of, current_scene
from bot.store.sessions import Session
from bot.store.takes import Take, add_take, mark_recording

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakeCalled:
    """A take that counts down. `starts_at_unix` is its first recorded moment, in whole and part seconds.

    `low_disk_bytes` is what is free, when that is little.
    """

    take: Take
    countdown_seconds: int
    starts_at_unix: float
    recorded_users: frozenset[int]
    unrecorded_users: frozenset[int]
    low_disk_bytes: int | None


@dataclass(frozen=True, slots=True)
class TakeCut:
    """A take that is over, with what was kept of it."""

    take: Take
    duration_samples: int
    tracks: int
    turns_for_rating: int
    silent_users: frozenset[int]
    unrecorded_users: frozenset[int]


async def start_take(desk: Desk, session: Session, pressed_at: float) -> TakeCalled:
    """Call a take: it records from `pressed_at` (monotonic) plus the countdown on.

    Recorded is who was dealt a card and consents now. Where the bot is ready only after that moment, because it had to
    join again, the countdown runs from then. Raises NoScene, TakeRunning, TooFewPerformers or RecordingImpossible.
    """
    asked_at = desk.clock.monotonic()
    async with desk.turn_of(session.guild_id):
        session = await desk.session_of_button(session.session_id, session.guild_id)
        if session.session_id in desk.takes:
            raise TakeRunning
        scene = await current_scene(desk.database, session.session_id)
        if scene is None:
            raise NoScene
        booth = await desk.booth_of(session)
        present = frozenset(booth.occupants())
        castings = await castings_of(desk.database, scene.scene_id)
        recordable = {
            casting.discord_user_id
            for casting in castings
            if casting.discord_user_id in present and await desk.consents(casting.discord_user_id, TO_PERFORM)
        }
        if not recordable:
            raise TooFewPerformers(0, 1)
        free = free_bytes(desk.settings.home)
        if free < LEAST_DISK_BYTES:
            raise RecordingImpossible("the disk is full")
        async with desk.database.transaction():
            take = await add_take(desk.database, scene.scene_id, desk.now())
        starts_at = pressed_at + desk.settings.countdown_seconds
        if asked_at <= starts_at < (ready_at := desk.clock.monotonic()):
            starts_at = ready_at + desk.settings.countdown_seconds
        live = LiveTake(
            take,
            session.session_id,
            booth,
            starts_at,
            recordable,
            take_folder(desk.settings, session.session_id, scene.number, take.number),
            {casting.discord_user_id: casting.pseudonym for casting in castings},
        )
        try:
            await _begin(desk, session, live)
        except BaseException as error:
            # Whoever gives up waiting leaves no take behind either that counts down for ever.
            reason = "disk" if isinstance(error, OSError) else "interrupted"
            await asyncio.shield(desk.errands.run(_call_off(desk, session, live, reason), "calling off"))
            if isinstance(error, OSError):
                raise RecordingImpossible(error.strerror or str(error)) from error
            raise
        live.clock = desk.errands.run(_run(desk, session, live), f"take {take.take_id}")
    desk.stage.panel_changed(session.session_id)
    to_start = timedelta(seconds=starts_at - desk.clock.monotonic())
    return TakeCalled(
        take,
        desk.settings.countdown_seconds,
        (desk.clock.wall() + to_start).timestamp(),
        frozenset(recordable),
        present - recordable,
        free if free < LOW_DISK_BYTES else None,
    )


async def _begin(desk: Desk, session: Session, live: LiveTake) -> None:
    await asyncio.to_thread(_try_folder, live.folder)
    _record(desk, session, live)
    # Whoever took back their consent while this was prepared was not among the running takes yet.
    for user in list(live.recordable):
        if not await desk.consents(user, TO_PERFORM):
            live.recordable.discard(user)


async def _call_off(desk: Desk, session: Session, live: LiveTake, reason: str) -> None:
    """A take that could not be started is void, and nothing of it goes on."""
    if desk.takes.get(session.session_id) is live:
        await cut_in_turn(desk, session, min(desk.clock.monotonic(), live.starts_at), reason)
    else:
        await keep_take(desk, session.session_id, live.take, (), 0, reason)


async def cut_take(
    desk: Desk, session: Session, cut_at: float, reason: str = "coordinator", only: LiveTake | None = None
) -> TakeCut:
    """Cut the running take at a monotonic moment and keep it; NoTakeRunning when there is none.

    A take cut in its countdown is void: nothing was recorded. With `only`, no other take than that is cut: whoever
    waits for their turn must not cut one that was called meanwhile.
    """
    async with desk.turn_of(session.guild_id):
        if only is not None and desk.takes.get(session.session_id) is not only:
            raise NoTakeRunning
        # Nobody who gives up waiting, nor the end of the process, stops half-way what keeps a take.
        return await asyncio.shield(desk.errands.run(cut_in_turn(desk, session, cut_at, reason), "cut"))


async def cut_in_turn(desk: Desk, session: Session, cut_at: float, reason: str) -> TakeCut:
    """`cut_take` for a caller who holds the guild's turn."""
    live = desk.takes.get(session.session_id)
    if live is None:
        raise NoTakeRunning
    live.stop_clocks()
    if live.summaries is None:
        live.cut_at, live.summaries = cut_at, await live.booth.stop_recording(cut_at)
    summaries = live.summaries
    duration = max(round((live.cut_at - live.starts_at) * SAMPLE_RATE_HZ), 0)
    ended_at = desk.clock.wall() - timedelta(seconds=desk.clock.monotonic() - live.cut_at)
    holes = live.booth.holes()
    turns = await keep_take(desk, session.session_id, live.take, summaries, duration, reason, ended_at, holes)
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


def _record(desk: Desk, session: Session, live: LiveTake) -> None:
    def fail(error: Exception) -> None:
        desk.errands.run(_cut_after(desk, session, live, error), f"cut take {live.take.take_id}")

    live.booth.start_recording(
        live.folder,
        started_at=live.starts_at,
        may_record=live.recordable.__contains__,
        track_name=live.track_names.__getitem__,
        on_failure=fail,
    )
    desk.takes[session.session_id] = live


def _try_folder(folder: Path) -> None:
    """Make sure that tracks can be written there, before anybody plays for nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".probe"
    probe.write_bytes(bytes(4096))
    probe.unlink()


async def _run(desk: Desk, session: Session, live: LiveTake) -> None:
    await desk.clock.sleep_until(live.starts_at)
    try:
        await _note_start(desk, live)
    except sqlite3.Error:
        # The take is being recorded all the same, and its time limit holds.
        _log.exception("The start of take %d could not be noted.", live.take.take_id)
    live.watch = desk.errands.run(watch_take(desk, live), f"watch over take {live.take.take_id}")
    desk.stage.panel_changed(session.session_id)
    ends_at = live.starts_at + desk.settings.take_limit_seconds
    await desk.clock.sleep_until(ends_at)
    desk.errands.run(_cut_by_clock(desk, session, live, ends_at), f"time limit of take {live.take.take_id}")


async def _note_start(desk: Desk, live: LiveTake) -> None:
    async with desk.database.transaction():
        now = desk.now()
        await mark_recording(desk.database, live.take.take_id, now)
        await log_event(
            desk.database,
            "take_started",
            now,
            session_id=live.session_id,
            scene_id=live.take.scene_id,
            take_id=live.take.take_id,
        )


async def _cut_by_clock(desk: Desk, session: Session, live: LiveTake, ends_at: float) -> None:
    if desk.takes.get(session.session_id) is live:
        await cut_take(desk, session, ends_at, "time_limit", live)


async def _cut_after(desk: Desk, session: Session, live: LiveTake, error: Exception) -> None:
    if desk.takes.get(session.session_id) is live:
        with suppress(NoTakeRunning):
            await cut_take(desk, session, desk.clock.monotonic(), "disk", live)
    raise error
