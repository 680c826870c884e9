"""The manifest of an export: what was exported and how, with every file and its hash. It is written last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from bot.home.leftovers import TAKES

MANIFEST: Final = Path("manifest.json")
"""Where it is in an export. An export recognises an earlier one by this file."""

EARLIER_MANIFEST: Final = Path("tables", "export.json")
"""Where it was in format 1, which had a list of files without hashes."""

FORMAT: Final = "promptbook-dataset"
FORMAT_VERSION: Final = 2


def write_manifest(folder: Path, facts: Mapping[str, Any], files: Mapping[str, str] | None = None) -> None:
    """Write the manifest with the hashes of all other files, by their names, unless they are known already."""
    files = hashes_in(folder) if files is None else files
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, **facts, "files": dict(sorted(files.items()))}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def hashes_in(folder: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file of an export, by its name. `known` has those that were computed before."""
    known = known or {}
    paths = {path.relative_to(folder).as_posix(): path for path in paths_in(folder) if path.is_file()}
    return {name: known.get(name) or sha256_of(path) for name, path in paths.items()}


def paths_in(folder: Path) -> Iterator[Path]:
    """Yield every file and folder of an export, sorted, but not the takes that an unfinished one is made from."""
    for path in sorted(folder.iterdir()):
        if path.name != TAKES:
            yield path
            yield from sorted(path.rglob("*"))


def read_manifest(out: Path) -> dict[str, Any] | None:
    """Return the manifest of an export; None if the folder is not an export."""
    for place in (MANIFEST, EARLIER_MANIFEST):
        try:
            manifest: object = json.loads((out / place).read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(manifest, dict):
            facts = cast(dict[str, Any], manifest)
            if facts.get("format") == FORMAT:
                return facts
    return None


def files_of(out: Path) -> set[str] | None:
    """Return the names of all files that an export wrote, with its manifest; None if the folder is not an export."""
    manifest = read_manifest(out)
    if manifest is None:
        return None
    place = MANIFEST if (out / MANIFEST).exists() else EARLIER_MANIFEST
    return {place.as_posix(), *cast(list[str], manifest.get("files", []))}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
