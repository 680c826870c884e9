"""A voice channel whose sound comes faster than real time: a clock that jumps, and a booth with a real recording."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.ids import GuildId, UserId
from bot.live.ports import SystemClock
from bot.samples import Span
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.recorder import FLUSH_SECONDS, Recording, TrackSummary
from tests.paper import PaperBooth, PaperStage


class JumpingClock(SystemClock):
    """A clock that runs like the machine's, and can be put forward."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._moved = asyncio.Event()

    def wall(self) -> datetime:
        """Now, in UTC."""
        return super().wall() + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment."""
        return super().monotonic() + self._ahead

    def go_to(self, moment: float) -> None:
        """Put the clock forward to a moment; wake everyone who waits for one."""
        self._ahead += max(moment - self.monotonic(), 0.0)
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep_until(self, moment: float) -> None:
        """Wait until a moment of the monotonic clock."""
        while (left := moment - self.monotonic()) > 0:
            moved = self._moved
            try:
                async with asyncio.timeout(left):
                    await moved.wait()
            except TimeoutError:
                return


class FastBooth(PaperBooth):
    """A booth that records frames as they come, by the jumping clock."""

    def __init__(self, occupants: set[UserId], channel_id: int, clock: JumpingClock) -> None:
        super().__init__(occupants, channel_id)
        self._clock = clock
        self._recording: Recording | None = None

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[UserId], bool],
        track_name: Callable[[UserId], str],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Record into files."""
        super().start_recording(
            folder, started_at=started_at, may_record=may_record, track_name=track_name, on_failure=on_failure
        )
        self._recording = Recording(
            folder, started_at=started_at, track_name=track_name, on_failure=on_failure, clock=self._clock.monotonic
        )

    async def hear(self, frames: Sequence[FrameReceived], until: float) -> None:
        """Take in what came up to a moment, and let the recording write it."""
        assert self._recording is not None, "the booth does not record"
        self._recording.frames(frames)
        self._clock.go_to(until)
        await asyncio.sleep(FLUSH_SECONDS * 1.1)

    async def stop_recording(self, cut_at: float) -> Sequence[TrackSummary]:
        """Close the files."""
        assert self._recording is not None, "nothing to stop"
        self.order = None
        return await self._recording.stop(cut_at)

    def holes(self) -> Sequence[Span]:
        """No one was ever unheard."""
        return ()


class FastStage(PaperStage):
    """A stage with fast booths."""

    def __init__(self, channels: dict[int, set[UserId]], clock: JumpingClock) -> None:
        super().__init__(channels)
        self._clock = clock

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> FastBooth:
        """Join a channel."""
        booth = FastBooth(self.channels[voice_channel_id], voice_channel_id, self._clock)
        self.booths.append(booth)
        return booth
