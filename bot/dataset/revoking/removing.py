"""Deletes what is revoked from a copy of a dataset, and leaves a copy that still loads.

Tables come first, the one that says whose tracks there are last among them, then the files, then the card and the
manifest: if this is interrupted, it finds the same again and can be repeated.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from bot.dataset.formats.audiofolder import METADATA
from bot.dataset.formats.listing import write_table
from bot.dataset.formats.parquet import rewrite_rows, rows_in
from bot.dataset.formats.parquet_layout import TURNS, table_of
from bot.dataset.model.options import Layout
from bot.dataset.release.card import CARD
from bot.dataset.release.manifest import hashes_in, write_manifest
from bot.dataset.revoking.rows import clip_row, edited
from bot.dataset.rows.columns import Row
from bot.dataset.rows.schema import TABLES
from bot.dataset.verifying.copies import Copy
from bot.dataset.verifying.finding_revoked import Found

_LAST: Final = "tracks"
_FENCE: Final = "---\n"


def remove_revoked(copy: Copy, found: Found) -> None:
    """Delete files and rows, and describe what is left. Raises OSError or ValueError if a file cannot be changed."""
    counts = _rewrite_parquet(copy, found) if copy.layout is Layout.PARQUET else _rewrite_listings(copy, found)
    for name in sorted(found.files):
        (copy.root / name).unlink(missing_ok=True)
    _rewrite_card(copy, found)
    splits = {name: side for name, side in copy.manifest["splits"].items() if name not in found.speakers}
    known = {"format", "format_version", "files"}
    facts = {name: value for name, value in copy.manifest.items() if name not in known}
    gone = int(facts.get("revoked_sounds", 0)) + found.sounds
    facts |= {"splits": splits, "rows": {**facts["rows"], **counts}, "revoked_sounds": gone}
    files = hashes_in(copy.root)
    files.pop("manifest.json", None)
    write_manifest(copy.root, facts, files)


def _rewrite_parquet(copy: Copy, found: Found) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in sorted(copy.files, key=_order):
        place, path = table_of(name), copy.present(name)
        if place is None or path is None:
            continue
        table = place["table"]
        rows = _rewrite(path, _editing(table, found))
        counts[table] = counts.get(table, 0) + rows
        if table == TURNS and not rows:
            # No version of `datasets` loads a split without rows.
            path.unlink()
    return counts


def _order(name: str) -> tuple[int, str]:
    place = table_of(name)
    return (0 if place is None else 1 + (place["table"] == TURNS) + 2 * (place["table"] == _LAST)), name


def _editing(table: str, found: Found) -> Callable[[Row], Row | None]:
    if table == TURNS:
        return lambda row: clip_row(row, found)
    return lambda row: edited(table, row, found)


def _rewrite_listings(copy: Copy, found: Found) -> dict[str, int]:
    tables = sorted(copy.manifest["rows"], key=lambda table: (table == _LAST, table))
    counts: dict[str, int] = {}
    for table in tables[:-1]:
        counts[table] = _rewrite_listing(copy, table, found)
    for name in copy.files:
        if Path(name).name == METADATA and (path := copy.present(name)):
            _remove_clips(path, found)
    counts[tables[-1]] = _rewrite_listing(copy, tables[-1], found)
    return counts


def _remove_clips(path: Path, found: Found) -> None:
    going: list[str] = []

    def edit(row: Row) -> Row | None:
        kept = clip_row(row, found)
        if kept is None:
            going.append(row["file_name"])
        return kept

    rows = _rewrite(path, edit)
    for name in going:
        path.with_name(name).unlink(missing_ok=True)
    if not rows:
        path.unlink()
        path.parent.rmdir()


def _rewrite(path: Path, edit: Callable[[Row], Row | None]) -> int:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        rows = rewrite_rows(path, part, edit)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _rewrite_listing(copy: Copy, table: str, found: Found) -> int:
    edit = _editing_of_listing(table, found)
    rows = [kept for row in copy.rows(table) if (kept := edit(row)) is not None]
    return write_table(copy.root / "tables", TABLES[table], rows)


def _editing_of_listing(table: str, found: Found) -> Callable[[Row], Row | None]:
    return lambda row: edited(table, row, found)


def _rewrite_card(copy: Copy, found: Found) -> None:
    """Say in the card's YAML what is there now, and in its text that something was deleted."""
    card = copy.root / CARD
    _, front, text = card.read_text("utf-8").split(_FENCE, 2)
    facts: dict[str, Any] = yaml.safe_load(front)
    facts["configs"] = [kept for one in facts["configs"] if (kept := _config(copy, one))]
    if "dataset_info" in facts:
        names = {one["config_name"] for one in facts["configs"]}
        facts["dataset_info"] = [_info(copy, one) for one in facts["dataset_info"] if one["config_name"] in names]
    front = yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=1000)
    note = (
        f"> {found.sounds} sounds of this copy were revoked and have been deleted, with the rows about them. "
        "The numbers in this text are those of the whole version.\n\n"
    )
    card.write_text(f"{_FENCE}{front}{_FENCE}\n{note}{text.lstrip()}", encoding="utf-8")


def _config(copy: Copy, config: dict[str, Any]) -> dict[str, Any] | None:
    """Return a config with the splits that have rows; None if there is none."""
    splits = [split for split in config["data_files"] if _rows_of(copy, split["path"])]
    return config | {"data_files": splits} if splits else None


def _info(copy: Copy, info: dict[str, Any]) -> dict[str, Any]:
    splits = [one for split in info["splits"] if (one := _split(copy, info["config_name"], split))["num_examples"]]
    size = sum(one["num_bytes"] for one in splits)
    return info | {"splits": splits, "download_size": size, "dataset_size": size}


def _split(copy: Copy, table: str, split: dict[str, Any]) -> dict[str, Any]:
    paths = list(_files_of(copy, f"data/{table}/{split['name']}-*"))
    rows, size = sum(map(rows_in, paths)), sum(path.stat().st_size for path in paths)
    return split | {"num_bytes": size, "num_examples": rows}


def _rows_of(copy: Copy, pattern: str) -> int:
    return sum(rows_in(path) for path in _files_of(copy, pattern))


def _files_of(copy: Copy, pattern: str) -> Iterator[Path]:
    return (path for path in sorted(copy.root.glob(pattern)) if path.suffix == ".parquet")
