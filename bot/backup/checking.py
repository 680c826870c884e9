"""Checks the file of a backup: every member is there, at a known place, with the length and hash in the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from bot.backup.archive import DATABASE, MANIFEST, HashedFile, Manifest, Member, manifest_data, read_manifest, reading
from bot.backup.errors import BackupFailed

Progress = Callable[[str, int, int], None]
_BLOCK_BYTES = 1024 * 1024


def check_archive(path: Path, progress: Progress, place_of: Callable[[str], IO[bytes]] | None = None) -> Manifest:
    """Read a whole backup and return its manifest. `place_of` opens a file to which a member is copied.

    Raises BackupFailed if anything is missing, too much, or differs from the manifest, and OSError.
    """
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    size_bytes = path.stat().st_size
    with reading(path) as members:
        for name, content in members:
            if name == MANIFEST:
                manifest = read_manifest(path, manifest_data(path, content))
                continue
            progress(
                "check" if place_of is None else "files", sum(one.size_bytes for one in found.values()), size_bytes
            )
            found[name] = _read(content, place_of(name) if place_of else None)
    if manifest is None:
        raise BackupFailed(f"{path} is not a whole backup: its end is missing. Use another one; nothing was changed.")
    _compare(path, found, manifest.members)
    return manifest


def _read(content: IO[bytes], target: IO[bytes] | None) -> Member:
    hashed = HashedFile(content, 2**63)
    if target is None:
        while hashed.read(_BLOCK_BYTES):
            pass
        return hashed.member
    with target:
        shutil.copyfileobj(hashed, target, _BLOCK_BYTES)
    return hashed.member


def _compare(path: Path, found: Mapping[str, Member], wanted: Mapping[str, Member]) -> None:
    if DATABASE not in found:
        raise BackupFailed(f"{path} is not a whole backup: it has no database. Use another one; nothing was changed.")
    wrong = sorted({*found, *wanted} - {name for name in found if found[name] == wanted.get(name)})
    if wrong:
        raise BackupFailed(f"{path} is damaged: {wrong[0]} is not as it was. Use another backup; nothing was changed.")
