"""How performers sound in a sound check: each microphone by itself, and whose other voices are in it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from bot.audio.crosstalk import Leak, find_leaks
from bot.audio.levels import Levels, measure_levels
from bot.audio.sound import Samples, read
from bot.domain.ids import PersonId, UserId
from bot.live.take.track_quality import CLIPPING_SHARE, TOO_QUIET_DBFS, is_noisy
from bot.store.records import SoundFacts
from bot.voice.recording.recorder import TrackSummary

_log = logging.getLogger(__name__)

LOST_SHARE = 0.01
"""One lost frame in a hundred is a click or a blurred syllable every other second."""

ROOM_MS = 60.0
"""A voice that reaches another microphone sooner did not come through Discord, so both people are in one room."""


@dataclass(frozen=True, slots=True)
class HeardVoice:
    """Someone else's voice in a microphone: its level relative to the performer's own speech, and how it got there."""

    discord_user_id: UserId
    level_db: float
    is_same_room: bool


@dataclass(frozen=True, slots=True)
class PerformerSound:
    """One performer in a sound check. `levels` is None if they were not heard, `lost_share` if it is unknown.

    `hears` are other people's voices in their microphone, the loudest first.
    """

    discord_user_id: UserId
    levels: Levels | None
    lost_share: float | None
    hears: tuple[HeardVoice, ...] = ()

    @property
    def is_too_quiet(self) -> bool:
        """Whether they speak too quietly."""
        return self.levels is not None and self.levels.speech_dbfs < TOO_QUIET_DBFS

    @property
    def is_noisy(self) -> bool:
        """Whether their pauses are loud."""
        return self.levels is not None and is_noisy(self.levels)

    @property
    def is_clipping(self) -> bool:
        """Whether loud moments are cut off."""
        return self.levels is not None and self.levels.clipped_share > CLIPPING_SHARE

    @property
    def is_losing(self) -> bool:
        """Whether too many of their frames are lost on the way."""
        return self.lost_share is not None and self.lost_share > LOST_SHARE


def measure_performers(summaries: Sequence[TrackSummary], users: Set[UserId]) -> tuple[PerformerSound, ...]:
    """How each of these accounts sounds, in a stable order; for a thread. An account without a track was not heard."""
    found = {summary.user_id: summary for summary in summaries if summary.user_id in users}
    tracks = {user: samples for user, summary in found.items() if (samples := _decoded(summary)) is not None}
    leaks = find_leaks(tracks)
    return tuple(
        PerformerSound(
            user,
            _levels(tracks[user], found[user]) if user in tracks else None,
            _lost_share(found[user]) if user in found else None,
            _heard_by(user, leaks),
        )
        for user in sorted(users)
    )


def only(performers: Iterable[PerformerSound], users: Set[UserId]) -> tuple[PerformerSound, ...]:
    """The performers among these accounts, without anything about anyone else."""
    return tuple(
        replace(performer, hears=tuple(voice for voice in performer.hears if voice.discord_user_id in users))
        for performer in performers
        if performer.discord_user_id in users
    )


def facts_of(performers: Sequence[PerformerSound], people: Mapping[UserId, PersonId]) -> list[SoundFacts]:
    """What the store keeps, by the people behind the accounts."""
    return [_facts(performer, performers, people) for performer in performers]


def _facts(
    performer: PerformerSound, everyone: Sequence[PerformerSound], people: Mapping[UserId, PersonId]
) -> SoundFacts:
    levels = performer.levels
    leaks = [
        (voice.level_db, people[other.discord_user_id])
        for other in everyone
        for voice in other.hears
        if voice.discord_user_id == performer.discord_user_id
    ]
    loudest = max(leaks, default=None)
    return SoundFacts(
        people[performer.discord_user_id],
        levels.speech_dbfs if levels else None,
        levels.noise_dbfs if levels else None,
        levels.clipped_share if levels else None,
        performer.lost_share,
        loudest[1] if loudest else None,
        loudest[0] if loudest else None,
    )


def _decoded(summary: TrackSummary) -> Samples | None:
    try:
        return read(summary.path) if summary.duration_samples > 0 else None
    except (OSError, ValueError, RuntimeError):
        # If one track cannot be decoded, the others are still measured.
        _log.exception("A track of a sound check could not be decoded.")
        return None


def _levels(track: Samples, summary: TrackSummary) -> Levels | None:
    spurts = [track[spurt.start_samples : spurt.end_samples] for spurt in summary.spurts]
    return measure_levels(np.concatenate(spurts)) if spurts else None


def _lost_share(summary: TrackSummary) -> float | None:
    if summary.lost_frames is None or not summary.received_frames:
        return None
    return summary.lost_frames / (summary.received_frames + summary.lost_frames)


def _heard_by(user: UserId, leaks: Iterable[Leak[UserId]]) -> tuple[HeardVoice, ...]:
    voices = [
        HeardVoice(leak.source, leak.level_db, abs(leak.delay_ms) < ROOM_MS) for leak in leaks if leak.heard_by == user
    ]
    return tuple(sorted(voices, key=lambda voice: -voice.level_db))
