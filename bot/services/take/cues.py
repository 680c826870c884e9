"""Cues: the moment at which one performer, and no one else, is told to shift to their second emotion."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.domain.cues import CueTimes
from bot.domain.emotions import Emotion
from bot.domain.errors import CueUndelivered, NoCue, NoTakeRunning, SessionPaused
from bot.domain.events import catalogue
from bot.domain.events.catalogue import Event
from bot.domain.ids import CastingId, UserId
from bot.domain.states import CueWay
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.live.take.state import TakeState
from bot.services.facts.cue_choices import CueChoices
from bot.services.facts.dealt import Dealt
from bot.services.facts.waiting_cues import waiting_cues
from bot.services.panel.panels import Panels
from bot.services.ports.stage import CueSent, Stage
from bot.store.cues import add_cue, note_sent_by_message
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import PerformerCasting
from bot.store.scenes import casting_of

UNACKNOWLEDGED_SECONDS = 4.0
"""How long a cue may stay unacknowledged under the card before it is sent as a direct message as well.

Only a direct message makes a phone sound. Long enough to read the cue and press the button, short enough for the stage.
"""


@dataclass(frozen=True, slots=True)
class Cues:
    """Cues that a coordinator gives, and timed cues."""

    database: Database
    clock: Clock
    errands: Errands
    dealt: Dealt
    choices: CueChoices
    stage: Stage
    panels: Panels

    async def give(self, session: LiveSession) -> int:
        """The coordinator's cue: tell everyone whose arc waits for it; returns how many were told.

        Raises NoTakeRunning, SessionPaused, NoCue if none waits; CueUndelivered, after an attempt to tell everyone, for
        those who could not be told.
        """
        take = session.take
        if take is None or not take.is_running or self.clock.monotonic() < take.starts_at:
            raise NoTakeRunning
        if take.state is TakeState.PAUSED:
            raise SessionPaused
        waiting = await waiting_cues(self.database, take)
        if not waiting:
            raise NoCue
        told = await asyncio.gather(*(self.tell_and_keep(session, take, casting) for casting in waiting))
        self.panels.changed(session.session_id)
        if not all(told):
            untold = [casting.discord_user_id for casting, is_told in zip(waiting, told, strict=True) if not is_told]
            raise CueUndelivered(untold, sum(told))
        return len(waiting)

    async def give_late(self, session: LiveSession, discord_user_id: UserId) -> None:
        """A performer can be told things again: give them the timed cue that could not be given, if any."""
        take = session.take
        if take is None or not take.is_running or take.state is TakeState.PAUSED:
            return
        if discord_user_id in take.cues.untold:
            casting = await casting_of(self.database, take.take.scene_id, discord_user_id)
            if casting:
                await self.tell_and_keep(session, take, casting)

    async def tell_and_keep(self, session: LiveSession, take: LiveTake, casting: PerformerCasting) -> bool:
        """Tell one performer, and store the moment on the take's clock; once per take, however often this is called.

        Who was told under their card and does not acknowledge it within a few seconds gets a direct message as well.
        A performer can have chosen another way (`CueWay`).
        Returns False if they cannot be told: then their target does not change. A cue that arrives after the cut is not
        stored, because no turn follows it. In a take that is over, no one is told anything.
        """
        emotions = await self.dealt.emotions(session, casting.scene_id)
        if not take.is_running or casting.second_emotion is None:
            return True
        emotion, way = emotions.find(casting.second_emotion), await self.choices.of(casting.discord_user_id)
        if not take.cues.begin(casting.casting_id, casting.discord_user_id):
            return True
        sent = None
        try:
            sent = await self.stage.tell_cue(take.where, casting, emotion, way)
        finally:
            if sent is None:
                take.cues.fail(casting.casting_id)
        if sent is None:
            await self._store_event(take, casting, catalogue.CueUndelivered())
            return False
        take.cues.arrive(casting.casting_id)
        if sent.is_at_card:
            again = self._tell_by_message(take, casting, emotion, way, sent.at + UNACKNOWLEDGED_SECONDS)
            self.errands.run(again, f"second sending of a cue of take {take.take.take_id}")
        async with session.lock:
            if session.take is take:
                await self._store_event(take, casting, catalogue.CueGiven(), sent)
        return True

    async def _tell_by_message(
        self, take: LiveTake, casting: PerformerCasting, emotion: Emotion, way: CueWay, at: float
    ) -> None:
        """At a monotonic moment, send a cue once more, unless it has been acknowledged or its time is over."""
        await self.clock.sleep_until(at)
        is_recorded = casting.discord_user_id in take.recordable
        if not take.is_running or not is_recorded or casting.casting_id in take.cues.acknowledged:
            return
        sent_at = await self.stage.tell_cue_by_message(take.where, casting, emotion, way)
        if sent_at is not None and (take.cut_at is None or sent_at < take.cut_at):
            position = take.position_samples(sent_at)
            async with self.database.transaction() as tx:
                await note_sent_by_message(tx, take.take.take_id, casting.casting_id, position)

    async def _store_event(
        self, take: LiveTake, casting: PerformerCasting, event: Event, sent: CueSent | None = None
    ) -> None:
        async with self.database.transaction() as tx:
            if sent is not None and casting.cue_cause is not None:
                times = _times(take, casting.casting_id, sent)
                await add_cue(tx, take.take.take_id, casting.casting_id, casting.cue_cause, times)
            await log_event(tx, event, self.clock.now(), **take.where, person_id=casting.person_id)


def _times(take: LiveTake, casting_id: CastingId, sent: CueSent) -> CueTimes:
    """What is known of a cue that was just sent. Its performer can be faster than Discord's answer to the bot."""
    position, pressed_at = take.position_samples(sent.at), take.cues.acknowledged.get(casting_id)
    acknowledged = None if pressed_at is None else take.position_samples(pressed_at)
    first = min(take.position_samples(sent.since), position if acknowledged is None else acknowledged)
    card, message = (position, None) if sent.is_at_card else (None, position)
    return CueTimes(first, card, message, acknowledged)
