"""The folder of an export: it is written elsewhere on the same disk, and moved to its place when it is complete."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.dataset.errors import FolderTaken, FolderUnwritable, Interrupted
from bot.dataset.release.manifest import files_of
from bot.dataset.sound.take import PART
from bot.home.leftovers import TAKES, can_be_continued, hold, remove, remove_unheld

PARTIAL: Final = "partial"
EARLIER: Final = "earlier"
HIDDEN: Final = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}\.(?P<purpose>\w+)")
"""The name of a folder that is about to become the export NAME, or of an earlier one while it is replaced."""


@contextmanager
def staged(out: Path, staging: Path | None = None) -> Generator[Path]:
    """Yield a folder that becomes `out` if the block succeeds, and disappears if it fails.

    It is in the folder `staging`, which must be on the disk of `out`; by default it is beside `out`. This process holds
    it. What an ended export to `out` finished of its takes is in it, in the folder `TAKES`, which is not a part of
    `out`; everything else of ended exports is removed. If the block ends with Ctrl-C or with Interrupted, the takes are
    kept for the next export. If `out` is an earlier export, it is replaced in two renames. Raises FolderTaken if `out`
    is anything else.
    """
    out = out.resolve()
    place = staging or out.parent
    refuse_foreign(out)
    for folder in (out.parent, place):
        folder.mkdir(parents=True, exist_ok=True)
    folder, held = _taken_up(place, out.name) or _new_folder(place, out.name)
    for one in (out.parent, place):
        _clear_away(one, out.name, PARTIAL)
    is_kept = False
    try:
        yield folder
        refuse_foreign(out)
        shutil.rmtree(folder / TAKES, ignore_errors=True)
        _replace(out, folder)
        _clear_away(out.parent, out.name, EARLIER)
    except (KeyboardInterrupt, Interrupted):
        is_kept = True
        raise
    finally:
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)
        _let_go(held)


def clear(folder: Path) -> None:
    """Remove everything from an unfinished export but finished takes."""
    for path in folder.iterdir():
        if path.name != TAKES:
            remove(path)
    (folder / TAKES).mkdir(exist_ok=True)
    for path in (folder / TAKES).glob(f"*{PART}"):
        remove(path)


def refuse_foreign(out: Path) -> None:
    """Raise FolderTaken unless `out` is absent, an empty folder, or an earlier export to which nothing was added."""
    try:
        _refuse_foreign(out)
    except OSError as error:
        raise FolderUnwritable(out, error) from error


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise FolderTaken(out, "is a file")
    if not any(out.iterdir()):
        return
    known = files_of(out)
    if known is None:
        raise FolderTaken(out, "is not empty and is not an earlier export")
    for path in sorted(out.rglob("*")):
        if not path.is_dir() and path.relative_to(out).as_posix() not in known:
            raise FolderTaken(out, f"holds {path.relative_to(out).as_posix()}, which the earlier export did not write")


def _taken_up(place: Path, name: str) -> tuple[Path, int] | None:
    """Return the folder of an ended export that goes on, with nothing in it but finished takes, and what holds it."""
    for path in sorted(_hidden_in(place, name, PARTIAL)):
        with suppress(OSError):
            held = hold(path) if can_be_continued(path) else None
            if held is None:
                continue
            if path.exists():
                clear(path)
                return path, held
            os.close(held)
    return None


def _new_folder(place: Path, name: str) -> tuple[Path, int | None]:
    """Return a new folder and the descriptor that holds it.

    If a bot that starts removes the folder before it is held, another one is made.
    """
    while True:
        folder = _hidden(place, name, PARTIAL)
        folder.mkdir()
        with suppress(BlockingIOError, FileNotFoundError):
            held = hold(folder)
            if folder.exists():
                return folder, held
            _let_go(held)


def _replace(out: Path, folder: Path) -> None:
    if not out.exists():
        folder.rename(out)
        return
    earlier = _hidden(out.parent, out.name, EARLIER)
    held = None
    # Held, so that a bot that starts now does not remove what is put aside as a leftover of an ended export.
    with suppress(BlockingIOError):
        held = hold(out)
    try:
        out.rename(earlier)
        try:
            folder.rename(out)
        except OSError:
            earlier.rename(out)
            raise
        shutil.rmtree(earlier, ignore_errors=True)
    finally:
        _let_go(held)


def _let_go(held: int | None) -> None:
    if held is not None:
        os.close(held)


def _clear_away(place: Path, name: str, purpose: str) -> None:
    """Remove what ended exports of a name left. What another process is writing now is held by it, and stays."""
    remove_unheld(_hidden_in(place, name, purpose))


def _hidden_in(place: Path, name: str, purpose: str) -> list[Path]:
    found = ((path, HIDDEN.fullmatch(path.name)) for path in place.iterdir())
    return [path for path, match in found if match and match.groups() == (name, purpose) and path.is_dir()]


def _hidden(place: Path, name: str, purpose: str) -> Path:
    return place / f".{name}.{secrets.token_hex(4)}.{purpose}"
