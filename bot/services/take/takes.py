"""The beginning of takes: called, counted down, and recorded on one track per performer until their time is up."""

from __future__ import annotations

import asyncio
import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

from bot.domain.calibration import LIMIT_SECONDS
from bot.domain.consent import Consented
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
from bot.domain.events import catalogue
from bot.domain.ids import EventId, GuildId, UserId
from bot.domain.permission import may_record
from bot.domain.states import CutReason, TakeKind
from bot.home.places import Home
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.live.take.plan import TakePlan
from bot.live.workers import Lane, Workers
from bot.services.access.changes import Changes, UnderWay
from bot.services.booth.booths import Booths
from bot.services.ending.cuts import Cuts
from bot.services.ending.recovery import Recovery
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.current_scene import scene_of
from bot.services.facts.disk_space import LEAST_DISK_BYTES, LOW_DISK_BYTES, free_bytes
from bot.services.panel.panels import Panels
from bot.services.take.running_takes import RunningTakes
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import PerformerCasting, Scene, Take
from bot.store.scenes import castings_of
from bot.store.takes import add_take, last_take


@dataclass(frozen=True, slots=True)
class TakeCalled:
    """A take that is counting down. `starts_at_unix` is its first recorded moment, in seconds with fractions.

    `absent_users` are on stage but not in the channel; they are recorded once they join. `low_disk_bytes` is the free
    space, if it is low.
    """

    take: Take
    starts_at_unix: float
    recorded_users: frozenset[UserId]
    unrecorded_users: frozenset[UserId]
    absent_users: frozenset[UserId]
    low_disk_bytes: int | None


@dataclass(frozen=True, slots=True)
class Takes:
    """Calls takes."""

    database: Database
    clock: Clock
    home: Home
    countdown_seconds: float
    errands: Errands
    workers: Workers
    consents: ConsentsInForce
    changes: Changes
    booths: Booths
    panels: Panels
    cuts: Cuts
    running: RunningTakes
    recovery: Recovery

    async def start(
        self, session: LiveSession, pressed_at: float, seen: EventId | None = None, *, is_retake: bool = False
    ) -> TakeCalled:
        """Call a take: it records from `pressed_at` (monotonic) plus the countdown on; earlier takes of the scene stay.

        The take records those who were dealt a card and consent, once they are in the channel. If the bot is ready only
        after that moment, because it had to join again, the countdown runs from then. Raises NoScene, TakeRunning,
        SoundCheckRunning, SessionPaused, InterludeRunning, TooFewPerformers or RecordingImpossible; NothingToRetake for
        a retake of a scene without a take; BotMoved or BotDeafened if the bot would hear no one.
        """
        asked_at = self.clock.monotonic()
        async with self.changes.to_change(session, seen) as under_way:
            scene = await self._scene_to_record(session, is_retake=is_retake)
            await self.consents.texts.keep()
            booth = await self.booths.hearing(session)
            present = frozenset(booth.occupants())
            castings = await castings_of(self.database, scene.scene_id)
            consents = await self._consents(session.guild_id, castings, present)
            free = self._free_bytes()
            # A scene can have one running take: close any that a previous process left.
            await self.recovery.recover_takes_of(scene.scene_id)
            called = await self._call(under_way, scene)
            plan = TakePlan(
                called,
                session.session_id,
                self._starts_at(pressed_at, asked_at),
                _limit_seconds(scene, session),
                self.home.take_folder(session.session_id, scene.number, called.number),
                {casting.discord_user_id: casting.pseudonym for casting in castings},
                is_rated=scene.kind is not TakeKind.CALIBRATION,
            )
            take = LiveTake(plan, booth, consents)
            session.call(take)
            await self._begin_or_call_off(under_way, take)
        self.panels.changed(session.session_id)
        return TakeCalled(
            take=take.take,
            starts_at_unix=self._unix(take.starts_at),
            recorded_users=frozenset(take.recordable),
            unrecorded_users=present - take.recordable,
            absent_users=frozenset(take.recordable - present),
            low_disk_bytes=free if free < LOW_DISK_BYTES else None,
        )

    def _starts_at(self, pressed_at: float, asked_at: float) -> float:
        """The countdown runs from the press, or from now if getting ready took longer than the countdown."""
        starts_at, ready_at = pressed_at + self.countdown_seconds, self.clock.monotonic()
        # If already the press arrived later than that, the take begins in the past.
        return ready_at + self.countdown_seconds if asked_at <= starts_at < ready_at else starts_at

    def _unix(self, moment: float) -> float:
        return (self.clock.wall() + timedelta(seconds=moment - self.clock.monotonic())).timestamp()

    def _free_bytes(self) -> int:
        free = free_bytes(self.home.folder)
        if free < LEAST_DISK_BYTES:
            raise RecordingImpossible(os.strerror(errno.ENOSPC))
        return free

    async def _begin_or_call_off(self, under_way: UnderWay, take: LiveTake) -> None:
        """Record a take that was called; if that fails, the take is void and nothing of it continues."""
        session = under_way.session
        try:
            await self._begin(under_way, take)
        except BaseException as error:
            # A caller who stops waiting must not leave a take that counts down without end.
            self.cuts.end(session, take, min(self.clock.monotonic(), take.starts_at), _why(error))
            with suppress(Exception):  # the errand logs what the store refuses now, and keeps it later
                await asyncio.shield(self.errands.run(self.cuts.keep_now_or_later(session, take), "calling off"))
            if isinstance(error, OSError):
                raise RecordingImpossible(error.strerror or str(error)) from error
            raise

    async def _begin(self, under_way: UnderWay, take: LiveTake) -> None:
        session = under_way.session
        await self.workers.run(Lane.TAKES, _try_folder, take.folder)
        # A withdrawal that came during the preparation is not in what the store said before.
        for user in list(take.recordable):
            take.consents_are(user, await self.consents.consented(user, session.guild_id))
        if session.has_stopped(take.take.scene_id):
            take.stop(min(self.clock.monotonic(), take.starts_at))
        if not take.is_running:
            raise NoTakeRunning
        # A pause that came before the take was called could not pause it.
        under_way.require_no_pause()
        self.running.record(session, take)

    async def _scene_to_record(self, session: LiveSession, *, is_retake: bool) -> Scene:
        if session.take:
            raise TakeRunning
        if session.check:
            raise SoundCheckRunning
        if session.is_paused:
            raise SessionPaused
        session.require_no_interlude()
        scene = await scene_of(session, self.database)
        if scene is None:
            raise NoScene
        if is_retake and await last_take(self.database, scene.scene_id) is None:
            raise NothingToRetake
        return scene

    async def _consents(
        self, guild_id: GuildId, castings: list[PerformerCasting], present: frozenset[UserId]
    ) -> dict[UserId, Consented]:
        """The consents of those on stage who may be recorded. Raises TooFewPerformers if none of them is present."""
        on_stage = {
            one.discord_user_id: await self.consents.consented(one.discord_user_id, guild_id) for one in castings
        }
        consents = {user: consented for user, consented in on_stage.items() if may_record(consented)}
        if not consents.keys() & present:
            raise TooFewPerformers(0, 1)
        return consents

    async def _call(self, under_way: UnderWay, scene: Scene) -> Take:
        session, now = under_way.session, self.clock.now()
        async with self.database.transaction() as tx:
            under_way.require_no_pause()
            # An X-card does not wait for the lock: a scene that it ended is not played again.
            if await scene_of(session, tx) != scene:
                raise NoScene
            take = await add_take(tx, scene.scene_id, now)
            await log_event(
                tx,
                catalogue.TakeCalled(),
                now,
                session_id=session.session_id,
                scene_id=scene.scene_id,
                take_id=take.take_id,
            )
        return take


def _limit_seconds(scene: Scene, session: LiveSession) -> float:
    return LIMIT_SECONDS[scene.calibration_part] if scene.calibration_part else session.settings.scene_seconds


def _why(error: BaseException) -> CutReason:
    return CutReason.DISK if isinstance(error, OSError) else CutReason.INTERRUPTED


def _try_folder(folder: Path) -> None:
    """Make sure that tracks can be written there, before anyone plays in vain."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder, buffering=0) as probe:
        probe.write(bytes(4096))
