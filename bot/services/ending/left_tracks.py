"""Tracks on disk that no recorder has closed: closed at their take's length, or kept as they are.

Reads and writes files; call it from a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from bot.domain.ids import UserId
from bot.voice.recording.recorder import TrackSummary
from bot.voice.recording.recovery import close_track, leave_open, length_on_disk, trim_track

_log = logging.getLogger(__name__)


def close_left_tracks(folder: Path, users: Mapping[str, UserId], most: int | None) -> list[TrackSummary]:
    """Close the tracks in a take's folder at `most` samples, or at the length of the longest if that is None.

    `users` are the accounts by file name. A track that cannot be read stays where it is and is logged.
    """
    lengths: dict[Path, int] = {}
    for path in sorted(folder.glob("*.opus")):
        try:
            lengths[path] = length_on_disk(path)
        except (OSError, ValueError, MemoryError):
            _log.exception("%s cannot be read and is left as it is.", path.name)
    # If the take was cut, its length is known: what had not been written by then is filled with silence.
    duration = max(lengths.values(), default=0) if most is None else most
    held = [path for path, length in lengths.items() if length and path.stem in users]
    return [summary for path in held if (summary := _close_track(path, users[path.stem], duration, lengths[path]))]


def _close_track(path: Path, user_id: UserId, duration: int, length: int) -> TrackSummary | None:
    try:
        try:
            if length > duration:
                trim_track(path, duration)
            return close_track(path, user_id, duration)
        except OSError:
            # A full disk must not prevent the bot's start: the track is kept as far as it goes.
            _log.exception("%s cannot be closed and stays as it is.", path.name)
            return leave_open(path, user_id)
    except (OSError, ValueError, MemoryError):
        _log.exception("%s cannot be read and is left as it is.", path.name)
        return None
