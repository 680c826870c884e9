"""The beginning of takes: called, counted down, recorded on one track a performer until their time is over."""

from __future__ import annotations

import asyncio
import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

from bot.domain.errors import (
    NoScene,
    NoTakeRunning,
    NothingToRetake,
    RecordingImpossible,
    SessionPaused,
    SoundCheckRunning,
    TakeRunning,
    TooFewPerformers,
)
from bot.live.session import LiveSession
from bot.live.take import LiveTake, TakePlan
from bot.live.workers import Lane
from bot.services.consents import may_perform
from bot.services.cuts import end_take, keep_with_lock, kept
from bot.services.desk import Desk
from bot.services.guild_settings import settings_of
from bot.services.take_clock import keep_time
from bot.services.watch import LEAST_DISK_BYTES, LOW_DISK_BYTES, free_bytes
from bot.store.events import log_event
from bot.store.scenes import CastingRow, Scene, castings_of
from bot.store.sessions import Session
from bot.store.takes import Take, add_take, last_take


@dataclass(frozen=True, slots=True)
class TakeCalled:
    """A take that counts down. `starts_at_unix` is its first recorded moment, in whole and part seconds.

    `absent_users` are on stage and not in the channel; they are recorded once they are. `low_disk_bytes` is what is
    free, when that is little.
    """

    take: Take
    starts_at_unix: float
    recorded_users: frozenset[int]
    unrecorded_users: frozenset[int]
    absent_users: frozenset[int]
    low_disk_bytes: int | None


async def start_take(
    desk: Desk, session: Session, pressed_at: float, seen: int | None = None, *, is_retake: bool = False
) -> TakeCalled:
    """Call a take: it records from `pressed_at` (monotonic) plus the countdown on; earlier takes of the scene stay.

    Recorded is who was dealt a card and consents, once they are in the channel. Where the bot is ready only after that
    moment, because it had to join again, the countdown runs from then. Raises NoScene, TakeRunning, SoundCheckRunning,
    SessionPaused, TooFewPerformers or RecordingImpossible; NothingToRetake for a retake of a scene without a take.
    """
    asked_at = desk.clock.monotonic()
    async with desk.to_change(session, seen) as (session, live):
        scene = await _scene_to_record(desk, live, is_retake=is_retake)
        booth = await desk.booth_of(live)
        present = frozenset(booth.occupants())
        castings = await castings_of(desk.database, scene.scene_id)
        recordable = await _recordable(desk, session.guild_id, castings, present)
        free = free_bytes(desk.settings.home.folder)
        if free < LEAST_DISK_BYTES:
            raise RecordingImpossible(os.strerror(errno.ENOSPC))
        limit = (await settings_of(desk, session.guild_id)).scene_seconds
        called = await _call(desk, session, scene)
        starts_at = pressed_at + desk.settings.countdown_seconds
        if asked_at <= starts_at < (ready_at := desk.clock.monotonic()):
            starts_at = ready_at + desk.settings.countdown_seconds
        plan = TakePlan(
            called,
            session.session_id,
            starts_at,
            limit,
            desk.settings.home.take_folder(session.session_id, scene.number, called.number),
            {casting.discord_user_id: casting.pseudonym for casting in castings},
        )
        take = LiveTake(plan, booth, recordable)
        live.call(take)
        await _begin_or_call_off(desk, live, take)
    desk.stage.panel_changed(session.session_id)
    to_start = timedelta(seconds=take.starts_at - desk.clock.monotonic())
    return TakeCalled(
        take.take,
        (desk.clock.wall() + to_start).timestamp(),
        frozenset(take.recordable),
        present - take.recordable,
        frozenset(take.recordable - present),
        free if free < LOW_DISK_BYTES else None,
    )


async def _begin_or_call_off(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    """Record a take that is called; one that cannot be recorded is void, and nothing of it goes on."""
    try:
        await _begin(desk, session, take)
    except BaseException as error:
        # A caller who gives up waiting leaves no take behind that counts down for ever.
        end_take(desk, session, take, min(desk.clock.monotonic(), take.starts_at), _why(error))
        await asyncio.shield(desk.errands.run(keep_with_lock(desk, session, take), "calling off"))
        if isinstance(error, OSError):
            raise RecordingImpossible(error.strerror or str(error)) from error
        raise


async def _begin(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    await desk.workers.run(Lane.TAKES, _try_folder, take.folder)
    # A withdrawal that came while this was prepared is not in the store's answer of before.
    for user in list(take.recordable):
        if not await may_perform(desk, user, session.guild_id):
            take.withdraw(user)
    if session.has_stopped(take.take.scene_id):
        take.stop(min(desk.clock.monotonic(), take.starts_at))
    if not take.is_running:
        raise NoTakeRunning
    _record(desk, session, take)
    take.run_clock("time", desk.errands.run(_keep_time(desk, session, take), f"take {take.take.take_id}"))


def _why(error: BaseException) -> str:
    return "disk" if isinstance(error, OSError) else "interrupted"


async def _scene_to_record(desk: Desk, session: LiveSession, *, is_retake: bool) -> Scene:
    if session.take:
        raise TakeRunning
    if session.check:
        raise SoundCheckRunning
    if session.is_paused:
        raise SessionPaused
    scene = await desk.scene_of(session)
    if scene is None:
        raise NoScene
    if is_retake and await last_take(desk.database, scene.scene_id) is None:
        raise NothingToRetake
    return scene


async def _recordable(desk: Desk, guild_id: int, castings: list[CastingRow], present: frozenset[int]) -> set[int]:
    on_stage = [casting.discord_user_id for casting in castings]
    recordable = {user for user in on_stage if await may_perform(desk, user, guild_id)}
    if not recordable & present:
        raise TooFewPerformers(0, 1)
    return recordable


async def _call(desk: Desk, session: Session, scene: Scene) -> Take:
    now = desk.now()
    async with desk.database.transaction() as tx:
        # An X-card waits for nobody: what it ended is not played on.
        if await desk.scene_of(session, tx) != scene:
            raise NoScene
        take = await add_take(tx, scene.scene_id, now)
        where = {"session_id": session.session_id, "scene_id": scene.scene_id, "take_id": take.take_id}
        await log_event(tx, "take_called", now, **where)
    return take


def _record(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    def fail(error: Exception) -> None:
        end_take(desk, session, take, desk.clock.monotonic(), "disk")
        desk.errands.run(_keep_failed(desk, session, take, error), f"cut take {take.take.take_id}")

    take.booth.start_recording(
        take.folder,
        started_at=take.starts_at,
        may_record=take.may_record,
        track_name=take.track_names.__getitem__,
        on_failure=fail,
    )
    take.count_down()


def _try_folder(folder: Path) -> None:
    """Make sure that tracks can be written there, before anybody plays for nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder, buffering=0) as probe:
        probe.write(bytes(4096))


async def _keep_time(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    await keep_time(desk, session, take)
    end_take(desk, session, take, take.ends_at, "time_limit")
    desk.errands.run(_keep_by_clock(desk, session, take), f"time limit of take {take.take.take_id}")


def resume_clock(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    """Let the take's time go on after a pause."""
    take.run_clock("time", desk.errands.run(_keep_time(desk, session, take), f"take {take.take.take_id}"))


async def _keep_by_clock(desk: Desk, session: LiveSession, take: LiveTake) -> None:
    with suppress(NoTakeRunning):
        await kept(desk, session, take)


async def _keep_failed(desk: Desk, session: LiveSession, take: LiveTake, error: Exception) -> None:
    await _keep_by_clock(desk, session, take)
    raise error
