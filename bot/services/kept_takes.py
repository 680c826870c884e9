"""What stays of a take: its tracks and turns in the store, also after the process was ended."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.turns import SAMPLE_RATE_HZ, choose_for_rating, find_turns
from bot.services.desk import Desk
from bot.services.ports import timestamp
from bot.services.track_quality import Quality, measure_track
from bot.store.cues import cues_of, remove_cues_from
from bot.store.events import log_event
from bot.store.scenes import castings_of, get_scene
from bot.store.takes import (
    Take,
    TrackFacts,
    add_holes,
    add_track,
    close_take,
    running_takes,
    set_quality,
    unmeasured_tracks,
)
from bot.voice.recorder import Span, TrackSummary
from bot.voice.recovery import close_track, leave_open, length_on_disk

_log = logging.getLogger(__name__)


async def keep_take(
    desk: Desk,
    session_id: int,
    take: Take,
    summaries: Sequence[TrackSummary],
    duration_samples: int,
    reason: str,
    cut_at: datetime | None = None,
    holes: Sequence[tuple[str, int, int]] = (),
    *,
    measure_later: bool = False,
) -> int:
    """Close a take with its tracks and their turns; returns how many turns are put up for rating.

    A take without a length is void. `cut_at` is when it ended; keeping it takes a while. `holes` are where nobody could
    be heard: the cause, start and end in samples. With `measure_later` the tracks' quality is left to
    `measure_left_over`.
    """
    people = {casting.discord_user_id: casting.person_id for casting in await castings_of(desk.database, take.scene_id)}
    # A file that could not be written from its first page on is no track.
    summaries = [summary for summary in summaries if summary.duration_samples > 0]
    qualities = [Quality(None, None) if measure_later else await asyncio.to_thread(_measure, one) for one in summaries]
    cues = await cues_of(desk.database, take.take_id)
    for_rating = 0
    now = timestamp(cut_at) if cut_at else desk.now()
    async with desk.database.transaction() as tx:
        await close_take(
            tx,
            take.take_id,
            state="cut" if duration_samples else "void",
            reason=reason,
            duration_samples=duration_samples or None,
            now=now,
        )
        await remove_cues_from(tx, take.take_id, duration_samples)
        for summary, quality in zip(summaries, qualities, strict=True):
            told = cues.get(people[summary.user_id], [])
            turns = find_turns(((span.start_samples, span.end_samples) for span in summary.spurts), told)
            chosen = choose_for_rating(turns, told)
            for_rating += len(chosen)
            await add_track(tx, take.take_id, _facts(desk, people, summary, quality), turns, chosen)
        await add_holes(tx, take.take_id, holes)
        await log_event(
            tx,
            "take_cut",
            now,
            session_id=session_id,
            scene_id=take.scene_id,
            take_id=take.take_id,
            reason=reason,
            tracks=len(summaries),
        )
    return for_rating


async def recover_takes(desk: Desk) -> int:
    """At the start of the process: close what an earlier one left running, and keep what it had recorded.

    Returns how many takes were closed. A track that cannot be read is left where it is and logged; so is a take that
    the store cannot take in, on a full disk say, until the next start.
    """
    closed = 0
    for take in await running_takes(desk.database):
        try:
            tracks = await _recover_take(desk, take)
        except sqlite3.Error:
            _log.exception("Take %d was interrupted, and cannot be kept before the next start.", take.take_id)
            continue
        closed += 1
        _log.warning("Take %d was interrupted when the bot ended; %d track(s) of it are kept.", take.take_id, tracks)
    return closed


async def _recover_take(desk: Desk, take: Take) -> int:
    scene = await get_scene(desk.database, take.scene_id)
    folder = desk.settings.home.take_folder(scene.session_id, scene.number, take.number)
    castings = await castings_of(desk.database, take.scene_id)
    users = {casting.pseudonym: casting.discord_user_id for casting in castings}
    summaries = await asyncio.to_thread(_close_tracks, folder, users)
    duration = max((summary.duration_samples for summary in summaries), default=0)
    ended_at = _ended_at(take, duration)
    # Measuring takes seconds, and the panel waits for this.
    await keep_take(desk, scene.session_id, take, summaries, duration, "interrupted", ended_at, measure_later=True)
    return len(summaries)


async def measure_left_over(desk: Desk) -> None:
    """When there is time: measure the tracks of takes that were interrupted or stopped and not measured yet."""
    for track in await unmeasured_tracks(desk.database):
        spurts = [Span(start, end) for start, end in track.turns]
        quality = await asyncio.to_thread(_measure_speech, desk.settings.home.track(track.path), spurts)
        async with desk.database.transaction() as tx:
            await set_quality(tx, track.track_id, _quality_columns(quality))


def _ended_at(take: Take, duration_samples: int) -> datetime | None:
    if take.started_at is None:
        return None
    return datetime.fromisoformat(take.started_at) + timedelta(seconds=duration_samples / SAMPLE_RATE_HZ)


def _close_tracks(folder: Path, users: dict[str, int]) -> list[TrackSummary]:
    lengths: dict[Path, int] = {}
    for path in sorted(folder.glob("*.opus")):
        try:
            lengths[path] = length_on_disk(path)
        except (OSError, ValueError):
            _log.exception("%s cannot be read and is left as it is.", path.name)
    duration = max(lengths.values(), default=0)
    held = [path for path, length in lengths.items() if length and path.stem in users]
    return [summary for path in held if (summary := _close_track(path, users[path.stem], duration))]


def _close_track(path: Path, user_id: int, duration: int) -> TrackSummary | None:
    try:
        try:
            return close_track(path, user_id, duration)
        except OSError:
            # A full disk, say: the bot starts all the same, and the track is kept as far as it goes.
            _log.exception("%s cannot be closed and stays as it is.", path.name)
            return leave_open(path, user_id)
    except (OSError, ValueError):
        _log.exception("%s cannot be read and is left as it is.", path.name)
        return None


def _measure(summary: TrackSummary) -> Quality:
    return _measure_speech(summary.path, summary.spurts)


def _measure_speech(path: Path, spurts: Sequence[Span]) -> Quality:
    try:
        return measure_track(path, spurts)
    except (OSError, ValueError, RuntimeError):
        # A track is kept whatever can be said of it; a decoder's complaint is no reason to lose it.
        _log.exception("The quality of %s could not be measured.", path.name)
        return Quality(None, None)


def _facts(desk: Desk, people: dict[int, int], summary: TrackSummary, quality: Quality) -> TrackFacts:
    return TrackFacts(
        people[summary.user_id],
        desk.settings.home.relative(summary.path),
        summary.duration_samples,
        summary.received_frames,
        summary.concealed_frames,
        summary.first_speech_samples,
        summary.speech_samples,
        summary.lost_frames,
        **_quality_columns(quality),
    )


def _quality_columns(quality: Quality) -> dict[str, float | None]:
    levels = quality.levels
    return {
        "loudness_lufs": quality.loudness_lufs,
        "peak_dbfs": levels.peak_dbfs if levels else None,
        "speech_dbfs": levels.speech_dbfs if levels else None,
        "noise_dbfs": levels.noise_dbfs if levels else None,
        "clipped_share": levels.clipped_share if levels else None,
    }
