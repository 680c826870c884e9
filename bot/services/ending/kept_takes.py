"""What is kept of a take: its tracks in the store, even if the process was killed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.audio.quality import Quality
from bot.domain.events.catalogue import TakeCut
from bot.domain.ids import PersonId, SessionId, UserId
from bot.domain.states import CutReason, TakeStatus
from bot.home.places import Home
from bot.live.asked import TAKE_CUT
from bot.live.ports import Clock, timestamp
from bot.live.promises import Promises
from bot.live.workers import Lane, Workers
from bot.services.ending.left_tracks import close_left_tracks
from bot.services.turns.search import quality_columns
from bot.services.turns.turns import Turns
from bot.store.coaching import remove_coaching_from
from bot.store.cues import remove_cues_from
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import Take, TrackFacts
from bot.store.scenes import castings_of
from bot.store.takes import add_holes, add_track, close_take, strike_takes_of
from bot.voice.recording.recorder import TrackSummary


@dataclass(frozen=True, slots=True)
class Ending:
    """How a take ended. A take without a length is void.

    `cut_at` is when it ended, None for now: it takes a while to keep a take. `holes` are where no one could be heard:
    cause, start and end in samples; `own_holes` where one performer could not be. `is_stopped`: an X-card ended its
    scene, so all takes of the scene are struck.
    """

    duration_samples: int
    reason: CutReason
    cut_at: datetime | None = None
    holes: Sequence[tuple[str, int, int]] = ()
    is_stopped: bool = False
    own_holes: Mapping[UserId, Sequence[tuple[str, int, int]]] = field(
        default_factory=dict[UserId, Sequence[tuple[str, int, int]]]
    )


@dataclass(frozen=True, slots=True)
class KeptTakes:
    """Writes takes that have ended into the store."""

    database: Database
    clock: Clock
    workers: Workers
    home: Home
    promises: Promises
    turns: Turns

    async def keep(
        self,
        session_id: SessionId,
        take: Take,
        summaries: Sequence[TrackSummary],
        ending: Ending,
    ) -> None:
        """Close a take with its tracks, and let their turns be looked for. This settles the promise of the cut."""
        duration_samples = ending.duration_samples
        people = {
            casting.discord_user_id: casting.person_id for casting in await castings_of(self.database, take.scene_id)
        }
        # If not even the first page of a file could be written, there is no track.
        summaries = [summary for summary in summaries if summary.duration_samples > 0]
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
            await remove_coaching_from(tx, take.take_id, duration_samples)
            for summary in summaries:
                await add_track(tx, take.take_id, self._facts(people, summary))
            await add_holes(tx, take.take_id, ending.holes)
            for user_id, holes in ending.own_holes.items():
                if user_id in people:
                    await add_holes(tx, take.take_id, holes, people[user_id])
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
        self.turns.search_soon(session_id, take.take_id)

    async def tracks_left(self, folder: Path, users: Mapping[str, UserId], most: int | None) -> list[TrackSummary]:
        """`close_left_tracks`, in a thread."""
        return await self.workers.run(Lane.TAKES, close_left_tracks, folder, users, most)

    def _facts(self, people: dict[UserId, PersonId], summary: TrackSummary) -> TrackFacts:
        return TrackFacts(
            people[summary.user_id],
            self.home.relative(summary.path),
            summary.duration_samples,
            summary.received_frames,
            summary.concealed_frames,
            summary.first_speech_samples,
            summary.speech_samples,
            summary.lost_frames,
            **quality_columns(Quality(None, None)),
        )
