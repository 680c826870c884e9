"""What goes into an export: the sound, the clips divided into splits, and counts of what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dataset.audio import AudioFile, Clip, Mix, Progress, cut_clips, place_clips, write_mixes, write_tracks
from bot.dataset.errors import NothingToExport
from bot.dataset.model.index import Index
from bot.dataset.model.selection import LEFT_OUT, keep_clips, keep_consented, keep_tracks
from bot.dataset.model.splits import Splits, splits_for
from bot.dataset.rows.turns import Row, metadata_rows
from bot.domain.ids import TrackId
from bot.home.places import Home
from bot.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Contents:
    """The snapshot without what was left out, the files written from it, and one row of metadata per clip.

    `left_out` has every key of LEFT_OUT, even those with a count of 0.
    """

    snapshot: Snapshot
    tracks: dict[TrackId, AudioFile]
    clips: list[Clip]
    mixes: list[Mix]
    rows: list[Row]
    splits: Splits
    left_out: Counter[str]


def write_sound(
    database: Path, snapshot: Snapshot, home: Home, folder: Path, seed: int, progress: Progress
) -> Contents:
    """Write tracks, clips (each in the folder of its split) and mixes.

    Raises NothingToExport if no clip is left, and SplitsUnwritable if the database cannot remember a new speaker.
    """
    left_out = Counter(dict.fromkeys(LEFT_OUT, 0))
    consented, without_consent = keep_consented(snapshot)
    left_out.update(without_consent)
    _require_clips(_put_up(consented), left_out)
    tracks = write_tracks(consented, home, folder, progress)
    readable, of_unreadable = keep_tracks(consented, tracks.keys())
    clips, silent = cut_clips(readable, tracks, folder, progress)
    kept, of_silent = keep_clips(readable, {clip.turn.turn_id for clip in clips})
    left_out.update(of_unreadable + of_silent)
    left_out["tracks_unreadable"] = len(consented.tracks) - len(tracks)
    left_out["clips_unreadable"] = _put_up(consented) - _put_up(readable)
    left_out["clips_silent"] = silent
    _require_clips(len(clips), left_out)
    splits = splits_for(database, kept, _speakers(kept, clips), seed)
    rows = metadata_rows(kept, clips, tracks, splits.of_speaker)
    place_clips(zip(clips, (row["split"] for row in rows), strict=True), folder)
    mixes = write_mixes(kept, tracks, folder, progress)
    return Contents(kept, tracks, clips, mixes, rows, splits, left_out)


def _speakers(snapshot: Snapshot, clips: Sequence[Clip]) -> set[str]:
    index = Index(snapshot)
    return {index.name(index.track(clip.turn.track_id).person_id) for clip in clips}


def _put_up(snapshot: Snapshot) -> int:
    return sum(turn.is_for_rating for turn in snapshot.turns)


def _require_clips(clips: int, left_out: Counter[str]) -> None:
    if not clips:
        gone = "; ".join(f"{LEFT_OUT[reason]}: {number}" for reason, number in left_out.items() if number)
        raise NothingToExport("the chosen sessions contain no clip" + (f" (left out: {gone})" if gone else ""))
