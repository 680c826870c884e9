"""Watching a take while it runs: every track's quality and the disk, for the panel."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from bot.live.take import LiveTake
from bot.live.track_quality import LiveTrack, Problem, TrackEar
from bot.live.workers import Lane
from bot.services.desk import Desk
from bot.voice.track import track_path

LOOK_SECONDS = 2.0
REFRESH_EVERY = 3
"""Looks between two refreshes of the panel when no problem comes or goes: levels alone are worth an edit every 6 s."""

LOW_DISK_BYTES = 1024**3
"""Below this a coordinator is warned: an hour of twelve tracks and its export need about that much."""

LEAST_DISK_BYTES = 64 * 1024**2
"""Below this no take is started: the database and the tracks of a long take would not fit."""


def free_bytes(home: Path) -> int:
    """How much the disk of the home folder still takes."""
    return shutil.disk_usage(home).free


async def watch_take(desk: Desk, take: LiveTake) -> None:
    """Listen to every track of a take every few seconds until cancelled."""
    ears = {user: TrackEar(track_path(take.folder, name)) for user, name in take.track_names.items()}
    looks = 0
    while True:
        await desk.clock.sleep_until(desk.clock.monotonic() + LOOK_SECONDS)
        elapsed = desk.clock.monotonic() - take.starts_at
        before = _problems(take)
        for user in take.track_names:
            if user in take.recordable:
                heard = await desk.workers.run(Lane.TAKES, ears[user].listen, elapsed)
                take.sounds(user, _since_pause(take, heard, elapsed))
        looks += 1
        if _problems(take) != before or looks % REFRESH_EVERY == 0:
            desk.stage.panel_changed(take.session_id)


def _since_pause(take: LiveTake, track: LiveTrack, elapsed: float) -> LiveTrack:
    """Nobody is called unheard for a time in which nobody was listened to."""
    if not take.pauses:
        return track
    most = max(elapsed - (take.pauses[-1][1] - take.starts_at), 0.0)
    return replace(track, unheard_seconds=min(track.unheard_seconds, most))


def _problems(take: LiveTake) -> dict[int, list[Problem]]:
    return {user: problems for user, track in take.tracks.items() if (problems := track.problems())}
