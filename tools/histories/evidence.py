"""What a history left on the disk, read as bytes and as sound: no code of the bot's rules or store has a part in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from tools.histories.voices import heard_in, marks_in

SOUNDS = (".flac", ".opus", ".wav", ".mp3")
_TAKE = re.compile(r"S(\d+)_scene(\d+)_take(\d+)")
_FOLDER = re.compile(r"session-(\d+)/scene-(\d+)/take-(\d+)")

TakeNumbers = tuple[int, int, int]
"""Session, scene and take."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A sound file of an export: its path in it, the take that it is of, and whose voices can be heard."""

    path: str
    take: TakeNumbers
    people: frozenset[int]


def marks_below(folder: Path) -> Iterator[tuple[Path, Collection[tuple[int, int]]]]:
    """Yield every file with marked frames, and the marks."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (marks := marks_in(path.read_bytes())):
            yield path, marks


def files_with(folder: Path, wanted: Collection[bytes]) -> list[str]:
    """Return every file that has one of these bytes in its name or content."""
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(one in str(path).encode() or one in path.read_bytes() for one in wanted)
    ]


def take_of_folder(folder: str) -> TakeNumbers:
    """Return the take that the folder of its tracks names."""
    return _numbers(_FOLDER, folder)


def exported_sounds(out: Path, people: int) -> Iterator[Exported]:
    """Yield every sound file of an export with playable files."""
    for path in sorted(out.rglob("*")):
        if path.suffix in SOUNDS:
            sound = soundfile.read(path, always_2d=True)[0].astype(np.float32)
            name = path.relative_to(out).as_posix()
            yield Exported(name, _numbers(_TAKE, name), frozenset(heard_in(sound, people)))


def _numbers(pattern: re.Pattern[str], text: str) -> TakeNumbers:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"No take is named in {text}.")
    session, scene, take = map(int, found.groups())
    return session, scene, take
