"""The sound of an export: whole tracks, clips cut from them, and a mix of each take, all FLAC at 48 kHz.

At most one clip or mix is in memory at a time; tracks are written block by block. Clips are cut from the exported
tracks, so that a clip is, sample for sample, the stretch of its track that its row names.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio import sound
from bot.audio.mix import mix_tracks
from bot.dataset.model.index import Index
from bot.domain.ids import PersonId, TakeId, TrackId
from bot.home.places import Home
from bot.store.records import TargetedTurn, Track
from bot.store.snapshot import Snapshot

Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, how much of it is done, and its total."""

SILENCE_DBFS: Final = -65.0
"""A clip below this level holds no voice: rooms and microphones are about as loud, and speech is 30 dB louder."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """One file that was written; `path` is relative to the export's folder, with forward slashes."""

    path: str
    duration_samples: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Clip:
    """One turn cut out of its track, with the bounds of the sound that the track holds. `clip_id` is its name, too."""

    clip_id: str
    turn: TargetedTurn
    start_samples: int
    end_samples: int
    level_dbfs: float
    peak_dbfs: float
    sha256: str

    @property
    def file_name(self) -> str:
        """The name of the file in the folder of its split."""
        return f"{self.clip_id}.flac"


@dataclass(frozen=True, slots=True)
class Mix:
    """All exported tracks of one take in one file."""

    take_id: TakeId
    file: AudioFile
    person_ids: tuple[PersonId, ...]


def write_tracks(snapshot: Snapshot, home: Home, folder: Path, progress: Progress) -> dict[TrackId, AudioFile]:
    """Decode every track below `home` into `folder/tracks`. The result has no missing, empty or damaged track."""
    index = Index(snapshot)
    written: dict[TrackId, AudioFile] = {}
    (folder / "tracks").mkdir()
    progress("tracks", 0, len(snapshot.tracks))
    for number, track in enumerate(snapshot.tracks, 1):
        name = f"tracks/{index.track_label(track)}.flac"
        if length := _decode(home.track(track.path), folder / name):
            written[track.track_id] = AudioFile(name, length, sha256_of(folder / name))
        progress("tracks", number, len(snapshot.tracks))
    return written


def cut_clips(
    snapshot: Snapshot, tracks: Mapping[TrackId, AudioFile], folder: Path, progress: Progress
) -> tuple[list[Clip], int]:
    """Write each turn that was put up for rating into `folder/clips`. Return the clips, and how many were silent."""
    index = Index(snapshot)
    clips: list[Clip] = []
    (folder / "clips").mkdir()
    turns = [turn for turn in snapshot.turns if turn.is_for_rating]
    progress("clips", 0, len(turns))
    for number, turn in enumerate(turns, 1):
        if clip := _cut(turn, index.clip_label(turn), folder / tracks[turn.track_id].path, folder / "clips"):
            clips.append(clip)
        progress("clips", number, len(turns))
    return clips, len(turns) - len(clips)


def place_clips(clips: Iterable[tuple[Clip, str]], folder: Path) -> None:
    """Move each clip into the folder of its split."""
    for clip, split in clips:
        target = folder / "clips" / split
        target.mkdir(exist_ok=True)
        (folder / "clips" / clip.file_name).rename(target / clip.file_name)


def write_mixes(snapshot: Snapshot, tracks: Mapping[TrackId, AudioFile], folder: Path, progress: Progress) -> list[Mix]:
    """Mix the exported tracks of every take into `folder/mixes`. A mix is as long as its take."""
    index = Index(snapshot)
    by_take: defaultdict[TakeId, list[Track]] = defaultdict(list)
    for track in snapshot.tracks:
        by_take[track.take_id].append(track)
    (folder / "mixes").mkdir()
    progress("mixes", 0, len(by_take))
    mixes: list[Mix] = []
    for number, (take_id, members) in enumerate(by_take.items(), 1):
        name = f"mixes/{index.place(take_id).label}.flac"
        length = index.take(take_id).duration_samples or _longest(members, tracks)
        mixed = mix_tracks([folder / tracks[member.track_id].path for member in members], length)
        file = AudioFile(name, length, _write_flac(folder / name, mixed))
        mixes.append(Mix(take_id, file, tuple(member.person_id for member in members)))
        progress("mixes", number, len(by_take))
    return mixes


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _decode(source: Path, target: Path) -> int:
    try:
        length = sound.transcode_to_flac(source, target)
    # libsndfile raises RuntimeError whether reading or writing failed; another sample rate is a ValueError.
    except (RuntimeError, ValueError) as error:
        if _is_sound(source):
            raise OSError(f"{target.name}: {error}") from error
        length = 0
    if not length:
        target.unlink(missing_ok=True)
    return length


def _is_sound(path: Path) -> bool:
    try:
        return sum(len(block) for block in sound.read_blocks(path)) > 0
    except (RuntimeError, ValueError):
        return False


def _write_flac(path: Path, samples: sound.Samples) -> str:
    try:
        sound.write_flac(path, samples)
    except RuntimeError as error:
        raise OSError(f"{path.name}: {error}") from error
    return sha256_of(path)


def _cut(turn: TargetedTurn, clip_id: str, track: Path, folder: Path) -> Clip | None:
    samples = sound.read(track, turn.start_samples, turn.end_samples)
    level_dbfs = sound.rms_dbfs(samples)
    if level_dbfs < SILENCE_DBFS:
        return None
    sha256 = _write_flac(folder / f"{clip_id}.flac", samples)
    peak_dbfs = 20 * float(np.log10(np.abs(samples).max()))
    end_samples = turn.start_samples + len(samples)
    return Clip(clip_id, turn, turn.start_samples, end_samples, level_dbfs, peak_dbfs, sha256)


def _longest(members: Sequence[Track], tracks: Mapping[TrackId, AudioFile]) -> int:
    return max(tracks[member.track_id].duration_samples for member in members)
