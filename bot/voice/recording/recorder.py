"""Tracks on disk: one Ogg Opus file per performer, appended to and synced while the take runs, never decoded.

One thread of the recording writes the files and another syncs them, so that a slow disk never stops the event loop, and
a slow sync never stops the writing. At every moment a file is valid up to its last whole page, which is at most
FLUSH_SECONDS and the reorder buffer's hold behind. If the machine itself fails, at most SYNC_SECONDS more are lost.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from bot.domain.ids import UserId
from bot.domain.states import HoleCause
from bot.samples import SAMPLE_RATE_HZ
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.holes import Hole, holes_of, merged
from bot.voice.recording.recovery import trim_track
from bot.voice.recording.track import Track, TrackSummary, track_path
from bot.voice.recording.trackfile import FolderSync, TrackFile
from bot.wire.ogg_writer import PRE_SKIP_SAMPLES

__all__ = ["Recording", "TrackSummary"]

FLUSH_SECONDS: Final = 0.25
"""How often pages are written: what a bot that is killed loses, beside the reorder buffer's hold."""

SYNC_SECONDS: Final = 0.5
"""How often files are synced: each sync costs a commit of the file system's journal (`trackfile.FolderSync`)."""

_log = logging.getLogger(__name__)


class Recording:
    """The tracks of one take. Create it in a running event loop; end it with `stop()`.

    `started_at` is time.monotonic() at position 0 and can lie in the future (a countdown). `track_name` returns the
    file name of a user's track, without suffix. `on_failure` is called with the first file error; other tracks go on.
    `clock` is the monotonic clock.
    """

    def __init__(
        self,
        folder: Path,
        *,
        started_at: float,
        track_name: Callable[[UserId], str],
        on_failure: Callable[[Exception], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self.started_at = started_at
        self._track_name = track_name
        self._on_failure = on_failure
        self._tracks: dict[UserId, Track] = {}
        self._files: dict[UserId, TrackFile] = {}
        self._sync = FolderSync()
        self._kept_samples: dict[UserId, int] = {}
        self._holes: list[Hole] = []
        self._cut_at: float | None = None
        self._failed = self._stopped = False
        self.failed_frames = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="track-files")
        self._sync_thread = ThreadPoolExecutor(1, thread_name_prefix="track-sync")
        self._syncing: asyncio.Future[None] | None = None
        self._sync_due = 0.0
        self._wake = asyncio.Event()
        self._flushing = asyncio.create_task(self._flush_until_stopped(), name="Track files")

    def frame(self, frame: FrameReceived) -> None:
        """Take one frame. A track begins with the first frame that lies inside the take."""
        self.frames((frame,))

    def frames(self, frames: Iterable[FrameReceived]) -> None:
        """Take frames in the order in which they came. A frame that fails is logged and does not affect the others."""
        coming = iter(() if self._stopped else frames)
        while True:
            try:
                for frame in coming:
                    (self._tracks.get(frame.user_id) or self._new_track(frame.user_id)).frame(frame)
                return
            except Exception:
                if not self.failed_frames:
                    _log.exception("A frame could not be recorded. Further ones are only counted.")
                self.failed_frames += 1

    def mark_hole(
        self,
        from_at: float,
        to_at: float,
        cause: HoleCause = HoleCause.CONNECTION,
        user_id: UserId | None = None,
    ) -> None:
        """Mark a time in which no one could be heard, or not this person. The tracks hold silence there."""
        start, end = (round((at - self.started_at) * SAMPLE_RATE_HZ) for at in (from_at, to_at))
        if end > max(start, 0):
            self._holes.append(Hole(max(start, 0), end, cause, user_id))

    def resume(self) -> None:
        """End a pause, in which no one was to be recorded: nothing from it counts as lost."""
        for track in self._tracks.values():
            track.resume()

    @property
    def duration_samples(self) -> int:
        """The take's length; 0 until it is cut."""
        cut_at = self.started_at if self._cut_at is None else self._cut_at
        return max(round((cut_at - self.started_at) * SAMPLE_RATE_HZ), 0)

    def holes(self, duration_samples: int) -> tuple[Hole, ...]:
        """Return the stretches in which someone could not be heard, in order, none beyond the take's end."""
        return merged(self._holes, duration_samples)

    def cut(self, cut_at: float) -> None:
        """Set the take's end to `cut_at`. Frames from before it can still come in; later ones are left out.

        If it lies further in the past than the reorder buffer's hold, `stop()` removes what was written beyond it.
        """
        self._cut_at = cut_at
        for track in self._tracks.values():
            track.limit(cut_at)

    async def stop(self, cut_at: float) -> tuple[TrackSummary, ...]:
        """Close all tracks at the take's length. Return them in the order in which people were first heard."""
        # The flushing ends first, because the rest of each file goes behind the pages that it writes.
        self.cut(cut_at)
        self._stopped = True
        self._wake.set()
        await self._flushing
        duration = self.duration_samples
        written = duration + PRE_SKIP_SAMPLES
        too_long = [track.path for track in self._tracks.values() if duration and track.paged_samples > written]
        rests = {user_id: track.finish(duration) for user_id, track in self._tracks.items()}
        await self._append(rests)
        await self._sync_files()
        self._report_failure()
        await self._in_thread(self._close_files)
        await self._in_thread(_trim, too_long, duration)
        self._thread.shutdown(wait=False)
        self._sync_thread.shutdown(wait=False)
        return tuple(
            track.summary(self._length_on_disk(user_id, duration), holes_of(user_id, self.holes(duration)))
            for user_id, track in self._tracks.items()
            if track.has_begun
        )

    def _new_track(self, user_id: UserId) -> Track:
        path = track_path(self._folder, self._track_name(user_id))
        track = self._tracks[user_id] = Track(user_id, path, self.started_at)
        self._files[user_id] = TrackFile(path)
        if self._cut_at is not None:
            track.limit(self._cut_at)
        return track

    async def _flush_until_stopped(self) -> None:
        while not self._stopped:
            try:
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                try:
                    await self._flush()
                except Exception as error:
                    # The next flush takes what this one left. The owner of the take decides whether it goes on.
                    _log.exception("The tracks could not be flushed.")
                    if self._on_failure is not None and not self._failed:
                        self._failed = True
                        self._on_failure(error)

    async def _flush(self) -> None:
        now = self._clock()
        pages: dict[UserId, bytes] = {}
        for user_id, track in self._tracks.items():
            track.tick(now)
            pages[user_id] = track.take_pages()
        await self._append(pages)
        if now >= self._sync_due and (self._syncing is None or self._syncing.done()):
            self._sync_due = now + SYNC_SECONDS
            self._syncing = asyncio.ensure_future(self._sync_files())

    async def _append(self, pages: dict[UserId, bytes]) -> None:
        """Append pages to their files. Each file takes them whole, or reports its failure once."""
        await self._in_thread(self._append_in_thread, pages)
        for user_id in pages:
            file, track = self._files[user_id], self._tracks[user_id]
            if file.failure is None:
                self._kept_samples[user_id] = track.paged_samples
        self._report_failure()

    def _report_failure(self) -> None:
        failure = next((file.failure for file in self._files.values() if file.failure is not None), None)
        if failure is not None and not self._failed:
            self._failed = True
            _log.error("A track could not be written: %s", failure)
            if self._on_failure is not None:
                self._on_failure(failure)

    def _append_in_thread(self, pages: dict[UserId, bytes]) -> None:
        for user_id, data in pages.items():
            self._files[user_id].append(data)

    async def _sync_files(self) -> None:
        """Sync all files, one call at a time, in the order of the calls."""
        files = list(self._files.values())
        await asyncio.get_running_loop().run_in_executor(self._sync_thread, self._sync.sync, files)

    def _close_files(self) -> None:
        for file in self._files.values():
            file.close()

    async def _in_thread(self, work: Callable[..., None], *args: object) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def _length_on_disk(self, user_id: UserId, duration: int) -> int:
        if self._files[user_id].failure is None:
            return duration
        return max(self._kept_samples.get(user_id, 0) - PRE_SKIP_SAMPLES, 0)


def _trim(paths: Sequence[Path], duration_samples: int) -> None:
    for path in paths:
        try:
            trim_track(path, duration_samples)
        except OSError:
            _log.exception("A track could not be shortened to the length of its take. It is kept as it is.")
