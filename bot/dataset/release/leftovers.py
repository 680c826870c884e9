"""Removes what killed exports left among the finished ones, even those of earlier versions. Call it from a thread.

Earlier versions wrote unfinished exports and archives for uploads there; today these have a separate folder.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bot.dataset.release.archive import is_packed_for_upload
from bot.dataset.release.folder import EARLIER, HIDDEN, PARTIAL
from bot.dataset.release.manifest import read_manifest
from bot.home.leftovers import can_be_continued, hold, remove_unheld

_log = logging.getLogger(__name__)


def tidy_exports(exports: Path) -> int:
    """Remove what ended exports left in the folder of finished ones; return how many bytes that freed.

    What living processes hold stays. An export that was put aside but not replaced is put back first. An archive is
    removed only if the export that it holds is beside it, and only if it was made for an upload.
    """
    try:
        paths = sorted(exports.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return 0
    hidden = [(path, match) for path in paths if (match := HIDDEN.fullmatch(path.name))]
    put_aside = [(path, match["name"]) for path, match in hidden if match["purpose"] == EARLIER and path.is_dir()]
    # The newest comes first: if several were put aside, it is the one that was in use last.
    for path, name in sorted(put_aside, key=lambda one: -_changed_at(one[0])):
        _put_back(path, exports / name)
    gone = [path for path, match in hidden if _is_leftover(path, match["purpose"])]
    return remove_unheld([*gone, *_archives(paths)])


def _is_leftover(path: Path, purpose: str) -> bool:
    if purpose in (PARTIAL, EARLIER):
        return path.is_dir() and not can_be_continued(path)
    return purpose == "zip" and path.is_file()


def _put_back(aside: Path, place: Path) -> None:
    if place.exists():
        return
    with suppress(BlockingIOError, FileNotFoundError):
        held = hold(aside)
        try:
            # Checked again under the lock, because the process that put it aside may have just replaced it.
            if aside.exists() and not place.exists():
                aside.rename(place)
                _log.warning("An export was put back in its place: the one that was to replace it was killed.")
        finally:
            if held is not None:
                os.close(held)


def _archives(paths: Iterable[Path]) -> list[Path]:
    return [
        path
        for path in paths
        if path.suffix == ".zip"
        and not path.name.startswith(".")
        and path.is_file()
        and read_manifest(path.with_suffix("")) is not None
        and is_packed_for_upload(path)
    ]


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime
