"""What is kept of a take: its tracks and turns in the store, even if the process was killed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.domain.events.catalogue import TakeCut
from bot.domain.ids import PersonId, SessionId, UserId
from bot.domain.states import CutReason, TakeStatus
from bot.domain.turns import choose_for_rating, find_turns
from bot.home.places import Home
from bot.live.asked import TAKE_CUT
from bot.live.ports import Clock, timestamp
from bot.live.promises import Promises
from bot.live.take.track_quality import Quality, measure_track
from bot.live.workers import Lane, Workers
from bot.samples import Span
from bot.services.ending.left_tracks import close_left_tracks
from bot.store.cues import cues_of, remove_cues_from
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import Take, TrackFacts
from bot.store.scenes import castings_of
from bot.store.takes import add_holes, add_track, close_take, set_quality, strike_takes_of, unmeasured_tracks
from bot.voice.recording.recorder import TrackSummary

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a take ended. A take without a length is void.

    `cut_at` is when it ended, None for now: it takes a while to keep a take. `holes` are where no one could be heard:
    cause, start and end in samples. `is_stopped`: an X-card ended its scene, so all takes of the scene are struck.
    """

    duration_samples: int
    reason: CutReason
    cut_at: datetime | None = None
    holes: Sequence[tuple[str, int, int]] = ()
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class KeptTakes:
    """Writes takes that have ended into the store."""

    database: Database
    clock: Clock
    workers: Workers
    home: Home
    promises: Promises

    async def keep(
        self,
        session_id: SessionId,
        take: Take,
        summaries: Sequence[TrackSummary],
        ending: Ending,
        *,
        measure_later: bool = False,
    ) -> int:
        """Close a take with its tracks and their turns; returns how many turns are chosen for rating.

        This settles the promise of the cut. With `measure_later`, `measure_left_over` measures the tracks' quality.
        """
        duration_samples = ending.duration_samples
        people = {
            casting.discord_user_id: casting.person_id for casting in await castings_of(self.database, take.scene_id)
        }
        # If not even the first page of a file could be written, there is no track.
        summaries = [summary for summary in summaries if summary.duration_samples > 0]
        qualities = [Quality(None, None) if measure_later else await self._measured(one) for one in summaries]
        cues = await cues_of(self.database, take.take_id)
        for_rating = 0
        now = timestamp(ending.cut_at) if ending.cut_at else self.clock.now()
        async with self.database.transaction() as tx:
            await close_take(
                tx,
                take.take_id,
                state=TakeStatus.CUT if duration_samples else TakeStatus.VOID,
                reason=ending.reason,
                duration_samples=duration_samples or None,
                now=now,
            )
            await remove_cues_from(tx, take.take_id, duration_samples)
            for summary, quality in zip(summaries, qualities, strict=True):
                told = cues.get(people[summary.user_id], [])
                turns = find_turns(((span.start_samples, span.end_samples) for span in summary.spurts), told)
                chosen = choose_for_rating(turns, told)
                for_rating += len(chosen)
                await add_track(tx, take.take_id, self._facts(people, summary, quality), turns, chosen)
            await add_holes(tx, take.take_id, ending.holes)
            if ending.is_stopped:
                await strike_takes_of(tx, take.scene_id, self.clock.now())
            await log_event(
                tx,
                TakeCut(ending.reason, len(summaries)),
                now,
                session_id=session_id,
                scene_id=take.scene_id,
                take_id=take.take_id,
            )
        for promise in self.promises:
            if promise.kind == TAKE_CUT and promise.facts["take"] == take.take_id:
                self.promises.settle(promise)
        return for_rating

    async def measure_left_over(self) -> None:
        """When there is time, measure the tracks of interrupted and stopped takes that have not been measured."""
        for track in await unmeasured_tracks(self.database):
            spurts = [Span(start, end) for start, end in track.turns]
            quality = await self.workers.run(Lane.MEASURING, _measure_speech, self.home.track(track.path), spurts)
            async with self.database.transaction() as tx:
                await set_quality(tx, track.track_id, _quality_columns(quality))

    async def tracks_left(self, folder: Path, users: Mapping[str, UserId], most: int | None) -> list[TrackSummary]:
        """`close_left_tracks`, in a thread."""
        return await self.workers.run(Lane.TAKES, close_left_tracks, folder, users, most)

    async def _measured(self, summary: TrackSummary) -> Quality:
        return await self.workers.run(Lane.MEASURING, _measure_speech, summary.path, summary.spurts)

    def _facts(self, people: dict[UserId, PersonId], summary: TrackSummary, quality: Quality) -> TrackFacts:
        return TrackFacts(
            people[summary.user_id],
            self.home.relative(summary.path),
            summary.duration_samples,
            summary.received_frames,
            summary.concealed_frames,
            summary.first_speech_samples,
            summary.speech_samples,
            summary.lost_frames,
            **_quality_columns(quality),
        )


def _measure_speech(path: Path, spurts: Sequence[Span]) -> Quality:
    try:
        return measure_track(path, spurts)
    except (OSError, ValueError, RuntimeError):
        # A track is kept even if it cannot be measured.
        _log.exception("The quality of %s could not be measured.", path.name)
        return Quality(None, None)


def _quality_columns(quality: Quality) -> dict[str, float | None]:
    levels = quality.levels
    return {
        "loudness_lufs": quality.loudness_lufs,
        "peak_dbfs": levels.peak_dbfs if levels else None,
        "speech_dbfs": levels.speech_dbfs if levels else None,
        "noise_dbfs": levels.noise_dbfs if levels else None,
        "clipped_share": levels.clipped_share if levels else None,
    }
