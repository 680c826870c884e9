"""Whether all files are there, and are what was exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import yaml

from bot.dataset.formats.audiofolder import METADATA
from bot.dataset.formats.features import AUDIO, features_of
from bot.dataset.formats.parquet import features_in, names_in, rows_in
from bot.dataset.formats.parquet_layout import TURNS, table_of
from bot.dataset.model.options import Layout
from bot.dataset.release.card import CARD
from bot.dataset.release.manifest import MANIFEST, paths_in, sha256_of
from bot.dataset.rows.schema import TABLES
from bot.dataset.rows.turn_columns import FILE_NAME, TURN_COLUMNS
from bot.dataset.verifying.copies import Copy
from bot.dataset.verifying.findings import Findings

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads a card ten times as fast as Python does, but PyYAML can be built without it."""


def check_files(copy: Copy, findings: Findings) -> None:
    """Compare names and hashes with the manifest."""
    there = {path.relative_to(copy.root).as_posix() for path in paths_in(copy.root) if path.is_file()}
    known = {*copy.files, MANIFEST.as_posix()}
    findings.check(f"All {len(known)} files are there.", "These files are missing", known - there)
    findings.check("There is no other file.", "These files do not belong to the dataset", there - known)
    changed = [name for name in copy.files if name in there and sha256_of(copy.root / name) != copy.files[name]]
    findings.check("The SHA-256 of every file is right.", "The content of these files has changed", changed)


def check_schemas(copy: Copy, findings: Findings) -> None:
    """Compare the columns, the features and the numbers of rows of all tables with what they should be."""
    wrong = _wrong_tables(copy) if copy.layout is Layout.PARQUET else _wrong_listings(copy)
    findings.check("Every table has its columns and rows.", "These tables have other columns or rows", wrong)
    if copy.layout is Layout.PARQUET:
        findings.check(
            "The card describes the tables as they are.",
            "The card describes these tables otherwise",
            _misdescribed(copy),
        )


def _wrong_tables(copy: Copy) -> Iterator[str]:
    counts: dict[str, int] = {}
    for name in copy.files:
        place, path = table_of(name), copy.present(name)
        if place and path:
            table = place["table"]
            sound = [AUDIO] if copy.has_sound else []
            columns = [*sound, *(one.name for one in TURN_COLUMNS)] if table == TURNS else TABLES[table].head
            if names_in(path) != columns or list(features_in(path)) != columns:
                yield name
            counts[table] = counts.get(table, 0) + rows_in(path)
    yield from (table for table, rows in copy.manifest["rows"].items() if counts.get(table) != rows)


def _wrong_listings(copy: Copy) -> Iterator[str]:
    columns = [FILE_NAME.name, *(one.name for one in TURN_COLUMNS)]
    for name in copy.files:
        path = copy.present(name)
        if path and path.name == METADATA and names_in(path) != columns:
            yield name
    for table, rows in copy.manifest["rows"].items():
        found = list(copy.rows(table))
        if len(found) != rows or any(list(row) != TABLES[table].head for row in found):
            yield table


def _misdescribed(copy: Copy) -> Iterator[str]:
    try:
        front = yaml.load((copy.root / CARD).read_text("utf-8").split("---\n")[1], _LOADER)  # noqa: S506 - a safe loader
        described = {one["config_name"]: one for one in cast(list[dict[str, Any]], front["dataset_info"])}
    except (OSError, ValueError, KeyError, IndexError, TypeError, yaml.YAMLError):
        yield CARD
        return
    for name in copy.files:
        place, path = table_of(name), copy.present(name)
        if place and path and rows_in(path):
            info = described.get(place["table"])
            if info is None or _plain(features_of(info["features"])) != _plain(features_in(path)):
                yield place["table"]


def _plain(features: Any) -> str:
    return json.dumps(features, sort_keys=True)
