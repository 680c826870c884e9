"""Cues: the moment at which a performer is told, and nobody else, to shift to their second emotion."""

from __future__ import annotations

import asyncio

from bot.domain.errors import CueUndelivered, NoCue, NoTakeRunning, SessionPaused
from bot.services.desk import Desk, LiveTake
from bot.store.cues import add_cue
from bot.store.events import log_event
from bot.store.scenes import CastingRow, casting_of, castings_of
from bot.store.sessions import Session


async def give_cue(desk: Desk, session: Session) -> int:
    """The coordinator's cue: tell everybody whose arc waits for it; returns how many were told.

    Raises NoTakeRunning, SessionPaused, NoCue when none waits; CueUndelivered when everybody was tried, for those who
    could not be told.
    """
    live = desk.takes.get(session.session_id)
    if live is None or live.is_over or desk.clock.monotonic() < live.starts_at:
        raise NoTakeRunning
    if live.paused_since is not None:
        raise SessionPaused
    waiting = await waiting_cues(desk, live)
    if not waiting:
        raise NoCue
    told = await asyncio.gather(*(tell_and_keep(desk, session, live, casting) for casting in waiting))
    desk.stage.panel_changed(session.session_id)
    if not all(told):
        untold = [casting.discord_user_id for casting, is_told in zip(waiting, told, strict=True) if not is_told]
        raise CueUndelivered(untold, sum(told))
    return len(waiting)


async def give_late_cue(desk: Desk, session: Session, discord_user_id: int) -> None:
    """A performer can be told things again: if their cue by time could not be given, they are told now."""
    live = desk.takes.get(session.session_id)
    if live is None or live.is_over or live.paused_since is not None or discord_user_id not in live.untold:
        return
    casting = await casting_of(desk.database, live.take.scene_id, discord_user_id)
    if casting and await tell_and_keep(desk, session, live, casting):
        live.untold.discard(discord_user_id)


async def waiting_cues(desk: Desk, live: LiveTake) -> list[CastingRow]:
    """Whose arc still waits for the coordinator in this take."""
    return [
        casting
        for casting in await castings_of(desk.database, live.take.scene_id)
        if casting.cue_cause == "coordinator"
        and casting.casting_id not in live.cued
        and casting.discord_user_id in live.recordable
    ]


async def tell_and_keep(desk: Desk, session: Session, live: LiveTake, casting: CastingRow) -> bool:
    """Tell one performer and keep the moment on the take's clock; once a take, whoever asks.

    False when they cannot be told: then their target stays what it was. A cue that comes too late, since the take was
    cut meanwhile, is not kept either: no turn follows it. In a take that is over nobody is told anything.
    """
    if live.is_over or casting.casting_id in live.cued or casting.second_emotion is None:
        return True
    emotion = desk.library.emotion_set(session.emotion_set).find(casting.second_emotion)
    live.cued.add(casting.casting_id)
    told_at = None
    try:
        told_at = await desk.stage.tell_cue(casting, emotion)
    finally:
        if told_at is None:
            live.cued.discard(casting.casting_id)
    if told_at is None:
        await _log(desk, session, live, casting, "cue_undelivered")
        return False
    live.told.add(casting.casting_id)
    async with desk.turn_of(session.guild_id):
        if desk.takes.get(session.session_id) is live:
            position = live.position_samples(told_at)
            await _log(desk, session, live, casting, "cue_given", position)
    return True


async def _log(
    desk: Desk, session: Session, live: LiveTake, casting: CastingRow, kind: str, position: int | None = None
) -> None:
    async with desk.database.transaction() as tx:
        if position is not None and casting.cue_cause is not None:
            await add_cue(tx, live.take.take_id, casting.casting_id, casting.cue_cause, position)
        await log_event(
            tx,
            kind,
            desk.now(),
            session_id=session.session_id,
            scene_id=live.take.scene_id,
            take_id=live.take.take_id,
            person_id=casting.person_id,
        )
