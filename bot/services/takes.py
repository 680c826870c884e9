"""Takes: countdown, one track a performer, cut by button, time limit or trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

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

    Recorded is who was dealt a card and consents now. Raises NoScene, TakeRunning, TooFewPerformers or
    RecordingImpossible.
    """
    async with desk.turn_of(session.guild_id):
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
            _record(desk, session, live)
        except OSError as error:
            await keep_take(desk, session.session_id, take, (), 0, "disk")
            raise RecordingImpossible(error.strerror or str(error)) from error
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


async def cut_take(desk: Desk, session: Session, cut_at: float, reason: str = "coordinator") -> TakeCut:
    """Cut the running take at a monotonic moment and keep it; NoTakeRunning when there is none.

    A take cut in its countdown is void: nothing was recorded.
    """
    async with desk.turn_of(session.guild_id):
        live = desk.takes.get(session.session_id)
        if live is None:
            raise NoTakeRunning
        live.stop_clocks()
        try:
            summaries = await live.booth.stop_recording(cut_at)
        finally:
            del desk.takes[session.session_id]
        duration = max(round((cut_at - live.starts_at) * SAMPLE_RATE_HZ), 0)
        turns = await keep_take(desk, session.session_id, live.take, summaries, duration, reason)
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


async def _run(desk: Desk, session: Session, live: LiveTake) -> None:
    await desk.clock.sleep_until(live.starts_at)
    async with desk.database.transaction():
        now = desk.now()
        await mark_recording(desk.database, live.take.take_id, now)
        await log_event(
            desk.database,
            "take_started",
            now,
            session_id=session.session_id,
            scene_id=live.take.scene_id,
            take_id=live.take.take_id,
        )
    live.watch = desk.errands.run(watch_take(desk, live), f"watch over take {live.take.take_id}")
    desk.stage.panel_changed(session.session_id)
    ends_at = live.starts_at + desk.settings.take_limit_seconds
    await desk.clock.sleep_until(ends_at)
    await cut_take(desk, session, ends_at, "time_limit")


async def _cut_after(desk: Desk, session: Session, live: LiveTake, error: Exception) -> None:
    if desk.takes.get(session.session_id) is live:
        await cut_take(desk, session, desk.clock.monotonic(), "disk")
    raise error
