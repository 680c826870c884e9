"""What was made of a take: the small file that is written last, and says that the take is complete."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bot.dataset.sound.orders import TakeOrder

DONE: Final = "done.json"
CLIPS: Final = "clips.bin"
"""All clips of a take, one after another: a worker that writes them needs no library for tables."""


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file in the take's folder."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ClipMade:
    """A clip: where it is among the clips of its take, the bounds of its sound, and its levels."""

    name: str
    offset_bytes: int
    size_bytes: int
    sha256: str
    start_samples: int
    end_samples: int
    level_dbfs: float
    peak_dbfs: float


@dataclass(frozen=True, slots=True)
class TrackMade:
    """A track. `clips` has those in which something can be heard, in the order in which they start."""

    name: str
    file: FileMade
    clips: tuple[ClipMade, ...]


@dataclass(frozen=True, slots=True)
class TakeMade:
    """The files of a take, all `length_samples` long. A track that is not here is missing, empty or damaged.

    Without tracks, there is no other file. `dialogue` has the tracks as channels, in their order.
    """

    length_samples: int
    tracks: tuple[TrackMade, ...]
    clips: FileMade
    mix: FileMade | None
    dialogue: FileMade | None


def file_made(path: Path) -> FileMade:
    """Return a finished file as it is on the disk."""
    with path.open("rb") as file:
        return FileMade(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write_made(folder: Path, made: TakeMade) -> None:
    """Say in the take's folder that it is complete."""
    (folder / DONE).write_text(json.dumps(asdict(made)), encoding="utf-8")


def read_made(folder: Path, order: TakeOrder, *, is_checked: bool = False) -> TakeMade | None:
    """Return what was made of a take below `folder`; None if it is not complete.

    With `is_checked`, every file is compared with its hash: after a power failure, a file can be there without its
    content.
    """
    place = folder / order.digest
    try:
        made = _take(json.loads((place / DONE).read_bytes()))
        files = [made.clips, *(track.file for track in made.tracks), made.mix, made.dialogue]
        if is_checked and any(one is not None and one != file_made(place / one.name) for one in files):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made


def _take(facts: dict[str, Any]) -> TakeMade:
    tracks = tuple(
        TrackMade(one["name"], FileMade(**one["file"]), tuple(ClipMade(**clip) for clip in one["clips"]))
        for one in facts["tracks"]
    )
    mix, dialogue = (facts[name] and FileMade(**facts[name]) for name in ("mix", "dialogue"))
    return TakeMade(facts["length_samples"], tracks, FileMade(**facts["clips"]), mix, dialogue)
