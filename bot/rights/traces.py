"""Looks for a pseudonym in files: in names, in text, and in the members of archives."""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SOUND: Final = frozenset({".flac", ".opus", ".wav", ".mp3"})
"""Suffixes of files whose content is sound alone: the file's own name, or a table beside it, says whose."""


def has_trace(path: Path, pseudonym: str) -> bool:
    """Whether a file, or a folder with all that is below it, names a pseudonym. What vanishes names no one."""
    return any(_names(one, pseudonym) for one in _whole(path))


def _whole(path: Path) -> Iterator[Path]:
    """Yield a path and all that is below it, names before contents: they tell faster."""
    yield path
    if path.is_dir() and not path.is_symlink():
        yield from path.rglob("*")


def _names(path: Path, pseudonym: str) -> bool:
    if pseudonym in path.name:
        return True
    if not path.is_file() or path.is_symlink() or path.suffix in _SOUND:
        return False
    try:
        return _in_archive(path, pseudonym) if path.suffix == ".zip" else _in_bytes(path, pseudonym.encode())
    except FileNotFoundError:
        return False


def _in_bytes(path: Path, text: bytes) -> bool:
    with path.open("rb") as file:
        if file.seek(0, 2) == 0:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(text) >= 0


def _in_archive(path: Path, pseudonym: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(
                pseudonym in one.filename
                or (Path(one.filename).suffix not in _SOUND and pseudonym.encode() in archive.read(one))
                for one in archive.infolist()
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return _in_bytes(path, pseudonym.encode())
