"""The sound check of the warm-up: some seconds of everybody who consents, measured, told, and thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.errors import (
    RecordingImpossible,
    SessionPaused,
    SoundCheckRunning,
    SoundCheckStopped,
    TakeRunning,
    TooFewPerformers,
)
from bot.domain.turns import SAMPLE_RATE_HZ
from bot.live.check import LiveCheck
from bot.live.session import LiveSession
from bot.live.workers import Lane
from bot.services.check_folder import make_anew, remove
from bot.services.consents import may_perform
from bot.services.desk import Desk
from bot.services.performer_sound import PerformerSound, facts_of, measure_performers, only
from bot.store.events import log_event
from bot.store.people import find_person
from bot.store.sessions import Session
from bot.store.sound_checks import add_sound_checks
from bot.voice.recorder import TrackSummary

CHECK_SECONDS = 8
SETTLE_SECONDS = 0.5
"""So long the bot's own request may still come out of loudspeakers and back through microphones."""

ASKING_SECONDS = 15.0
"""A request that takes longer to be said is not waited for."""


@dataclass(frozen=True, slots=True)
class CheckBegun:
    """A sound check that is about to listen. `unheard_users` are in the channel and do not consent to be recorded."""

    seconds: int
    heard_users: frozenset[int]
    unheard_users: frozenset[int]


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """How everybody sounded who was listened to, by account; `deaf_seconds` is how long the bot itself heard nobody."""

    performers: tuple[PerformerSound, ...]
    unheard_users: frozenset[int]
    deaf_seconds: float


Begun = Callable[[CheckBegun], Awaitable[None]]


async def check_sound(
    desk: Desk, session: Session, seconds: int = CHECK_SECONDS, begun: Begun | None = None
) -> SoundCheck:
    """Ask everybody in the channel to speak, listen for some seconds, and tell how they sound; no recording stays.

    Heard is who consents to be recorded, until they take it back. `begun` is told before anybody is asked. Raises
    TakeRunning, SessionPaused, SoundCheckRunning or TooFewPerformers at once; RecordingImpossible; SoundCheckStopped
    when a pause or the X-card came between, SessionEnded when the session's end did.
    """
    work = _check(desk, session, seconds, begun)
    # Nobody who gives up waiting leaves a check behind half-way; the end of the process ends it properly.
    return await asyncio.shield(desk.errands.run(work, f"sound check of session {session.session_id}"))


async def _check(desk: Desk, session: Session, seconds: int, begun: Begun | None) -> SoundCheck:
    live, running, unheard = await _prepare(desk, session)
    try:
        if begun:
            await begun(CheckBegun(seconds, frozenset(running.recordable), unheard))
        await _ask(desk, running, seconds)
        await _refuse_stopped(desk, session, running)
        summaries = await _record(desk, session, running, seconds)
        await _refuse_stopped(desk, session, running)
        performers = await desk.workers.run(
            Lane.MEASURING, measure_performers, summaries, frozenset(running.recordable)
        )
        await _refuse_stopped(desk, session, running)
        deaf_samples = sum(hole.duration_samples for hole in running.booth.holes())
        return await _keep(desk, session, running, SoundCheck(performers, unheard, deaf_samples / SAMPLE_RATE_HZ))
    finally:
        try:
            await desk.workers.run(Lane.TAKES, remove, running.folder)
        finally:
            live.check_is_over()


async def _prepare(desk: Desk, session: Session) -> tuple[LiveSession, LiveCheck, frozenset[int]]:
    """From here on the check is live: no take can be called, and a withdrawal reaches it."""
    async with desk.to_change(session) as (session, live):
        if live.take:
            raise TakeRunning
        if live.check:
            raise SoundCheckRunning
        if live.is_paused:
            raise SessionPaused
        booth = await desk.booth_of(live)
        present = frozenset(booth.occupants())
        names = {user: name for user in sorted(present) if (name := await _name_to_record(desk, session, user))}
        if not names:
            raise TooFewPerformers(0, 1)
        running = LiveCheck(booth, desk.settings.home.check_folder(session.session_id), names)
        live.begin_check(running)
    return live, running, present - running.recordable


async def _name_to_record(desk: Desk, session: Session, discord_user_id: int) -> str | None:
    person = await find_person(desk.database, discord_user_id)
    return person.pseudonym if person and await may_perform(desk, discord_user_id, session.guild_id) else None


async def _ask(desk: Desk, running: LiveCheck, seconds: int) -> None:
    asking = desk.errands.run(running.booth.ask_to_speak(seconds), "request to speak")
    await running.until_stopped(asyncio.wait({asking}, timeout=ASKING_SECONDS))
    if running.is_stopped:
        asking.cancel()


async def _refuse_stopped(desk: Desk, session: Session, running: LiveCheck) -> None:
    if running.is_stopped:
        # Who stopped it may be ending the session: in their turn, which comes first.
        async with desk.to_change(session):
            raise SoundCheckStopped
    await desk.session_of_button(session.session_id, session.guild_id)


async def _record(desk: Desk, session: Session, running: LiveCheck, seconds: int) -> Sequence[TrackSummary]:
    failures: list[Exception] = []
    # Whoever took back their consent before the check was live was not found by their withdrawal.
    for user in list(running.recordable):
        if not await may_perform(desk, user, session.guild_id):
            running.withdraw(user)
    try:
        await desk.workers.run(Lane.TAKES, make_anew, running.folder)
    except OSError as error:
        raise RecordingImpossible(error.strerror or str(error)) from error
    starts_at = desk.clock.monotonic() + SETTLE_SECONDS
    ends_at = starts_at + seconds
    running.booth.start_recording(
        running.folder,
        started_at=starts_at,
        may_record=running.may_record,
        track_name=running.track_names.__getitem__,
        on_failure=failures.append,
    )
    try:
        await running.until_stopped(desk.clock.sleep_until(ends_at))
    except BaseException:
        await running.booth.stop_recording(desk.clock.monotonic())
        raise
    summaries = await running.booth.stop_recording(desk.clock.monotonic() if running.is_stopped else ends_at)
    if failures:
        raise RecordingImpossible(str(failures[0])) from failures[0]
    return summaries


async def _keep(desk: Desk, session: Session, running: LiveCheck, check: SoundCheck) -> SoundCheck:
    """Write down the numbers of everybody who still consents; of the others nothing stays, nor of what they heard."""
    people = {user: await find_person(desk.database, user) for user in running.recordable}
    ids = {user: person.person_id for user, person in people.items() if person}
    now = desk.now()
    async with desk.database.transaction() as tx:
        # Asked only now: somebody may have taken back their consent at any moment before.
        performers = only(check.performers, running.recordable & ids.keys())
        await add_sound_checks(tx, session.session_id, facts_of(performers, ids), now)
        await log_event(
            tx,
            "sound_checked",
            now,
            session_id=session.session_id,
            performers=len(performers),
            heard=sum(performer.levels is not None for performer in performers),
            leaks=sum(len(performer.hears) for performer in performers),
        )
    return replace(check, performers=performers)
