"""What an export contains, once its sound is made: what is written about it is read from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dataset.model.index import Index
from bot.dataset.model.labels import Labels
from bot.dataset.model.options import Options
from bot.dataset.model.splits import Splits
from bot.dataset.sound.made import CLIPS, ClipMade, FileMade, TakeMade, read_made
from bot.dataset.sound.orders import TakeOrder
from bot.domain.ids import TakeId, TrackId, TurnId
from bot.store.records import TargetedTurn
from bot.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A file of the dataset; `path` is relative to its folder, with forward slashes. `made` is where it is now."""

    path: str
    duration_samples: int
    sha256: str
    made: Path


@dataclass(frozen=True, slots=True)
class Clip:
    """One turn cut out of its track. `speaker` is a pseudonym, `suffix` that of the file."""

    turn: TargetedTurn
    speaker: str
    made: ClipMade
    suffix: str

    @property
    def clip_id(self) -> str:
        """Its name, unique in the dataset."""
        return self.made.name

    @property
    def file_name(self) -> str:
        """The name of its file, if it is one of its own."""
        return f"{self.clip_id}{self.suffix}"


class Takes:
    """What was made of the takes, read from the disk when it is needed: a thousand takes do not fit into memory."""

    def __init__(self, folder: Path, orders: Mapping[TakeId, TakeOrder]) -> None:
        self.place = folder
        self.orders = orders

    def made(self, take_id: TakeId) -> TakeMade:
        """Return what was made of a take."""
        made = read_made(self.place, self.orders[take_id])
        if made is None:
            raise OSError("A take that was made is no longer there.")
        return made

    def file(self, take_id: TakeId, file: FileMade, path: str, length: int) -> AudioFile:
        """Return a file of a take as a file of the dataset."""
        return AudioFile(path, length, file.sha256, self.place / self.orders[take_id].digest / file.name)

    def clips(self, take_id: TakeId) -> Path:
        """Return the file that has all clips of a take."""
        return self.place / self.orders[take_id].digest / CLIPS


@dataclass(frozen=True, slots=True)
class Contents:
    """The snapshot without what was left out, and everything that was made from it.

    `mixes` and `dialogues` are by take. `clip_bytes` has the size of every clip, by its turn. `left_out` has every key
    of LEFT_OUT, even those with a count of 0.
    """

    snapshot: Snapshot
    index: Index
    options: Options
    labels: Labels
    takes: Takes
    tracks: Mapping[TrackId, AudioFile]
    mixes: Mapping[TakeId, AudioFile]
    dialogues: Mapping[TakeId, AudioFile]
    clip_bytes: Mapping[TurnId, int]
    splits: Splits
    left_out: Counter[str]

    def clips(self) -> Iterator[tuple[Clip, bytes]]:
        """Yield every clip with its sound, in the order of takes, tracks and positions."""
        for take_id in self.mixes:
            with self.takes.clips(take_id).open("rb") as sound:
                for clip in self.clips_of(take_id):
                    sound.seek(clip.made.offset_bytes)
                    yield clip, sound.read(clip.made.size_bytes)

    def clips_of(self, take_id: TakeId) -> Iterator[Clip]:
        """Yield the clips of a take, in the order of tracks and positions."""
        turns = self.index.turns_by_label(take_id)
        for track in self.takes.made(take_id).tracks:
            for made in track.clips:
                turn = turns[made.name]
                speaker = self.index.name(self.index.track(turn.track_id).person_id)
                yield Clip(turn, speaker, made, self.options.audio.suffix)

    def bytes_of_splits(self) -> dict[str, int]:
        """Return how many bytes of clips each split has, in the order in which splits are used."""
        sizes: Counter[str] = Counter()
        for turn_id, size in self.clip_bytes.items():
            track = self.index.track(self.index.turn(turn_id).track_id)
            sizes[self.splits.of_speaker[self.index.name(track.person_id)]] += size
        return {split: sizes[split] for split in ("train", "validation", "test") if split in sizes}
