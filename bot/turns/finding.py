"""Finds the turns of a take in its tracks: the unit of work, a pure function of files and what is known about them.

Every track is decoded once, block by block and in step with the others, so that memory does not grow with the take.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bot.audio.activity import STEP_SAMPLES, Activity, ActivityMeter, Curve, has_detector
from bot.audio.quality import Quality, measure_track
from bot.audio.sound import Decoder, Samples, SoundUnreadable, read_blocks
from bot.domain.ids import TrackId
from bot.domain.states import FoundBy
from bot.domain.turns import FoundTurn, Part, Weakest, find_turns
from bot.samples import Span
from bot.turns.leaks import Leak, find_leaks, foreign_steps
from bot.turns.speech import find_speech

WITH_VOICE, WITHOUT_VOICE = "silero-1", "level-1"
"""How turns are found, with a version that grows with every change of the rules: by the detector and the level, or by
the level alone.
"""

SMOOTHING_STEPS = 5
"""Over how many steps of 10 ms the weakest place of a stretch without a pause is looked for."""

_log = logging.getLogger(__name__)

Step = Callable[[], None]


def _on() -> None:
    """Stand in for `step` if the caller passed none."""


@dataclass(frozen=True, slots=True)
class TakeOrder:
    """A take whose turns are to be found: its tracks with their files, and where each performer could not be heard.

    All of its tracks are named, because each may hold the others' voices. `wanted` are those whose turns are found;
    None for all.
    """

    tracks: tuple[tuple[TrackId, Path], ...]
    holes: Mapping[TrackId, tuple[Span, ...]] = field(default_factory=dict[TrackId, tuple[Span, ...]])
    wanted: frozenset[TrackId] | None = None


@dataclass(frozen=True, slots=True)
class FoundTrack:
    """What was found on one track: its turns in order, its quality, and the loudest other voice on it, if any."""

    track_id: TrackId
    turns: tuple[FoundTurn, ...]
    quality: Quality
    heard: Leak[TrackId] | None


@dataclass(frozen=True, slots=True)
class FoundTake:
    """What was found in a take. `method` is how; `mix_peak` bounds every mix of the tracks (1.0 is full scale).

    A track whose file cannot be decoded is absent.
    """

    method: str
    tracks: tuple[FoundTrack, ...]
    mix_peak: float


def find_take(order: TakeOrder, step: Step = _on) -> FoundTake:
    """Find the turns of a take. It takes about a second per two minutes of sound; call it in another process.

    `step` is called for every ten seconds of it, and for every track; an exception from it ends the work. If none of
    the wanted tracks can be opened, nothing is decoded.
    """
    held = [(track_id, path) for track_id, path in order.tracks if _can_be_opened(track_id, path)]
    wanted = {track_id for track_id, _ in held} & (order.wanted or {track_id for track_id, _ in order.tracks})
    activities, mix_peak = _measure(held, step) if wanted else ({}, 0.0)
    tracks: list[FoundTrack] = []
    for track_id, path in held:
        if track_id not in activities or track_id not in wanted:
            continue
        step()
        activity = activities[track_id]
        others = {key: other for key, other in activities.items() if key != track_id}
        leaks = find_leaks(activity, others)
        turns = turns_of(
            activity, order.holes.get(track_id, ()), foreign_steps(activity, leaks, others) if leaks else None
        )
        tracks.append(FoundTrack(track_id, tuple(turns), _quality(path, turns), leaks[0] if leaks else None))
    return FoundTake(WITH_VOICE if has_detector() else WITHOUT_VOICE, tuple(tracks), mix_peak)


def turns_of(activity: Activity, holes: Sequence[Span], foreign: np.ndarray | None = None) -> list[FoundTurn]:
    """Return the turns of one track. `foreign` marks the steps that hold another performer's voice."""
    parts = [
        Part(part.span, FoundBy.VOICE if part.has_voice else FoundBy.LEVEL) for part in find_speech(activity, foreign)
    ]
    return find_turns(parts, activity.duration_samples, holes=holes, weakest=_weakest(activity.level_db))


def _can_be_opened(track_id: TrackId, path: Path) -> bool:
    try:
        with Decoder(path):
            return True
    except (OSError, SoundUnreadable) as error:
        _log.error("Track %d cannot be decoded, so no turns are found on it: %s", track_id, error)
        return False


def _measure(tracks: Sequence[tuple[TrackId, Path]], step: Step) -> tuple[dict[TrackId, Activity], float]:
    """Return the activity of every track that can be decoded, and the highest sum of absolute samples."""
    meters = {track_id: ActivityMeter() for track_id, _ in tracks}
    reading = {track_id: read_blocks(path) for track_id, path in tracks}
    peak = 0.0
    while reading:
        step()
        together: Samples = np.empty(0, np.float32)
        for track_id in list(reading):
            try:
                block = next(reading[track_id], None)
            except (OSError, RuntimeError, ValueError):
                _log.exception("Track %d cannot be decoded, so no turns are found on it.", track_id)
                block, _ = None, meters.pop(track_id)
            if block is None:
                del reading[track_id]
                continue
            meters[track_id].add(block)
            together = np.pad(together, (0, max(len(block) - len(together), 0)))
            together[: len(block)] += np.abs(block)
            del block
        peak = max(peak, float(together.max(initial=0.0)))
    return {track_id: meter.result() for track_id, meter in meters.items()}, peak


def _quality(path: Path, turns: Sequence[FoundTurn]) -> Quality:
    with suppress(OSError, RuntimeError, ValueError, MemoryError):
        return measure_track(path, (turn.speech for turn in turns))
    _log.warning("The quality of %s could not be measured.", path.name)
    return Quality(None, None)


def _weakest(level_db: Curve) -> Weakest:
    """Return a function that finds the softest 50 ms between two positions."""

    def weakest(start: int, end: int) -> int:
        first, last = start // STEP_SAMPLES, max(end // STEP_SAMPLES, start // STEP_SAMPLES + SMOOTHING_STEPS)
        power = np.convolve(10 ** (level_db[first:last] / 10), np.ones(SMOOTHING_STEPS), "valid")
        middle = first + int(np.argmin(power)) + SMOOTHING_STEPS // 2 if len(power) else (first + last) // 2
        return min(max(middle * STEP_SAMPLES, start + 1), end - 1)

    return weakest
