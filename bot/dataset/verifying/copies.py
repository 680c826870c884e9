"""A copy of a dataset, read in the same way whatever its layout is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bot.dataset.formats.audiofolder import METADATA
from bot.dataset.formats.parquet import read_rows
from bot.dataset.formats.parquet_layout import TURNS, table_of
from bot.dataset.model.options import Layout
from bot.dataset.release.manifest import read_manifest
from bot.dataset.rows.columns import Row


@dataclass(frozen=True, slots=True)
class Turn:
    """A clip: its row, the split that its file is in, where it is, and what reads its sound, if the copy has any."""

    row: Row
    split: str
    place: str
    sound: bytes | Path | None

    def read(self) -> bytes:
        """Return the bytes of its sound; none without. Raises OSError if its file cannot be read."""
        return self.sound.read_bytes() if isinstance(self.sound, Path) else self.sound or b""


class Copy:
    """The folder of a dataset and its manifest. Raises ValueError if it is not a dataset of this version's format."""

    def __init__(self, folder: Path) -> None:
        manifest = read_manifest(folder)
        if manifest is None:
            raise ValueError(f"{folder} is not a dataset that Promptbook has exported: it has no manifest.json.")
        if "layout" not in manifest:
            raise ValueError(
                f"{folder} was exported by an earlier version, whose manifest has no hashes, or is no dataset but a "
                "log. Ask the person who gave it to you to export it again."
            )
        self.root = folder
        self.manifest: dict[str, Any] = manifest
        self.layout = Layout(manifest["layout"])
        self.has_sound = bool(manifest.get("sound", True))
        self.files = cast(Mapping[str, str], manifest["files"])

    @property
    def version(self) -> int | None:
        """The number of its version; None if it has none."""
        version = self.manifest.get("version")
        return version and version["number"]

    def present(self, name: str) -> Path | None:
        """Return the path of a file; None if it is missing."""
        path = self.root / name
        return path if path.is_file() else None

    def turns(self) -> Iterator[Turn]:
        """Yield all clips, file by file. Raises OSError or ValueError if a table cannot be read."""
        for name in self.files:
            path = self.present(name)
            parts = Path(name).parts
            if path is None:
                continue
            if self.layout is Layout.PARQUET and (place := table_of(name)) and place["table"] == TURNS:
                for row in read_rows(path):
                    sound: dict[str, Any] = row.pop("audio") if self.has_sound else {}
                    yield Turn(row, place["split"], f"{row['clip_id']} in {name}", sound.get("bytes"))
            elif self.layout is Layout.AUDIOFOLDER and parts[0] == "clips" and parts[-1] == METADATA:
                for row in read_rows(path):
                    file = path.parent / row["file_name"]
                    yield Turn(row, parts[1], f"clips/{parts[1]}/{row['file_name']}", file)

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table that is not `turns`; none if it is missing."""
        for name in self.files:
            path = self.present(name)
            if path is None:
                continue
            if self.layout is Layout.PARQUET and (place := table_of(name)) and place["table"] == table:
                yield from read_rows(path)
            elif self.layout is Layout.AUDIOFOLDER and name == f"tables/{table}.json":
                yield from json.loads(path.read_bytes())
