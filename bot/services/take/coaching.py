"""Side-coaching: a coordinator's word to one performer in the middle of a take, in private."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import CoachingInvalid, CoachingUndelivered, NoTakeRunning, NotOnStage, SessionPaused
from bot.domain.events.catalogue import SideCoached
from bot.domain.ids import UserId
from bot.domain.signals import coaching_problem
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.live.take.state import TakeState
from bot.services.ports.stage import CueSent, Stage
from bot.store.coaching import add_coaching
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import PerformerCasting
from bot.store.scenes import casting_of


@dataclass(frozen=True, slots=True)
class Coaching:
    """Takes coordinators' words to performers, as privately as cues."""

    database: Database
    clock: Clock
    stage: Stage

    async def coach(self, session: LiveSession, discord_user_id: UserId, text: str) -> None:
        """Tell a performer something, and store it with the moment on the take's clock.

        Raises CoachingInvalid for a text that cannot be sent, NoTakeRunning, SessionPaused, NotOnStage for an account
        without a part that is recorded, and CoachingUndelivered if they could not be told: then nothing is stored.
        """
        text = text.strip()
        if problem := coaching_problem(text):
            raise CoachingInvalid(problem)
        take = self._running_take(session)
        casting = await casting_of(self.database, take.take.scene_id, discord_user_id)
        if casting is None or discord_user_id not in take.recordable:
            raise NotOnStage(discord_user_id)
        sent = await self.stage.side_coach(discord_user_id, text)
        if sent is None:
            raise CoachingUndelivered(discord_user_id)
        async with session.lock:
            # What arrives after the cut is not stored, because no turn follows it.
            if session.take is take:
                await self._store(take, casting, sent, text)

    def _running_take(self, session: LiveSession) -> LiveTake:
        take = session.take
        if take is None or not take.is_running or self.clock.monotonic() < take.starts_at:
            raise NoTakeRunning
        if take.state is TakeState.PAUSED:
            raise SessionPaused
        return take

    async def _store(self, take: LiveTake, casting: PerformerCasting, sent: CueSent, text: str) -> None:
        position = take.position_samples(sent.since)
        async with self.database.transaction() as tx:
            await add_coaching(tx, take.take.take_id, casting.casting_id, position, text)
            await log_event(tx, SideCoached(), self.clock.now(), **take.where, person_id=casting.person_id)
