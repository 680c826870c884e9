"""Turns: found when a take is kept, one take at a time, and stored for raters and exports."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.audio.quality import Quality
from bot.domain.cues import CueTimes
from bot.domain.events.catalogue import TurnsFound
from bot.domain.ids import PersonId, SessionId, TakeId, TrackId
from bot.domain.states import TakeKind
from bot.domain.turns import FoundTurn, choose_for_rating, without
from bot.home.places import Home
from bot.live.apart import Apart
from bot.live.ports import Clock
from bot.live.promises import LONGEST_PAUSE_SECONDS
from bot.samples import Span
from bot.store.cues import cues_of
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import Take, Track
from bot.store.scenes import get_scene
from bot.store.takes import get_take
from bot.store.transaction import Transaction
from bot.store.turns import (
    Heard,
    UnsearchedTake,
    add_turns,
    holes_of,
    judged_turns,
    set_mix_peak,
    set_track_sound,
    takes_to_search,
    tracks_of,
)
from bot.turns.finding import FoundTake, FoundTrack, TakeOrder, find_take

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurnSearch:
    """Finds and stores the turns of takes, one take at a time.

    If `is_patient`, what was found waits until a full or locked database takes it in.
    """

    database: Database
    clock: Clock
    home: Home
    apart: Apart
    is_patient: bool = False
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def search(self, take_id: TakeId, methods: Collection[str] | None = None) -> None:
        """Find the turns of a take's tracks that have none yet, and store them.

        With `methods`, turns that were found in another way than these are found again, too. Raises what `find_take`
        raises; then nothing is stored. Unless it is patient, raises sqlite3.OperationalError if the database is full or
        locked.
        """
        async with self._one_by_one:
            tracks = await tracks_of(self.database, take_id)
            wanted = [
                track
                for track in tracks
                if track.turns_method is None or (methods and track.turns_method not in methods)
            ]
            if not wanted:
                return
            paths = tuple((track.track_id, self.home.track(track.path)) for track in tracks)
            holes = await holes_of(self.database, take_id)
            in_track = {
                track.track_id: tuple(hole for person, hole in holes if person in (None, track.person_id))
                for track in wanted
            }
            order = TakeOrder(paths, in_track, frozenset(in_track))
            found = await self.apart(partial(find_take, order))
            if found.tracks:
                await self._store_at_last(await get_take(self.database, take_id), tracks, found)

    async def search_left_over(
        self, methods: Collection[str] | None = None, session_ids: Collection[SessionId] = ()
    ) -> AsyncGenerator[UnsearchedTake]:
        """Search every take that has tracks without turns, and yield it afterwards. With `session_ids`, only in theirs.

        A take of which nothing can be found now is logged, and found again by the next call.
        """
        for take in await takes_to_search(self.database, methods, session_ids):
            try:
                await self.search(take.take_id, methods)
            except Exception:
                # Nothing that one take holds may keep the others from being searched.
                _log.exception("The turns of take %d could not be found. The next start tries again.", take.take_id)
            yield take

    async def _store_at_last(self, take: Take, tracks: Sequence[Track], found: FoundTake) -> None:
        while True:
            try:
                return await self._store(take, tracks, found)
            except sqlite3.OperationalError:
                if not self.is_patient:
                    raise
                _log.exception("The turns of take %d could not be stored; the bot tries again.", take.take_id)
                await asyncio.sleep(LONGEST_PAUSE_SECONDS)

    async def _store(self, take: Take, tracks: Sequence[Track], found: FoundTake) -> None:
        cues = await cues_of(self.database, take.take_id)
        by_id = {track.track_id: track for track in tracks}
        people = {track.track_id: track.person_id for track in tracks}
        async with self.database.transaction() as tx:
            now = {track.track_id: track.turns_method for track in await tracks_of(tx, take.take_id)}
            # Another process may have been faster.
            new = [one for one in found.tracks if now.get(one.track_id) == by_id[one.track_id].turns_method]
            if not new:
                return
            scene = await get_scene(tx, take.scene_id)
            is_rated = scene.kind is not TakeKind.CALIBRATION
            for one in new:
                track = by_id[one.track_id]
                cue = cues.get(track.person_id)
                await _store_track(tx, track, one, cue, people, found.method, is_rated=is_rated)
            await set_mix_peak(tx, take.take_id, found.mix_peak)
            await log_event(
                tx,
                TurnsFound(sum(len(one.turns) for one in new), found.method),
                self.clock.now(),
                session_id=scene.session_id,
                scene_id=take.scene_id,
                take_id=take.take_id,
            )


async def _store_track(
    tx: Transaction,
    track: Track,
    found: FoundTrack,
    cue: CueTimes | None,
    people: Mapping[TrackId, PersonId],
    method: str,
    *,
    is_rated: bool,
) -> None:
    judged = await judged_turns(tx, track.track_id)
    turns = without(found.turns, [Span(turn.clip_start_samples, turn.clip_end_samples) for turn in judged])
    # What has been judged stays as it was put up for rating, and nothing more of its track is put up.
    chosen: list[FoundTurn] = [] if judged or not is_rated else choose_for_rating(turns, cue and cue.likeliest_shift)
    await add_turns(tx, track.track_id, turns, chosen, method)
    heard = found.heard and Heard(people[found.heard.source], found.heard.level_db)
    await set_track_sound(tx, track.track_id, quality_columns(found.quality), heard)


def quality_columns(quality: Quality) -> dict[str, float | None]:
    """Return the columns of a track that hold its quality."""
    levels = quality.levels
    return {
        "loudness_lufs": quality.loudness_lufs,
        "peak_dbfs": levels.peak_dbfs if levels else None,
        "speech_dbfs": levels.speech_dbfs if levels else None,
        "noise_dbfs": levels.noise_dbfs if levels else None,
        "clipped_share": levels.clipped_share if levels else None,
    }
