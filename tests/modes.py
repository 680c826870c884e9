"""File modes below a folder, and umasks for making files."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def umask(mask: int) -> Generator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def not_private(folder: Path) -> dict[str, str]:
    """Every folder below this one that is not 0700 and every file that is not 0600: its path and mode."""
    everything = [folder, *folder.rglob("*")]
    wanted = {path: 0o700 if path.is_dir() else 0o600 for path in everything if not path.is_symlink()}
    return {str(path.relative_to(folder)): oct(mode_of(path)) for path, mode in wanted.items() if mode_of(path) != mode}
