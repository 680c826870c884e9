"""Checks of the home folder: whether it is a good choice, its disk, and who can look into it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from bot.doctor.findings import Finding, warning
from bot.home.hopeless import doubt_about, why_hopeless
from bot.home.places import Home
from bot.home.privacy import is_closed, not_ours

LEAST_FREE_BYTES = 2 * 1024**3
"""An hour of twelve Opus tracks takes about 0.35 GiB; its export as FLAC takes several times as much."""


def home_findings(home: Home) -> Iterator[Finding]:
    """Check the home folder. It does not have to exist."""
    yield _disk(home)
    if home.folder.exists() and not home.folder.is_dir():
        return
    if sentence := why_hopeless(home):
        # Its files are the system's own: there is no point in looking at them.
        yield Finding("home", False, sentence)
        return
    if doubt := doubt_about(home):
        yield warning("home", doubt)
    yield _privacy(home)


def _disk(home: Home) -> Finding:
    folder = home.folder
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return Finding("disk", False, f"{folder} is a file, not a folder. Choose another home folder with --home.")
    if not os.access(folder, os.W_OK | os.X_OK):
        sentence = f"{home} cannot be written. Change its owner, or choose another folder with --home."
        return Finding("disk", False, sentence)
    free = shutil.disk_usage(folder).free
    sentence = f"{free / 1024**3:.1f} GiB free for {home}."
    if free >= LEAST_FREE_BYTES:
        return Finding("disk", True, sentence)
    return Finding("disk", False, f"{sentence} An evening needs {LEAST_FREE_BYTES // 1024**3} GiB: free some space.")


def _privacy(home: Home) -> Finding:
    if sentence := not_ours(home):
        return Finding("home", False, sentence)
    if is_closed(home):
        return Finding("home", True, f"{home} is private to the user who runs the bot.")
    return warning(
        "home", f"Other users of this machine can look into {home}. The bot makes it private when it starts."
    )
