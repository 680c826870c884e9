"""Takes while they are recorded, until their time is up or they fail."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.states import CutReason
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.services.ending.cuts import Cuts
from bot.services.take.clock import TakeClock
from bot.services.take.last_seconds import LastSeconds


@dataclass(frozen=True, slots=True)
class RunningTakes:
    """Takes from the start of their recording to their end."""

    clock: Clock
    errands: Errands
    cuts: Cuts
    take_clock: TakeClock
    last_seconds: LastSeconds

    def record(self, session: LiveSession, take: LiveTake) -> None:
        """Begin to record a take that was called; from here, its countdown, cues and end come by themselves."""

        def fail(error: Exception) -> None:
            self.cuts.end(session, take, self.clock.monotonic(), CutReason.DISK)
            self.errands.run(self._keep_failed(session, take, error), f"cut take {take.take.take_id}")

        take.booth.start_recording(
            take.folder,
            started_at=take.starts_at,
            may_record=take.may_record,
            track_name=take.track_names.__getitem__,
            on_failure=fail,
        )
        take.count_down()
        self.run_clock(session, take)

    def run_clock(self, session: LiveSession, take: LiveTake) -> None:
        """Start the take's clock, at the beginning or after a pause."""
        take.run_clock("time", self.errands.run(self._keep_time(session, take), f"take {take.take.take_id}"))
        signalling = self.last_seconds.signal(take)
        take.run_clock("signal", self.errands.run(signalling, f"signal before the end of take {take.take.take_id}"))

    def wait_patiently(self, session: LiveSession, take: LiveTake) -> None:
        """Cut a take that has just been paused, if it waits for too long."""
        take.run_clock("patience", self.errands.run(self._wait(session, take), f"pause of take {take.take.take_id}"))

    async def _wait(self, session: LiveSession, take: LiveTake) -> None:
        await self.clock.sleep_until(take.waits_until)
        if take.paused_since is not None:
            # Where the pause began, so that no half an hour of silence follows the last word.
            self.cuts.end(session, take, take.paused_since, CutReason.PAUSED)
            self.errands.run(self.cuts.keep_unless_kept(session, take), f"long pause of take {take.take.take_id}")

    async def _keep_time(self, session: LiveSession, take: LiveTake) -> None:
        await self.take_clock.keep_time(session, take)
        self.cuts.end(session, take, take.ends_at, CutReason.TIME_LIMIT)
        self.errands.run(self.cuts.keep_unless_kept(session, take), f"time limit of take {take.take.take_id}")

    async def _keep_failed(self, session: LiveSession, take: LiveTake, error: Exception) -> None:
        await self.cuts.keep_unless_kept(session, take)
        raise error
