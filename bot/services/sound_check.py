"""The sound check of the warm-up: some seconds of everybody who consents, measured, told, and thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.consent import TO_PERFORM
from bot.domain.errors import (
    RecordingImpossible,
    SessionPaused,
    SoundCheckRunning,
    SoundCheckStopped,
    TakeRunning,
    TooFewPerformers,
)
from bot.domain.turns import SAMPLE_RATE_HZ
from bot.services.check_folder import make_anew, remove
from bot.services.desk import Desk, LiveCheck
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
    live, unheard = await _prepare(desk, session)
    try:
        if begun:
            await begun(CheckBegun(seconds, frozenset(live.recordable), unheard))
        await _ask(desk, live, seconds)
        await _refuse_stopped(desk, session, live)
        summaries = await _record(desk, live, seconds)
        await _refuse_stopped(desk, session, live)
        performers = await asyncio.to_thread(measure_performers, summaries, frozenset(live.recordable))
        await _refuse_stopped(desk, session, live)
        deaf_samples = sum(hole.duration_samples for hole in live.booth.holes())
        return await _keep(desk, session, live, SoundCheck(performers, unheard, deaf_samples / SAMPLE_RATE_HZ))
    finally:
        try:
            await asyncio.to_thread(remove, live.folder)
        finally:
            del desk.checks[session.session_id]


async def _prepare(desk: Desk, session: Session) -> tuple[LiveCheck, frozenset[int]]:
    """From here on the check is live: no take can be called, and a withdrawal reaches it."""
    async with desk.to_change(session) as session:
        if session.session_id in desk.takes:
            raise TakeRunning
        if session.session_id in desk.checks:
            raise SoundCheckRunning
        if session.is_paused:
            raise SessionPaused
        booth = await desk.booth_of(session)
        present = frozenset(booth.occupants())
        names = {user: name for user in sorted(present) if (name := await _name_to_record(desk, user))}
        if not names:
            raise TooFewPerformers(0, 1)
        live = LiveCheck(booth, desk.settings.home.check_folder(session.session_id), names, set(names))
        desk.checks[session.session_id] = live
    return live, present - live.recordable


async def _name_to_record(desk: Desk, discord_user_id: int) -> str | None:
    person = await find_person(desk.database, discord_user_id)
    return person.pseudonym if person and await desk.consents(discord_user_id, TO_PERFORM) else None


async def _ask(desk: Desk, live: LiveCheck, seconds: int) -> None:
    asking = desk.errands.run(live.booth.ask_to_speak(seconds), "request to speak")
    await live.until_stopped(asyncio.wait({asking}, timeout=ASKING_SECONDS))
    if live.stopped.is_set():
        asking.cancel()


async def _refuse_stopped(desk: Desk, session: Session, live: LiveCheck) -> None:
    if live.stopped.is_set():
        # Who stopped it may be ending the session: in their turn, which comes first.
        async with desk.to_change(session):
            raise SoundCheckStopped
    await desk.session_of_button(session.session_id, session.guild_id)


async def _record(desk: Desk, live: LiveCheck, seconds: int) -> Sequence[TrackSummary]:
    failures: list[Exception] = []
    # Whoever took back their consent before the check was live was not found by their withdrawal.
    for user in list(live.recordable):
        if not await desk.consents(user, TO_PERFORM):
            live.recordable.discard(user)
    try:
        await asyncio.to_thread(make_anew, live.folder)
    except OSError as error:
        raise RecordingImpossible(error.strerror or str(error)) from error
    starts_at = desk.clock.monotonic() + SETTLE_SECONDS
    ends_at = starts_at + seconds
    live.booth.start_recording(
        live.folder,
        started_at=starts_at,
        may_record=live.may_record,
        track_name=live.track_names.__getitem__,
        on_failure=failures.append,
    )
    try:
        await live.until_stopped(desk.clock.sleep_until(ends_at))
    except BaseException:
        await live.booth.stop_recording(desk.clock.monotonic())
        raise
    summaries = await live.booth.stop_recording(desk.clock.monotonic() if live.stopped.is_set() else ends_at)
    if failures:
        raise RecordingImpossible(str(failures[0])) from failures[0]
    return summaries


async def _keep(desk: Desk, session: Session, live: LiveCheck, check: SoundCheck) -> SoundCheck:
    """Write down the numbers of everybody who still consents; of the others nothing stays, nor of what they heard."""
    people = {user: await find_person(desk.database, user) for user in live.recordable}
    ids = {user: person.person_id for user, person in people.items() if person}
    now = desk.now()
    async with desk.database.transaction() as tx:
        # Asked only now: somebody may have taken back their consent at any moment before.
        performers = only(check.performers, live.recordable & ids.keys())
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
