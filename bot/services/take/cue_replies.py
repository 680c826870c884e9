"""What performers say about their cues: by the button under a cue in the take, or when they are asked after the cut."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from dataclasses import dataclass

from bot.domain.events.catalogue import CueAcknowledged, CueAnswered
from bot.domain.ids import CastingId, TakeId, UserId
from bot.domain.states import CueAnswer
from bot.live.errands import Errands
from bot.live.ports import Clock, time_of
from bot.live.promises import LONGEST_PAUSE_SECONDS
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.services.ending.cue_questions import CueQuestions
from bot.store.cues import cue_of, note_acknowledged, note_answered
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import PerformerCue

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CueReplies:
    """Takes what performers say about their cues."""

    database: Database
    clock: Clock
    errands: Errands
    questions: CueQuestions

    def acknowledge_now(
        self, session: LiveSession, take_id: TakeId, casting_id: CastingId, user_id: UserId, at: float
    ) -> bool:
        """Take in a press of the button under a cue, at a monotonic moment, without waiting; it is stored soon.

        Returns False if the take is over: then the press does not say when the cue was seen.
        """
        take = session.take
        if take is None or take.take.take_id != take_id or not take.is_running:
            return False
        if not take.cues.acknowledge(casting_id, user_id, at):
            return False
        self.errands.run(self._store(take, casting_id), f"acknowledgement of a cue of take {take_id}")
        return True

    async def is_open(self, session: LiveSession, take_id: TakeId, casting_id: CastingId, user_id: UserId) -> bool:
        """Whether a performer who presses the button after the take should be asked; from then on, they have been."""
        cue = await self._own(session, take_id, casting_id, user_id)
        if cue is None or cue.acknowledged_samples is not None or cue.answer is not None:
            return False
        await self.questions.note_asked(cue)
        return True

    async def answer(
        self, session: LiveSession, take_id: TakeId, casting_id: CastingId, user_id: UserId, answer: CueAnswer
    ) -> None:
        """Store a performer's answer; the first one counts."""
        answered = self.clock.monotonic()
        cue = await self._own(session, take_id, casting_id, user_id)
        if cue is None:
            return
        async with self.database.transaction() as tx:
            asked, now = self.questions.asked.get(cue.cue_id), time_of(self.clock, answered)
            asked_at = None if asked is None else time_of(self.clock, asked)
            if await note_answered(tx, cue.cue_id, answer, now, asked_at):
                await log_event(
                    tx,
                    CueAnswered(answer),
                    now,
                    session_id=cue.session_id,
                    scene_id=cue.scene_id,
                    take_id=cue.take_id,
                    person_id=cue.person_id,
                )
        self.questions.asked.pop(cue.cue_id, None)

    async def _own(
        self, session: LiveSession, take_id: TakeId, casting_id: CastingId, user_id: UserId
    ) -> PerformerCue | None:
        """This account's own cue in a scene that counts; None if the take was cut before it was sent."""
        cue = await cue_of(self.database, take_id, casting_id)
        if cue is None or (cue.discord_user_id, cue.session_id) != (user_id, session.session_id):
            return None
        return None if session.has_stopped(cue.scene_id) else cue

    async def _store(self, take: LiveTake, casting_id: CastingId) -> None:
        """Store an acknowledgement as soon as the database accepts it. A cue on its way is stored with it."""
        position = take.position_samples(take.cues.acknowledged[casting_id])
        while True:
            try:
                async with self.database.transaction() as tx:
                    if await note_acknowledged(tx, take.take.take_id, casting_id, position):
                        cue = await cue_of(tx, take.take.take_id, casting_id)
                        person_id = cue and cue.person_id
                        await log_event(tx, CueAcknowledged(), self.clock.now(), **take.where, person_id=person_id)
                return
            except sqlite3.OperationalError:
                _log.exception("An acknowledgement could not be stored; the bot tries again.")
                await asyncio.sleep(LONGEST_PAUSE_SECONDS)
