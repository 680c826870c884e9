"""An export of either layout, opened with pyarrow: the rows that are compared with its sound and with the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.consumers.reading import files_in, rows_in

Row = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """The folder of an export. Labels are returned as names, and sound as bytes."""

    folder: Path

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        return json.loads((self.folder / "manifest.json").read_bytes())

    @property
    def is_parquet(self) -> bool:
        return self.manifest["layout"] == "parquet"

    @property
    def session_ids(self) -> list[int]:
        return [int(label.removeprefix("S")) for label in self.manifest["sessions"]]

    def turns(self) -> Iterator[Row]:
        """Yield the row of every clip, with the `side` where it lies, the `name` of its file, and its `sound`."""
        for side, paths in self._turn_files().items():
            for path in paths:
                names = _names_in(path)
                for row in rows_in([path]):
                    yield {name: _named(value, names.get(name)) for name, value in row.items()} | {
                        "side": side,
                        "sound": row["audio"]["bytes"]
                        if self.is_parquet
                        else (path.parent / row["file_name"]).read_bytes(),
                        "name": row["audio"]["path"] if self.is_parquet else row["file_name"],
                    }

    def table(self, name: str) -> list[Row]:
        """Return the rows of a table without sound."""
        if not self.is_parquet:
            return json.loads((self.folder / "tables" / f"{name}.json").read_bytes())
        (path,) = files_in(self.folder)[name]["whole"]
        names = _names_in(path)
        return [{key: _named(value, names.get(key)) for key, value in row.items()} for row in rows_in([path])]

    def _turn_files(self) -> Mapping[str, list[Path]]:
        if self.is_parquet:
            return files_in(self.folder)["turns"]
        return {path.parent.name: [path] for path in sorted((self.folder / "clips").glob("*/metadata.parquet"))}


def _names_in(path: Path) -> dict[str, list[str]]:
    """Return the names of the labels in a file, by column."""
    metadata = pq.read_schema(path).metadata or {}
    features = json.loads(metadata.get(b"huggingface", b'{"info": {"features": {}}}'))["info"]["features"]
    return {name: one["names"] for name, one in features.items() if isinstance(one, dict) and "names" in one}


def _named(value: Any, names: list[str] | None) -> Any:
    return value if names is None or value is None else names[value]
