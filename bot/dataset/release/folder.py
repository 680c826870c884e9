"""The folder of an export: it is written elsewhere on the same disk, and moved to its place when it is complete."""

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
"""What was exported and how. An export recognises an earlier one by this file."""

FORMAT: Final = "promptbook-dataset"
FORMAT_VERSION: Final = 1

PARTIAL: Final = "partial"
EARLIER: Final = "earlier"
HIDDEN: Final = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}\.(?P<purpose>\w+)")
"""The name of a folder that is about to become the export NAME, or of an earlier one while it is replaced."""


@contextmanager
def staged(out: Path, staging: Path | None = None) -> Generator[Path]:
    """Yield a new folder that becomes `out` if the block succeeds, and disappears if it fails.

    It is made in the folder `staging`, which must be on the disk of `out`; by default it is beside `out`. This process
    holds it; folders of earlier exports to `out` that no process holds are removed. If `out` is an earlier export, it
    is replaced in two renames. Raises FolderTaken if `out` is anything else.
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
    """Raise FolderTaken unless `out` is absent, an empty folder, or an earlier export to which nothing was added."""
    try:
        _refuse_foreign(out)
    except OSError as error:
        raise FolderUnwritable(out, error) from error


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest, the last file of an export, with the names of all other files."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, **facts, "files": files}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(out: Path) -> dict[str, Any] | None:
    """Return the manifest of an export; None if the folder is not an export."""
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
        raise FolderTaken(out, "is not empty and is not an earlier export")
    known = {MANIFEST.as_posix(), *cast(list[str], manifest.get("files", []))}
    for path in sorted(out.rglob("*")):
        if not path.is_dir() and path.relative_to(out).as_posix() not in known:
            raise FolderTaken(out, f"holds {path.relative_to(out).as_posix()}, which the earlier export did not write")


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
    found = ((path, HIDDEN.fullmatch(path.name)) for path in place.iterdir())
    remove_unheld(path for path, match in found if match and match.groups() == (name, purpose) and path.is_dir())


def _hidden(place: Path, name: str, purpose: str) -> Path:
    return place / f".{name}.{secrets.token_hex(4)}.{purpose}"
