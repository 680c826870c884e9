"""The folder of an export: written elsewhere on the same disk, and moved to its place when it is whole."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, cast

from bot.dataset.errors import FolderTaken, FolderUnwritable
from bot.home.leftovers import hold, remove_unheld

MANIFEST: Final = Path("tables", "export.json")
"""What was exported and how; by it an export knows an earlier one."""

FORMAT: Final = "promptbook-dataset"
FORMAT_VERSION: Final = 1

PARTIAL: Final = "partial"
EARLIER: Final = "earlier"
HIDDEN: Final = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}\.(?P<purpose>\w+)")
"""What a folder is called on its way: to the place of the export NAME, or out of it while it is replaced."""


@contextmanager
def staged(out: Path, staging: Path | None = None) -> Generator[Path]:
    """A new folder that becomes `out` when the block ends well and disappears when it does not.

    It is made in the folder `staging`, which is on the disk of `out`; by default beside it. This process holds it, and
    what no process holds of exports to `out` goes. An `out` that is an earlier export is replaced when the block ends
    well, in two renames; FolderTaken for anything else that is there.
    """
    out = out.resolve()
    place = staging or out.parent
    refuse_foreign(out)
    for folder in (out.parent, place):
        folder.mkdir(parents=True, exist_ok=True)
        _clear_away(folder, out.name, PARTIAL)
    folder, held = _new_folder(place, out.name)
    try:
        yield folder
        refuse_foreign(out)
        _replace(out, folder)
        _clear_away(out.parent, out.name, EARLIER)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _let_go(held)


def refuse_foreign(out: Path) -> None:
    """FolderTaken unless `out` is absent, an empty folder, or an earlier export to which nothing was added."""
    try:
        _refuse_foreign(out)
    except OSError as error:
        raise FolderUnwritable(out, error) from error


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest with the names of all files there are; the last file of an export."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, **facts, "files": files}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(out: Path) -> dict[str, Any] | None:
    """What was written with an export; None for a folder that is none."""
    try:
        manifest: object = json.loads((out / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict):
        return None
    facts = cast(dict[str, Any], manifest)
    return facts if facts.get("format") == FORMAT else None


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise FolderTaken(out, "is a file")
    if not any(out.iterdir()):
        return
    manifest = read_manifest(out)
    if manifest is None:
        raise FolderTaken(out, "is not empty, and not an earlier export")
    known = {MANIFEST.as_posix(), *cast(list[str], manifest.get("files", []))}
    for path in sorted(out.rglob("*")):
        if not path.is_dir() and path.relative_to(out).as_posix() not in known:
            raise FolderTaken(out, f"holds {path.relative_to(out).as_posix()}, which the earlier export did not write")


def _new_folder(place: Path, name: str) -> tuple[Path, int | None]:
    """A new folder and the descriptor that holds it; made again when a starting bot cleared it away before that."""
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
    # Held, so that a bot that starts now does not take what is put aside for what an ended export left.
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
    """Remove what ended exports of a name left; what another process is writing now is held by it, and stays."""
    found = ((path, HIDDEN.fullmatch(path.name)) for path in place.iterdir())
    remove_unheld(path for path, match in found if match and match.groups() == (name, purpose) and path.is_dir())


def _hidden(place: Path, name: str, purpose: str) -> Path:
    return place / f".{name}.{secrets.token_hex(4)}.{purpose}"
