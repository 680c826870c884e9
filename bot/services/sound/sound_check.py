"""The sound check of the warm-up: a few seconds of everyone who consents, measured, reported, and deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.consent import Consented
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
from bot.domain.own_voice import MutedBy
from bot.domain.permission import may_record
from bot.home.places import Home
from bot.live.check import LiveCheck
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.workers import Lane, Workers
from bot.samples import SAMPLE_RATE_HZ
from bot.services.access.changes import Changes
from bot.services.booth.booths import Booths
from bot.services.facts.consents import ConsentsInForce
from bot.services.sound.check_folder import make_empty, remove
from bot.services.sound.performer_sound import PerformerSound, facts_of, measure_performers, only
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import find_person
from bot.store.sound_checks import add_sound_checks
from bot.voice.recording.recorder import TrackSummary

CHECK_SECONDS = 8
SETTLE_SECONDS = 0.5
"""For this long, the bot's own request can still come out of loudspeakers and back through microphones."""

ASKING_SECONDS = 15.0
"""If it takes longer to say the request, the check does not wait for it."""


@dataclass(frozen=True, slots=True)
class CheckBegun:
    """A sound check that is about to listen. `unheard_users` are in the channel and do not consent to be recorded."""

    seconds: int
    heard_users: frozenset[UserId]
    unheard_users: frozenset[UserId]


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """How each person who was listened to sounded; `deaf_seconds` is how long the bot itself could hear no one.

    `muted` are those whom Discord did not let be heard, and who muted them.
    """

    performers: tuple[PerformerSound, ...]
    unheard_users: frozenset[UserId]
    deaf_seconds: float
    muted: Mapping[UserId, MutedBy] = field(default_factory=dict[UserId, MutedBy])


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
        """Ask everyone in the channel to speak, listen for some seconds, and report how they sound; no recording stays.

        The bot listens to those who consent to be recorded, until they withdraw. `begun` is called before the bot asks.
        Raises TakeRunning, SessionPaused, InterludeRunning, SoundCheckRunning or TooFewPerformers immediately;
        RecordingImpossible; SoundCheckStopped if a pause, an interlude or the X-card stops the check, even before it
        begins; BotMoved or BotDeafened if the bot hears no one, before or during the check; SessionEnded if the session
        ends.
        """
        work = self._check(session, seconds, begun)
        # A caller who stops waiting does not leave a check half done; the end of the process ends it properly.
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
            deaf_seconds, muted = deaf_samples / SAMPLE_RATE_HZ, running.booth.muted_users()
            return await self._keep(session, running, SoundCheck(performers, unheard, deaf_seconds, muted))
        finally:
            try:
                await self.workers.run(Lane.TAKES, remove, running.folder)
            finally:
                session.check_is_over()

    async def _prepare(self, session: LiveSession) -> tuple[LiveCheck, frozenset[UserId]]:
        """Make the check live: from here on no take can be called, and a withdrawal reaches the check."""
        with session.coming_check() as coming:
            async with self.changes.to_change(session):
                if session.take:
                    raise TakeRunning
                if session.check:
                    raise SoundCheckRunning
                if session.is_paused:
                    raise SessionPaused
                session.require_no_interlude()
                booth = await self.booths.hearing(session)
                present = frozenset(booth.occupants())
                consents = await self._consents(session, present)
                names = {user: name for user in consents if (name := await self._name_of(user))}
                if not names:
                    raise TooFewPerformers(0, 1)
                rests_on = {user: consents[user] for user in names}
                running = LiveCheck(booth, self.home.check_folder(session.session_id), names, rests_on)
                # Pauses and X-cards do not wait for the lock: one may have come since the check was asked for.
                session.begin_check(coming, running)
        return running, present - running.recordable

    async def _consents(self, session: LiveSession, present: frozenset[UserId]) -> dict[UserId, Consented]:
        found = {user: await self.consents.consented(user, session.guild_id) for user in sorted(present)}
        return {user: consented for user, consented in found.items() if may_record(consented)}

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
            # The press that stopped the check may be ending the session; that change comes first.
            async with self.changes.to_change(session):
                session.require_hearing()
                raise SoundCheckStopped
        session.require_open()

    async def _record(self, session: LiveSession, running: LiveCheck, seconds: int) -> Sequence[TrackSummary]:
        failures: list[Exception] = []
        # A withdrawal that came before the check was live did not reach it.
        for user in list(running.recordable):
            running.consents_are(user, await self.consents.consented(user, session.guild_id))
        try:
            await self.workers.run(Lane.TAKES, make_empty, running.folder)
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
        """Store the figures of everyone who still consents. Nothing is kept about the others or what they picked up."""
        people = {user: await find_person(self.database, user) for user in running.recordable}
        ids = {user: person.person_id for user, person in people.items() if person}
        now = self.clock.now()
        async with self.database.transaction() as tx:
            # Asked only now: anyone may have withdrawn their consent at any moment until now.
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
