"""Cues: the moment at which a performer is told, and nobody else, to shift to their second emotion."""

from __future__ import annotations

from bot.domain.errors import CueUndelivered, NoCue, NoTakeRunning, SessionPaused
from bot.services.desk import Desk, LiveTake
from bot.store.cues import add_cue
from bot.store.events import log_event
from bot.store.scenes import CastingRow, castings_of
from bot.store.sessions import Session


async def give_cue(desk: Desk, session: Session) -> int:
    """The coordinator's cue: tell everybody whose arc waits for it; returns how many were told.

    Raises NoTakeRunning, SessionPaused, NoCue when none waits, CueUndelivered for somebody who cannot be told.
    """
    live = desk.takes.get(session.session_id)
    if live is None or desk.clock.monotonic() < live.starts_at:
        raise NoTakeRunning
    if live.paused_since is not None:
        raise SessionPaused
    waiting = await waiting_cues(desk, live)
    if not waiting:
        raise NoCue
    for casting in waiting:
        await tell_and_keep(desk, session, live, casting)
    desk.stage.panel_changed(session.session_id)
    return len(waiting)


async def waiting_cues(desk: Desk, live: LiveTake) -> list[CastingRow]:
    """Whose arc still waits for the coordinator in this take."""
    return [
        casting
        for casting in await castings_of(desk.database, live.take.scene_id)
        if casting.cue_cause == "coordinator"
        and casting.casting_id not in live.cued
        and casting.discord_user_id in live.recordable
    ]


async def tell_and_keep(desk: Desk, session: Session, live: LiveTake, casting: CastingRow) -> None:
    """Tell one performer and keep the moment on the take's clock; once a take, whoever asks.

    CueUndelivered when they cannot be told: then their target stays what it was. A cue that comes too late, since the
    take was cut meanwhile, is not kept either: no turn follows it.
    """
    if casting.casting_id in live.cued or casting.second_emotion is None:
        return
    live.cued.add(casting.casting_id)
    emotion = desk.library.emotion_set(session.emotion_set).find(casting.second_emotion)
    told_at = await desk.stage.tell_cue(casting, emotion)
    if told_at is None:
        live.cued.discard(casting.casting_id)
        await _log(desk, session, live, casting, "cue_undelivered")
        raise CueUndelivered(casting.discord_user_id)
    async with desk.turn_of(session.guild_id):
        if desk.takes.get(session.session_id) is live:
            position = live.position_samples(told_at)
            await _log(desk, session, live, casting, "cue_given", position)


async def _log(
    desk: Desk, session: Session, live: LiveTake, casting: CastingRow, kind: str, position: int | None = None
) -> None:
    async with desk.database.transaction():
        if position is not None and casting.cue_cause is not None:
            await add_cue(desk.database, live.take.take_id, casting.casting_id, casting.cue_cause, position)
        await log_event(
            desk.database,
            kind,
            desk.now(),
            session_id=session.session_id,
            scene_id=live.take.scene_id,
            take_id=live.take.take_id,
            person_id=casting.person_id,
        )
