"""What happens by itself while a take runs: it starts, timed cues are given, and its time runs out."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.domain.errors import PromptbookError
from bot.domain.events.catalogue import TakeStarted
from bot.domain.states import CueCause
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.live.take.state import TakeState
from bot.samples import SAMPLE_RATE_HZ
from bot.services.panel.panels import Panels
from bot.services.ports.stage import Stage
from bot.services.take.cues import Cues
from bot.services.take.watch import TakeWatch
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import coordinator_of
from bot.store.records import PerformerCasting
from bot.store.scenes import castings_of
from bot.store.takes import mark_recording

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakeClock:
    """Keeps the time of running takes."""

    database: Database
    clock: Clock
    errands: Errands
    stage: Stage
    panels: Panels
    cues: Cues
    watch: TakeWatch

    async def keep_time(self, session: LiveSession, take: LiveTake) -> None:
        """Wait for the countdown, the timed cues and the time limit; returns when the time is up.

        A pause cancels this, and it starts again when the pause ends.
        """
        if take.state is TakeState.COUNTING_DOWN:
            take.run_clock(
                "countdown", self.errands.run(take.booth.count_down(take.starts_at), f"countdown {take.take.take_id}")
            )
            await self.clock.sleep_until(take.starts_at)
            self.begin_recording(take)
        for casting in await self._timed(take):
            # The scene may have been dealt when the time limit was longer.
            if _cue_at(take, casting) >= take.ends_at:
                break
            await self.clock.sleep_until(_cue_at(take, casting))
            self.errands.run(self._cue(session, take, casting), f"cue of take {take.take.take_id}")
        await self.clock.sleep_until(take.ends_at)

    def begin_recording(self, take: LiveTake) -> None:
        """The countdown is over: from now on the take is recorded and watched."""
        take.begin()
        # In the background: if the store does not accept it, the take runs all the same, with its cues and its limit.
        self.errands.run(self._note_start(take), f"start of take {take.take.take_id}")
        take.run_clock("watch", self.errands.run(self.watch.watch(take), f"watch over take {take.take.take_id}"))
        self.panels.changed(take.session_id)

    async def _note_start(self, take: LiveTake) -> None:
        now = self.clock.now()
        async with self.database.transaction() as tx:
            await mark_recording(tx, take.take.take_id, now)
            await log_event(tx, TakeStarted(), now, **take.where)

    async def _timed(self, take: LiveTake) -> list[PerformerCasting]:
        """The castings that still have a timed cue in this take, the earliest first."""
        castings = await castings_of(self.database, take.take.scene_id)
        waiting = [one for one in castings if one.cue_cause is CueCause.TIME and one.casting_id not in take.cues.begun]
        return sorted(waiting, key=lambda casting: casting.cue_after_samples or 0)

    async def _cue(self, session: LiveSession, take: LiveTake, casting: PerformerCasting) -> None:
        if casting.discord_user_id not in take.recordable:
            return
        try:
            is_told = await self.cues.tell_and_keep(session, take, casting)
        except PromptbookError as error:
            _log.warning("A cue of take %d was not given: %s.", take.take.take_id, type(error).__name__)
            is_told = False
        if not is_told:
            take.cues.miss(casting.discord_user_id)
            coordinator = await coordinator_of(self.database, session.session_id)
            await self.stage.cue_missed(coordinator.discord_user_id, casting.discord_user_id)


def _cue_at(take: LiveTake, casting: PerformerCasting) -> float:
    paused = sum(end - start for start, end in take.pauses)
    return take.starts_at + (casting.cue_after_samples or 0) / SAMPLE_RATE_HZ + paused
