"""The folder of an export: written beside its place under another name, and moved there when it is whole."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from bot.dataset.errors import FolderTaken, FolderUnwritable

MANIFEST: Final = Path("tables", "export.json")
"""What was exported and how; by it an export knows an earlier one."""

FORMAT: Final = "promptbook-dataset"
FORMAT_VERSION: Final = 1


@contextmanager
def staged(out: Path) -> Generator[Path]:
    """A new folder that becomes `out` when the block ends well and disappears when it does not.

    An `out` that is an earlier export is replaced then, in two renames; FolderTaken for anything else that is there.
    What exports to `out` left beside it that were ended by force goes, too.
    """
    out = out.resolve()
    refuse_foreign(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    _clear_away(out, "partial")
    staging = _sibling(out, "partial")
    staging.mkdir()
    held = _hold(staging)
    try:
        yield staging
        refuse_foreign(out)
        _replace(out, staging)
        _clear_away(out, "earlier")
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if held is not None:
            os.close(held)


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


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise FolderTaken(out, "is a file")
    if not any(out.iterdir()):
        return
    manifest = _read_manifest(out)
    if manifest is None:
        raise FolderTaken(out, "is not empty, and not an earlier export")
    known = {MANIFEST.as_posix(), *cast(list[str], manifest.get("files", []))}
    for path in sorted(out.rglob("*")):
        if not path.is_dir() and path.relative_to(out).as_posix() not in known:
            raise FolderTaken(out, f"holds {path.relative_to(out).as_posix()}, which the earlier export did not write")


def _read_manifest(out: Path) -> dict[str, Any] | None:
    try:
        manifest: object = json.loads((out / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict):
        return None
    facts = cast(dict[str, Any], manifest)
    return facts if facts.get("format") == FORMAT else None


def _replace(out: Path, staging: Path) -> None:
    if not out.exists():
        staging.rename(out)
        return
    earlier = _sibling(out, "earlier")
    out.rename(earlier)
    try:
        staging.rename(out)
    except OSError:
        earlier.rename(out)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def _hold(folder: Path) -> int | None:
    """Hold a folder for this process until the descriptor is closed, at the process's end at the latest.

    None when another process holds it, or where the file system knows no locks.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _clear_away(out: Path, purpose: str) -> None:
    """Remove what ended exports left; what another process is writing now is held by it, and stays."""
    name = re.compile(rf"\.{re.escape(out.name)}\.[0-9a-f]{{8}}\.{purpose}")
    for left in [path for path in out.parent.iterdir() if name.fullmatch(path.name) and path.is_dir()]:
        if (held := _hold(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)


def _sibling(out: Path, purpose: str) -> Path:
    return out.with_name(f".{out.name}.{secrets.token_hex(4)}.{purpose}")
