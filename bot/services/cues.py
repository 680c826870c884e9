"""Cues: the moment at which a performer is told, and nobody else, to shift to their second emotion."""

from __future__ import annotations

import asyncio

from bot.domain.errors import CueUndelivered, NoCue, NoTakeRunning, SessionPaused
from bot.live.session import LiveSession
from bot.live.take import LiveTake, TakeState
from bot.services.desk import Desk
from bot.store.cues import add_cue
from bot.store.events import log_event
from bot.store.scenes import CastingRow, casting_of, castings_of


async def give_cue(desk: Desk, session: LiveSession) -> int:
    """The coordinator's cue: tell everybody whose arc waits for it; returns how many were told.

    Raises NoTakeRunning, SessionPaused, NoCue when none waits; CueUndelivered when everybody was tried, for those who
    could not be told.
    """
    take = session.take
    if take is None or not take.is_running or desk.clock.monotonic() < take.starts_at:
        raise NoTakeRunning
    if take.state is TakeState.PAUSED:
        raise SessionPaused
    waiting = await waiting_cues(desk, take)
    if not waiting:
        raise NoCue
    told = await asyncio.gather(*(tell_and_keep(desk, session, take, casting) for casting in waiting))
    desk.stage.panel_changed(session.session_id)
    if not all(told):
        untold = [casting.discord_user_id for casting, is_told in zip(waiting, told, strict=True) if not is_told]
        raise CueUndelivered(untold, sum(told))
    return len(waiting)


async def give_late_cue(desk: Desk, session: LiveSession, discord_user_id: int) -> None:
    """A performer can be told things again: if their cue by time could not be given, they are told now."""
    take = session.take
    if take is None or not take.is_running or take.state is TakeState.PAUSED:
        return
    if discord_user_id in take.cues.untold:
        casting = await casting_of(desk.database, take.take.scene_id, discord_user_id)
        if casting:
            await tell_and_keep(desk, session, take, casting)


async def waiting_cues(desk: Desk, take: LiveTake) -> list[CastingRow]:
    """Whose arc still waits for the coordinator in this take."""
    return [
        casting
        for casting in await castings_of(desk.database, take.take.scene_id)
        if casting.cue_cause == "coordinator"
        and casting.casting_id not in take.cues.begun
        and casting.discord_user_id in take.recordable
    ]


async def tell_and_keep(desk: Desk, session: LiveSession, take: LiveTake, casting: CastingRow) -> bool:
    """Tell one performer and keep the moment on the take's clock; once a take, whoever asks.

    False when they cannot be told: then their target stays what it was. A cue that comes too late, since the take was
    cut meanwhile, is not kept either: no turn follows it. In a take that is over nobody is told anything.
    """
    if not take.is_running or casting.second_emotion is None:
        return True
    record = await desk.session_of_form(session.session_id, session.guild_id)
    emotion = desk.library.emotion_set(record.emotion_set).find(casting.second_emotion)
    if not take.cues.begin(casting.casting_id):
        return True
    told_at = None
    try:
        told_at = await desk.stage.tell_cue(casting, emotion)
    finally:
        if told_at is None:
            take.cues.fail(casting.casting_id)
    if told_at is None:
        await _log(desk, session, take, casting, "cue_undelivered")
        return False
    take.cues.arrive(casting.casting_id, casting.discord_user_id)
    async with session.lock:
        if session.take is take:
            position = take.position_samples(told_at)
            await _log(desk, session, take, casting, "cue_given", position)
    return True


async def _log(
    desk: Desk, session: LiveSession, take: LiveTake, casting: CastingRow, kind: str, position: int | None = None
) -> None:
    async with desk.database.transaction() as tx:
        if position is not None and casting.cue_cause is not None:
            await add_cue(tx, take.take.take_id, casting.casting_id, casting.cue_cause, position)
        await log_event(
            tx,
            kind,
            desk.now(),
            session_id=session.session_id,
            scene_id=take.take.scene_id,
            take_id=take.take.take_id,
            person_id=casting.person_id,
        )
