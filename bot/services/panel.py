"""What the control panel shows: one reading of the store and of what is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.show import STEPS, Phase, Step, phase_of
from bot.live.session import LiveSession
from bot.live.take import LiveTake, TakeState
from bot.live.track_quality import LiveTrack
from bot.services.consents import may_perform
from bot.services.cues import waiting_cues
from bot.services.desk import Desk
from bot.services.watch import LOW_DISK_BYTES, free_bytes
from bot.store.events import Change, last_change
from bot.store.scenes import CastingRow, Scene, castings_of, current_scene, last_scene_was_stopped
from bot.store.sessions import Session, SessionCounts, count_session, find_session
from bot.store.takes import Take, last_kept_take, last_take
from bot.voice.reconnection import ConnectionEvent


@dataclass(frozen=True, slots=True)
class PanelState:
    """A session at one moment, with nothing private in it: roles, characters and emotions are not here.

    `take` is the scene's newest one, `kept` its newest that was kept. `on_standby` consent to perform and wait for the
    next scene, `absent` are on stage and not in the channel, `missing` dropped out of the running take. `was_stopped`:
    an X-card ended the scene that was dealt last. `change` is what a press on this panel has seen.
    """

    session: Session
    phase: Phase
    steps: tuple[Step, ...]
    change: Change
    counts: SessionCounts
    scene: Scene | None
    was_stopped: bool
    castings: tuple[CastingRow, ...]
    take: Take | None
    kept: Take | None
    starts_at_unix: float | None
    ends_at_unix: float | None
    unrecorded_users: tuple[int, ...]
    on_standby: tuple[int, ...]
    absent: tuple[int, ...]
    missing: tuple[int, ...]
    tracks: Mapping[int, LiveTrack]
    low_disk_bytes: int | None
    connection: ConnectionEvent | None


_STAGED = (Phase.DEALT, Phase.COUNTDOWN, Phase.RECORDING, Phase.PAUSED)
"""When it matters that somebody on stage is not there."""


async def read_panel(desk: Desk, session_id: int) -> PanelState:
    """The panel of a session, open or ended."""
    # Read first: a change that comes while the rest is read makes this panel out of date, never wrongly up to date.
    change = await last_change(desk.database, session_id)
    session = await find_session(desk.database, session_id)
    if session is None:
        raise LookupError(f"No session {session_id}.")
    scene = await desk.scene_of(session) if session.is_open else None
    castings = tuple(await castings_of(desk.database, scene.scene_id)) if scene else ()
    take = await last_take(desk.database, scene.scene_id) if scene else None
    kept = await last_kept_take(desk.database, scene.scene_id) if scene else None
    open_session = desk.live.find(session_id)
    live = open_session.take if open_session else None
    is_stopping = live is not None and live.is_stopped
    if is_stopping:
        # It is over for everybody; that it is still being kept is no concern of theirs.
        live, scene, take = None, None, None
    phase = phase_of(
        is_open=session.is_open,
        is_paused=open_session.is_paused if open_session else session.is_paused,
        has_scene=scene is not None,
        take_state=_take_state(live, take, kept),
    )
    starts, ends = _times(desk, live if live and live.is_running else None)
    present = await _present(desk, session, open_session)
    on_stage = {casting.discord_user_id for casting in castings}
    may_be_recorded = live.recordable if live else {user for user, consents in present.items() if consents}
    return PanelState(
        session,
        phase,
        await _steps(desk, phase, live, kept),
        change,
        await count_session(desk.database, session_id),
        scene,
        is_stopping or (scene is None and await _was_stopped(desk, session)),
        castings,
        take,
        kept,
        starts,
        ends,
        tuple(user for user in present if user not in may_be_recorded and not (present[user] and user not in on_stage)),
        tuple(user for user, consents in present.items() if scene and consents and user not in on_stage),
        tuple(sorted(on_stage - present.keys())) if open_session and open_session.booth and phase in _STAGED else (),
        tuple(sorted(live.missing)) if live else (),
        {user: track for user, track in live.tracks.items() if user in present} if live else {},
        free if (free := free_bytes(desk.settings.home.folder)) < LOW_DISK_BYTES else None,
        open_session.connection if open_session else None,
    )


_STATES: Mapping[TakeState, str] = {
    TakeState.CALLED: "countdown",
    TakeState.COUNTING_DOWN: "countdown",
    TakeState.RECORDING: "recording",
    TakeState.PAUSED: "recording",
    TakeState.CUT: "cut",
}


def _take_state(live: LiveTake | None, take: Take | None, kept: Take | None) -> str | None:
    """Memory is never behind; the store is, by the time that it takes to write."""
    if live and live.state in _STATES and not (live.state is TakeState.CUT and live.duration_samples == 0):
        return _STATES[live.state]
    return take.state if take and (take.state != "void" or kept) else None


async def _steps(desk: Desk, phase: Phase, live: LiveTake | None, kept: Take | None) -> tuple[Step, ...]:
    """The phase's steps without those that have nothing to work on."""
    missing: set[Step] = set()
    if live is None or not await waiting_cues(desk, live):
        missing.add(Step.CUE)
    if kept is None:
        missing.add(Step.STRIKE)
    if phase is Phase.PAUSED and live is None:
        missing.add(Step.CUT)
    return tuple(step for step in STEPS[phase] if step not in missing)


def _times(desk: Desk, live: LiveTake | None) -> tuple[float | None, float | None]:
    """When the running take starts and ends at the latest, in Unix time."""
    if live is None:
        return None, None
    start = desk.clock.wall() + timedelta(seconds=live.starts_at - desk.clock.monotonic())
    return start.timestamp(), start.timestamp() + live.ends_at - live.starts_at


async def _present(desk: Desk, session: Session, live: LiveSession | None) -> dict[int, bool]:
    """Who is in the channel, and whether they consent to perform."""
    if live is None or live.booth is None or not session.is_open:
        return {}
    return {user: await may_perform(desk, user, session.guild_id) for user in live.booth.occupants()}


async def _was_stopped(desk: Desk, session: Session) -> bool:
    """Whether an X-card ended the scene that was dealt last, stored or not."""
    if await last_scene_was_stopped(desk.database, session.session_id):
        return True
    return session.is_open and await current_scene(desk.database, session.session_id) is not None
