"""The sound check of the warm-up: some seconds of everybody who consents, measured, told, and thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.consent import TO_PERFORM, Consented
from bot.domain.errors import (
    RecordingImpossible,
    SessionPaused,
    SoundCheckRunning,
    SoundCheckStopped,
    TakeRunning,
    TooFewPerformers,
)
from bot.domain.events.catalogue import SoundChecked
from bot.domain.ids import UserId
from bot.home.places import Home
from bot.live.check import LiveCheck
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.workers import Lane, Workers
from bot.samples import SAMPLE_RATE_HZ
from bot.services.consent.consents import ConsentsInForce
from bot.services.session.booths import Booths
from bot.services.session.changes import Changes
from bot.services.sound.check_folder import make_anew, remove
from bot.services.sound.performer_sound import PerformerSound, facts_of, measure_performers, only
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import find_person
from bot.store.sound_checks import add_sound_checks
from bot.voice.recording.recorder import TrackSummary

CHECK_SECONDS = 8
SETTLE_SECONDS = 0.5
"""So long the bot's own request may still come out of loudspeakers and back through microphones."""

ASKING_SECONDS = 15.0
"""A request that takes longer to be said is not waited for."""


@dataclass(frozen=True, slots=True)
class CheckBegun:
    """A sound check that is about to listen. `unheard_users` are in the channel and do not consent to be recorded."""

    seconds: int
    heard_users: frozenset[UserId]
    unheard_users: frozenset[UserId]


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """How everybody sounded who was listened to, by account; `deaf_seconds` is how long the bot itself heard nobody."""

    performers: tuple[PerformerSound, ...]
    unheard_users: frozenset[UserId]
    deaf_seconds: float


Begun = Callable[[CheckBegun], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SoundChecks:
    """Sound checks of open sessions."""

    database: Database
    clock: Clock
    home: Home
    errands: Errands
    workers: Workers
    consents: ConsentsInForce
    changes: Changes
    booths: Booths

    async def check(self, session: LiveSession, seconds: int = CHECK_SECONDS, begun: Begun | None = None) -> SoundCheck:
        """Ask everybody in the channel to speak, listen for some seconds, and tell how they sound; no recording stays.

        Heard is who consents to be recorded, until they take it back. `begun` is told before anybody is asked. Raises
        TakeRunning, SessionPaused, SoundCheckRunning or TooFewPerformers at once; RecordingImpossible;
        SoundCheckStopped when a pause or the X-card came between, also before it began; SessionEnded when the session's
        end did.
        """
        work = self._check(session, seconds, begun)
        # Nobody who gives up waiting leaves a check behind half-way; the end of the process ends it properly.
        return await asyncio.shield(self.errands.run(work, f"sound check of session {session.session_id}"))

    async def _check(self, session: LiveSession, seconds: int, begun: Begun | None) -> SoundCheck:
        running, unheard = await self._prepare(session)
        try:
            if begun:
                await begun(CheckBegun(seconds, frozenset(running.recordable), unheard))
            await self._ask(running, seconds)
            await self._refuse_stopped(session, running)
            summaries = await self._record(session, running, seconds)
            await self._refuse_stopped(session, running)
            performers = await self.workers.run(
                Lane.MEASURING, measure_performers, summaries, frozenset(running.recordable)
            )
            await self._refuse_stopped(session, running)
            deaf_samples = sum(hole.duration_samples for hole in running.booth.holes())
            return await self._keep(session, running, SoundCheck(performers, unheard, deaf_samples / SAMPLE_RATE_HZ))
        finally:
            try:
                await self.workers.run(Lane.TAKES, remove, running.folder)
            finally:
                session.check_is_over()

    async def _prepare(self, session: LiveSession) -> tuple[LiveCheck, frozenset[UserId]]:
        """From here on the check is live: no take can be called, and a withdrawal reaches it."""
        with session.coming_check() as coming:
            async with self.changes.to_change(session):
                if session.take:
                    raise TakeRunning
                if session.check:
                    raise SoundCheckRunning
                if session.is_paused:
                    raise SessionPaused
                booth = await self.booths.of(session)
                present = frozenset(booth.occupants())
                consents = await self._consents(session, present)
                names = {user: name for user in consents if (name := await self._name_of(user))}
                if not names:
                    raise TooFewPerformers(0, 1)
                rests_on = {user: consents[user] for user in names}
                running = LiveCheck(booth, self.home.check_folder(session.session_id), names, rests_on)
                # A pause and an X-card wait for no lock: either may have come since the check was asked for.
                session.begin_check(coming, running)
        return running, present - running.recordable

    async def _consents(self, session: LiveSession, present: frozenset[UserId]) -> dict[UserId, Consented]:
        found = {user: await self.consents.consented(user, session.guild_id) for user in sorted(present)}
        return {user: consented for user, consented in found.items() if consented.here >= TO_PERFORM}

    async def _name_of(self, discord_user_id: UserId) -> str | None:
        person = await find_person(self.database, discord_user_id)
        return person.pseudonym if person else None

    async def _ask(self, running: LiveCheck, seconds: int) -> None:
        asking = self.errands.run(running.booth.ask_to_speak(seconds), "request to speak")
        await running.until_stopped(asyncio.wait({asking}, timeout=ASKING_SECONDS))
        if running.is_stopped:
            asking.cancel()

    async def _refuse_stopped(self, session: LiveSession, running: LiveCheck) -> None:
        if running.is_stopped:
            # Who stopped it may be ending the session: in their turn, which comes first.
            async with self.changes.to_change(session):
                raise SoundCheckStopped
        session.require_open()

    async def _record(self, session: LiveSession, running: LiveCheck, seconds: int) -> Sequence[TrackSummary]:
        failures: list[Exception] = []
        # A withdrawal that came before the check was live did not find it.
        for user in list(running.recordable):
            running.consents_are(user, await self.consents.consented(user, session.guild_id))
        try:
            await self.workers.run(Lane.TAKES, make_anew, running.folder)
        except OSError as error:
            raise RecordingImpossible(error.strerror or str(error)) from error
        starts_at = self.clock.monotonic() + SETTLE_SECONDS
        ends_at = starts_at + seconds
        running.booth.start_recording(
            running.folder,
            started_at=starts_at,
            may_record=running.may_record,
            track_name=running.track_names.__getitem__,
            on_failure=failures.append,
        )
        try:
            await running.until_stopped(self.clock.sleep_until(ends_at))
        except BaseException:
            await running.booth.stop_recording(self.clock.monotonic())
            raise
        summaries = await running.booth.stop_recording(self.clock.monotonic() if running.is_stopped else ends_at)
        if failures:
            raise RecordingImpossible(str(failures[0])) from failures[0]
        return summaries

    async def _keep(self, session: LiveSession, running: LiveCheck, check: SoundCheck) -> SoundCheck:
        """Keep the numbers of everybody who still consents; of the others nothing stays, nor of what they heard."""
        people = {user: await find_person(self.database, user) for user in running.recordable}
        ids = {user: person.person_id for user, person in people.items() if person}
        now = self.clock.now()
        async with self.database.transaction() as tx:
            # Asked only now: somebody may have taken back their consent at any moment before.
            performers = only(check.performers, running.recordable & ids.keys())
            await add_sound_checks(tx, session.session_id, facts_of(performers, ids), now)
            await log_event(
                tx,
                SoundChecked(
                    len(performers),
                    heard=sum(performer.levels is not None for performer in performers),
                    leaks=sum(len(performer.hears) for performer in performers),
                ),
                now,
                session_id=session.session_id,
            )
        return replace(check, performers=performers)
