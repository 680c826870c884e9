"""What a library reads from a table, in a form in which libraries and their versions can be compared."""

# Only the consumers' environments contain all of these libraries.
# pyright: reportMissingImports=false

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Tables = dict[str, dict[str, "Reading"]]
"""Tables by name, each with its splits by name."""


NOTED: list[str] = []
"""What was read in this environment, in words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one split: the kinds of its columns, how many rows, and a SHA-256 over all their values."""

    kinds: dict[str, str]
    rows: int
    sha256: str


def reading_of(kinds: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> Reading:
    """Read all rows; the order counts, and bytes count by their hash."""
    digest, count = hashlib.sha256(), 0
    for row in rows:
        digest.update(json.dumps(_plain(row), sort_keys=True).encode() + b"\n")
        count += 1
    return Reading(dict(kinds), count, digest.hexdigest())


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    # Some libraries have no integers beside nulls; what a column is supposed to be is compared as its kind.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def kind_of(kind: pa.DataType) -> str:
    """Return the name of an Arrow type: `string`, `int32`, `list<string>`, `rows` for a list of structs, and so on."""
    if pa.types.is_list(kind):
        return "rows" if pa.types.is_struct(kind.value_type) else f"list<{kind_of(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return "sound" if {field.name for field in kind} == {"bytes", "path"} else "struct"
    return {"double": "float64"}.get(str(kind), str(kind))


def files_in(dataset: Path) -> dict[str, dict[str, list[Path]]]:
    """Return the files of every split of every table, by the names of their folders and files, in order."""
    found: dict[str, dict[str, list[Path]]] = {}
    for path in sorted((dataset / "data").glob("*/*.parquet")):
        found.setdefault(path.parent.name, {}).setdefault(path.name.split("-")[0], []).append(path)
    return found


def with_rows(dataset: Path) -> dict[str, dict[str, list[Path]]]:
    """Return the files of the tables that have rows."""
    rows = json.loads((dataset / "manifest.json").read_bytes())["rows"]
    return {table: splits for table, splits in files_in(dataset).items() if rows[table]}


def rows_in(paths: Iterable[Path]) -> Iterable[dict[str, Any]]:
    """Yield the rows of Parquet files, a row group at a time."""
    for path in paths:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=64):
            yield from batch.to_pylist()


def written_in(dataset: Path) -> Tables:
    """Return what is in the files of every table with rows, read without any of the libraries to be checked."""
    return {
        table: {
            split: reading_of({field.name: kind_of(field.type) for field in pq.read_schema(paths[0])}, rows_in(paths))
            for split, paths in splits.items()
        }
        for table, splits in with_rows(dataset).items()
    }


def note(dataset: Path, library: str, tables: Tables) -> None:
    """Write down what a library with a version has read, and compare it with what others have, in any environment.

    The notes are in the folder PROMPTBOOK_READINGS, by the content of the export.
    """
    folder = Path(
        os.environ["PROMPTBOOK_READINGS"], hashlib.sha256((dataset / "manifest.json").read_bytes()).hexdigest()
    )
    folder.mkdir(parents=True, exist_ok=True)
    read = {table: {split: asdict(reading) for split, reading in splits.items()} for table, splits in tables.items()}
    (folder / f"{library}.json").write_text(json.dumps(read), encoding="utf-8")
    different = [path.stem for path in sorted(folder.iterdir()) if json.loads(path.read_bytes()) != read]
    assert not different, f"{library} read something else than {', '.join(different)}"
    rows = {table: sum(reading.rows for reading in splits.values()) for table, splits in tables.items()}
    others = sum(rows.values()) - rows["turns"]
    NOTED.append(
        f"{dataset.name}: {library} read {rows['turns']} turns and {others} rows of {len(rows) - 1} other tables"
    )
