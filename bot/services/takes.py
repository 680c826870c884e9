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

from bot.domain.consent import TO_PERFORM
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
from bot.services.cuts import cut_in_turn, cut_take
from bot.services.desk import Desk, LiveTake
from bot.services.guild_settings import settings_of
from bot.services.kept_takes import keep_take
from bot.services.take_clock import keep_time
from bot.services.watch import LEAST_DISK_BYTES, LOW_DISK_BYTES, free_bytes
from bot.store.events import log_event
from bot.store.scenes import CastingRow, Scene, castings_of, current_scene
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
    async with desk.to_change(session, seen) as session:
        scene = await _scene_to_record(desk, session, is_retake=is_retake)
        booth = await desk.booth_of(session)
        present = frozenset(booth.occupants())
        castings = await castings_of(desk.database, scene.scene_id)
        recordable = await _recordable(desk, castings, present)
        free = free_bytes(desk.settings.home.folder)
        if free < LEAST_DISK_BYTES:
            raise RecordingImpossible(os.strerror(errno.ENOSPC))
        take = await _call(desk, session, scene)
        starts_at = pressed_at + desk.settings.countdown_seconds
        if asked_at <= starts_at < (ready_at := desk.clock.monotonic()):
            starts_at = ready_at + desk.settings.countdown_seconds
        live = LiveTake(
            take,
            session.session_id,
            booth,
            starts_at,
            (await settings_of(desk, session.guild_id)).scene_seconds,
            recordable,
            desk.settings.home.take_folder(session.session_id, scene.number, take.number),
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
        live.clock = desk.errands.run(_keep_time(desk, session, live), f"take {take.take_id}")
    desk.stage.panel_changed(session.session_id)
    to_start = timedelta(seconds=live.starts_at - desk.clock.monotonic())
    return TakeCalled(
        take,
        (desk.clock.wall() + to_start).timestamp(),
        frozenset(recordable),
        present - recordable,
        frozenset(recordable - present),
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


async def _scene_to_record(desk: Desk, session: Session, *, is_retake: bool) -> Scene:
    if session.session_id in desk.takes:
        raise TakeRunning
    if session.session_id in desk.checks:
        raise SoundCheckRunning
    if session.is_paused:
        raise SessionPaused
    scene = await current_scene(desk.database, session.session_id)
    if scene is None:
        raise NoScene
    if is_retake and await last_take(desk.database, scene.scene_id) is None:
        raise NothingToRetake
    return scene


async def _recordable(desk: Desk, castings: list[CastingRow], present: frozenset[int]) -> set[int]:
    on_stage = [casting.discord_user_id for casting in castings]
    recordable = {user for user in on_stage if await desk.consents(user, TO_PERFORM)}
    if not recordable & present:
        raise TooFewPerformers(0, 1)
    return recordable


async def _call(desk: Desk, session: Session, scene: Scene) -> Take:
    now = desk.now()
    async with desk.database.transaction() as tx:
        take = await add_take(tx, scene.scene_id, now)
        where = {"session_id": session.session_id, "scene_id": scene.scene_id, "take_id": take.take_id}
        await log_event(tx, "take_called", now, **where)
    return take


def _record(desk: Desk, session: Session, live: LiveTake) -> None:
    def fail(error: Exception) -> None:
        desk.errands.run(_cut_after(desk, session, live, error), f"cut take {live.take.take_id}")

    live.booth.start_recording(
        live.folder,
        started_at=live.starts_at,
        may_record=live.may_record,
        track_name=live.track_names.__getitem__,
        on_failure=fail,
    )
    desk.takes[session.session_id] = live


def _try_folder(folder: Path) -> None:
    """Make sure that tracks can be written there, before anybody plays for nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder, buffering=0) as probe:
        probe.write(bytes(4096))


async def _keep_time(desk: Desk, session: Session, live: LiveTake) -> None:
    await keep_time(desk, session, live)
    desk.errands.run(_cut_by_clock(desk, session, live), f"time limit of take {live.take.take_id}")


def resume_clock(desk: Desk, session: Session, live: LiveTake) -> None:
    """Let the take's time go on after a pause."""
    live.clock = desk.errands.run(_keep_time(desk, session, live), f"take {live.take.take_id}")


async def _cut_by_clock(desk: Desk, session: Session, live: LiveTake) -> None:
    if desk.takes.get(session.session_id) is live:
        with suppress(NoTakeRunning):
            await cut_take(desk, session, live.ends_at, "time_limit", live)


async def _cut_after(desk: Desk, session: Session, live: LiveTake, error: Exception) -> None:
    if desk.takes.get(session.session_id) is live:
        with suppress(NoTakeRunning):
            await cut_take(desk, session, desk.clock.monotonic(), "disk", live)
    raise error
