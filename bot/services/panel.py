"""What the control panel shows: one reading of the store and of what is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.consent import TO_PERFORM
from bot.services.desk import Desk
from bot.services.track_quality import LiveTrack
from bot.services.watch import LOW_DISK_BYTES, free_bytes
from bot.store.scenes import CastingRow, Scene, castings_of, current_scene
from bot.store.sessions import Session, SessionCounts, count_session, find_session
from bot.store.takes import Take, last_take
from bot.voice.reconnection import ConnectionEvent


@dataclass(frozen=True, slots=True)
class PanelState:
    """A session at one moment, with nothing private in it: characters and emotions are not here."""

    session: Session
    counts: SessionCounts
    scene: Scene | None
    castings: tuple[CastingRow, ...]
    take: Take | None
    starts_at_unix: float | None
    ends_at_unix: float | None
    unrecorded_users: tuple[int, ...]
    tracks: Mapping[int, LiveTrack]
    low_disk_bytes: int | None
    connection: ConnectionEvent | None


async def read_panel(desk: Desk, session_id: int) -> PanelState:
    """The panel of a session, open or ended."""
    session = await find_session(desk.database, session_id)
    if session is None:
        raise LookupError(f"No session {session_id}.")
    scene = await current_scene(desk.database, session_id) if session.is_open else None
    live = desk.takes.get(session_id)
    starts = ends = None
    if live:
        start = desk.clock.wall() + timedelta(seconds=live.starts_at - desk.clock.monotonic())
        starts = start.timestamp()
        ends = starts + desk.settings.take_limit_seconds
    return PanelState(
        session,
        await count_session(desk.database, session_id),
        scene,
        tuple(await castings_of(desk.database, scene.scene_id)) if scene else (),
        await last_take(desk.database, scene.scene_id) if scene else None,
        starts,
        ends,
        await _unrecorded(desk, session),
        dict(live.tracks) if live else {},
        free if (free := free_bytes(desk.settings.home)) < LOW_DISK_BYTES else None,
        desk.connections.get(session_id),
    )


async def _unrecorded(desk: Desk, session: Session) -> tuple[int, ...]:
    booth = desk.booths.get(session.session_id)
    if booth is None or not session.is_open:
        return ()
    if live := desk.takes.get(session.session_id):
        return tuple(user for user in booth.occupants() if user not in live.recordable)
    return tuple([user for user in booth.occupants() if not await desk.consents(user, TO_PERFORM)])
