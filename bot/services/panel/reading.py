"""One reading of the store and of the live session, for the control panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ids import SessionId, UserId
from bot.domain.own_voice import Obstacle
from bot.domain.show import Phase, Step, phase_of, steps_of
from bot.domain.states import HoleCause, TakeKind, TakeStatus
from bot.home.places import Home
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.take.live_take import LiveTake
from bot.live.take.state import TakeState
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.current_scene import scene_of
from bot.services.facts.disk_space import LOW_DISK_BYTES, free_bytes
from bot.services.facts.waiting_cues import waiting_cues
from bot.services.ports.panel_state import PanelState
from bot.store.database import Database
from bot.store.events import last_change
from bot.store.records import PerformerCasting, Scene, Session, Take
from bot.store.scenes import castings_of, current_scene, last_scene_was_stopped
from bot.store.sessions import count_session, find_session
from bot.store.takes import last_kept_take, last_take

_STAGED = (Phase.DEALT, Phase.COUNTDOWN, Phase.RECORDING, Phase.PAUSED)
"""The phases in which it matters that someone on stage is not in the channel."""

_NEED_THE_BOT = frozenset({Step.START, Step.RETAKE, Step.RESUME, Step.SOUND_CHECK})
"""What makes no sense while the bot is in another channel."""

_STATES: Mapping[TakeState, TakeStatus] = {
    TakeState.CALLED: TakeStatus.COUNTDOWN,
    TakeState.COUNTING_DOWN: TakeStatus.COUNTDOWN,
    TakeState.RECORDING: TakeStatus.RECORDING,
    TakeState.PAUSED: TakeStatus.RECORDING,
    TakeState.CUT: TakeStatus.CUT,
}


@dataclass(frozen=True, slots=True)
class _OnStage:
    """The current scene, its performers and its takes; `live` is the live take, unless an X-card stopped it."""

    scene: Scene | None = None
    castings: tuple[PerformerCasting, ...] = ()
    take: Take | None = None
    kept: Take | None = None
    live: LiveTake | None = None
    is_stopping: bool = False


@dataclass(frozen=True, slots=True)
class PanelReader:
    """Reads what panels show."""

    database: Database
    clock: Clock
    live: LiveSessions
    home: Home
    consents: ConsentsInForce

    async def read(self, session_id: SessionId) -> PanelState:
        """The panel of a session, open or ended. Raises LookupError if the session does not exist."""
        # Read first: if a change comes while the rest is read, this panel counts as out of date, never as up to date.
        change = await last_change(self.database, session_id)
        session = await find_session(self.database, session_id)
        if session is None:
            raise LookupError(f"No session {session_id}.")
        live = self.live.find(session_id)
        if live:
            # The store lags behind by the time of a write.
            session = replace(session, pause_cause=live.pause_cause)
        on = await self._on_stage(live)
        phase = phase_of(
            is_open=session.is_open,
            is_paused=live.is_paused if live else session.is_paused,
            has_interlude=live is not None and live.interlude is not None,
            has_scene=on.scene is not None,
            take_state=_take_state(on),
        )
        starts_at, ends_at = self._times(on.live)
        counts, rated_until = await count_session(self.database, session_id), _rated_until(session)
        present = await self._present(live)
        users = {casting.discord_user_id for casting in on.castings}
        return PanelState(
            session=session,
            phase=phase,
            steps=await self._steps(phase, on, live),
            change=change,
            interlude=live.interlude if live else None,
            break_until_unix=live.break_until.timestamp() if live and live.break_until else None,
            counts=counts,
            scene=on.scene,
            was_stopped=on.is_stopping or (on.scene is None and await self._was_stopped(session)),
            castings=on.castings,
            take=on.take,
            kept=on.kept,
            starts_at_unix=starts_at,
            ends_at_unix=ends_at,
            unrecorded_users=_unrecorded(present, on.live, users),
            on_standby=tuple(user for user in present if on.scene and present[user] and user not in users),
            absent=tuple(sorted(users - present.keys())) if live and live.booth and phase in _STAGED else (),
            missing=_missing(live, on.live),
            tracks={user: track for user, track in on.live.tracks.items() if user in present} if on.live else {},
            low_disk_bytes=free if (free := free_bytes(self.home.folder)) < LOW_DISK_BYTES else None,
            connection=live.connection if live else None,
            idle=live.booth.idle_users() if live and live.booth else frozenset(),
            muted=live.booth.muted_users() if live and live.booth else {},
            own_voice=live.own_voice if live else None,
            deaf_seconds=_deaf_seconds(on.live, self.clock.monotonic()),
            undecryptable=tuple(sorted(live.booth.undecryptable_users())) if live and live.booth else (),
            rated_until_unix=rated_until.timestamp() if rated_until and counts.tracks else None,
            is_near_end=bool(on.live and on.live.is_near_end),
            is_eased=bool(on.live and on.live.is_eased),
            can_be_rated=bool(rated_until and counts.tracks and self.clock.wall() < rated_until),
        )

    async def _on_stage(self, live: LiveSession | None) -> _OnStage:
        scene = await scene_of(live, self.database) if live else None
        running = live.take if live else None
        castings = tuple(await castings_of(self.database, scene.scene_id)) if scene else ()
        kept = await last_kept_take(self.database, scene.scene_id) if scene else None
        if running and running.is_stopped:
            # For everyone it is over, even while the store does not have it yet.
            return _OnStage(castings=castings, kept=kept, is_stopping=True)
        take = await last_take(self.database, scene.scene_id) if scene else None
        return _OnStage(scene, castings, take, kept, running)

    async def _steps(self, phase: Phase, on: _OnStage, live: LiveSession | None) -> tuple[Step, ...]:
        """The phase's steps, without those that have nothing to act on; first of all, the bot has to be there."""
        missing: set[Step] = set()
        is_moved = live is not None and Obstacle.MOVED in live.obstacles
        if is_moved:
            missing |= _NEED_THE_BOT
        if on.live is None or not await waiting_cues(self.database, on.live):
            missing.add(Step.CUE)
        if on.kept is None:
            missing.add(Step.STRIKE)
        if on.kept is None or on.kept.struck_at is not None:
            missing.add(Step.REPLAY)
        if phase is Phase.PAUSED and on.live is None:
            missing.add(Step.CUT)
        shown = live.interlude if live else None
        kind = on.scene.kind if on.scene else TakeKind.SCENE
        steps = tuple(step for step in steps_of(phase, kind, shown.kind if shown else None) if step not in missing)
        return (Step.BRING_BACK, *steps) if is_moved or _has_left(live) else steps

    def _times(self, take: LiveTake | None) -> tuple[float | None, float | None]:
        """When the running take starts, and when it ends at the latest, in Unix time."""
        if take is None or not take.is_running:
            return None, None
        start = (self.clock.wall() + timedelta(seconds=take.starts_at - self.clock.monotonic())).timestamp()
        return start, start + take.ends_at - take.starts_at

    async def _present(self, session: LiveSession | None) -> dict[UserId, bool]:
        """Who is in the channel, and whether they consent to perform."""
        if session is None or session.booth is None:
            return {}
        users = session.booth.occupants()
        performers = await self.consents.performers_among(users, session.guild_id)
        return {user: user in performers for user in users}

    async def _was_stopped(self, session: Session) -> bool:
        """Whether an X-card ended the scene that was dealt last, whether the store knows yet or not."""
        if await last_scene_was_stopped(self.database, session.session_id):
            return True
        return session.is_open and await current_scene(self.database, session.session_id) is not None


def _rated_until(session: Session) -> datetime | None:
    """Until when a session that has ended can or could be rated; None if it was over with its end, or is not known."""
    if session.rating_until is None or session.rating_until == session.ended_at:
        return None
    return datetime.fromisoformat(session.rating_until)


def _take_state(on: _OnStage) -> TakeStatus | None:
    """The take's state, from memory if possible: the store lags behind by the time of a write."""
    live = on.live
    if live and live.state in _STATES and not (live.state is TakeState.CUT and live.duration_samples == 0):
        return _STATES[live.state]
    return on.take.state if on.take and (on.take.state is not TakeStatus.VOID or on.kept) else None


def _has_left(session: LiveSession | None) -> bool:
    """Whether the bot has lost its place in voice for good. It joins again for whatever needs it."""
    return session is not None and session.booth is not None and not session.booth.is_open()


def _deaf_seconds(take: LiveTake | None, now: float) -> float:
    """How long moderators' acts have kept the bot from hearing anyone in a take; the connection has its own words."""
    own = [(start, end) for cause, start, end in take.deaf if cause is HoleCause.DEAFENED] if take else []
    return sum(max(min(end, now) - max(start, take.starts_at), 0.0) for start, end in own) if take else 0.0


def _missing(session: LiveSession | None, take: LiveTake | None) -> tuple[UserId, ...]:
    """Who dropped out of the running take, or of a countdown that ended because of it."""
    return tuple(sorted(take.missing if take else session.awaited if session else frozenset[UserId]()))


def _unrecorded(present: Mapping[UserId, bool], live: LiveTake | None, on_stage: set[UserId]) -> tuple[UserId, ...]:
    """Who is in the channel but not recorded, except those who consent and wait for the next scene."""
    recorded = live.recordable if live else {user for user, consents in present.items() if consents}
    waiting = {user for user, consents in present.items() if consents and user not in on_stage}
    return tuple(user for user in present if user not in recorded and user not in waiting)
