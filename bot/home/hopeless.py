"""Folders that no bot should have as its home: it closes its home, and everything below it, to other users."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.home.errors import HomeHopeless
from bot.home.places import Home

SYSTEM_FOLDERS: Final = frozenset(
    Path("/", name)
    for name in (
        *("bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt"),
        *("proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"),
    )
)
"""The top folders of a Linux system (Filesystem Hierarchy Standard 3.0, chapter 3)."""


def why_hopeless(home: Home) -> str | None:
    """Return why a folder cannot be a home, and what to do; None if it can. Accesses the disk."""
    folder = home.folder.resolve()
    if folder == Path(folder.anchor):
        what = "is the root of the file system"
    elif folder in SYSTEM_FOLDERS:
        what = "belongs to the system"
    else:
        return None
    return (
        f"The home folder {home} {what}: the bot would close it, with everything in it, to other users. Set "
        "PROMPTBOOK_HOME, or --home, to a folder that holds nothing else."
    )


def refuse_hopeless(home: Home) -> None:
    """Raise HomeHopeless if a folder cannot be a home."""
    if sentence := why_hopeless(home):
        raise HomeHopeless(sentence)


def doubt_about(home: Home) -> str | None:
    """Return why a folder is a bad choice for a home, though it can be one; None if it is not. Accesses the disk."""
    try:
        own = Path.home().resolve()
    except RuntimeError:
        # This user has no home folder.
        return None
    folder = home.folder.resolve()
    if not own.is_relative_to(folder):
        return None
    whose = "is your own home folder" if folder == own else f"contains your own home folder {own}"
    return f"The home folder {home} {whose}: the bot closes everything in it to other users. Name a folder in it."
