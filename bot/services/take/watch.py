"""Watching a take while it runs: each track's quality, for the panel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.ids import UserId
from bot.live.ports import Clock
from bot.live.take.live_take import LiveTake
from bot.live.take.track_quality import LiveTrack, Problem, TrackEar
from bot.live.workers import Lane, Workers
from bot.services.panel.panels import Panels
from bot.voice.recording.track import track_path

LOOK_SECONDS = 2.0
REFRESH_EVERY = 3
"""Looks per refresh of the panel if no problem comes or goes: for levels alone, an edit every 6 s is enough."""


@dataclass(frozen=True, slots=True)
class TakeWatch:
    """Listens to what running takes write."""

    clock: Clock
    workers: Workers
    panels: Panels

    async def watch(self, take: LiveTake) -> None:
        """Listen to every track of a take, every few seconds, until cancelled."""
        ears = {user: TrackEar(track_path(take.folder, name)) for user, name in take.track_names.items()}
        looks = 0
        while True:
            await self.clock.sleep_until(self.clock.monotonic() + LOOK_SECONDS)
            now = self.clock.monotonic()
            before = _problems(take)
            for user in take.track_names:
                if user in take.recordable:
                    heard = await self.workers.run(Lane.TAKES, ears[user].listen, now - take.starts_at)
                    take.sounds(user, _since_heard(take, heard, now))
            looks += 1
            if _problems(take) != before or looks % REFRESH_EVERY == 0:
                self.panels.changed(take.session_id)


def _since_heard(take: LiveTake, track: LiveTrack, now: float) -> LiveTrack:
    """A pause, or a time in which the bot could hear no one, does not count as a performer's silence."""
    return replace(track, unheard_seconds=min(track.unheard_seconds, now - take.listening_since(now)))


def _problems(take: LiveTake) -> dict[UserId, list[Problem]]:
    return {user: problems for user, track in take.tracks.items() if (problems := track.problems())}
