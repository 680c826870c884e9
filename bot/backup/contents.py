"""What a backup contains: the files that the store names at one moment, and how much of a file that still grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from bot.home.places import Home
from bot.store.backing_up import StoredTake
from bot.wire.ogg import valid_bytes

HALF_MADE: Final = (".closed", ".probe")
"""Suffixes of files that are written beside a track and are not one."""

_BLOCK_BYTES: Final = 1024 * 1024
_LARGEST_PAGE_BYTES: Final = 27 + 255 + 255 * 255
"""A header, 255 segments and what they can hold (RFC 3533, section 6)."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of a take: `name` is its path below the home folder. It grows while its take is running."""

    name: str
    path: Path
    is_growing: bool


def recordings_of(home: Home, takes: Sequence[StoredTake], tracks: Sequence[str]) -> list[Recording]:
    """Return the files of these takes and tracks, by name. Files of later takes are left out.

    A later take would otherwise find files in its folder that no store knows, and could not be recorded.
    """
    found = {name: Recording(name, home.track(name), is_growing=False) for name in tracks if home.track(name).is_file()}
    for take in takes:
        folder = home.take_folder(take.session_id, take.scene_number, take.take_number)
        for path in _files(folder):
            name = home.relative(path)
            found.setdefault(name, Recording(name, path, bool(take.is_running)))
    return [found[name] for name in sorted(found)]


def whole_pages(file: BinaryIO) -> int:
    """Return how many bytes of a growing track are whole Ogg pages: the last one may be half written."""
    whole, rest = 0, b""
    while block := file.read(_BLOCK_BYTES):
        rest += block
        used = valid_bytes(rest)
        whole, rest = whole + used, rest[used:]
        if len(rest) > _LARGEST_PAGE_BYTES:
            break
    return whole


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.suffix not in HALF_MADE and path.is_file() and not path.is_symlink():
                yield path
