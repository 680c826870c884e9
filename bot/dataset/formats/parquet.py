"""Writes and reads Parquet; no other module imports pyarrow.

Nothing is compressed or encoded: sound does not get smaller, tables are small compared with it, and their content can
be searched.
"""

# pyarrow has no type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from bot.dataset.formats.features import AUDIO, METADATA_KEY, metadata_of, numbers_of
from bot.dataset.model.labels import Labels
from bot.dataset.rows.columns import Column, Names, Row

ROW_GROUP_BYTES: Final = 8 * 2**20
"""How much sound a row group has at most, which readers load at once. Two are in memory while a file is written."""

ROW_GROUP_ROWS: Final = 2_000

_TYPES = {
    "string": pa.string(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "list<string>": pa.list_(pa.string()),
    "object": pa.string(),
}
_SOUND = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


class TableFile:
    """A Parquet file that grows row by row. Use it in a `with`.

    A thread writes each row group while the rows of the next are added. The schema is explicit, so that a column keeps
    its type even if it is null in every row. With `labels`, emotions are numbers whose names are in the metadata;
    without, they are text. Raises ValueError for a null that a column forbids, and OSError, perhaps at a later row or
    at the end, if the file cannot be written.
    """

    def __init__(
        self, path: Path, columns: Sequence[Column], labels: Labels | None = None, *, has_sound: bool = False
    ) -> None:
        self._name = path.name
        self._columns = columns
        self._numbers = {kind: numbers_of(kind, labels) for kind in get_args(Names)} if labels else {}
        self._has_sound = has_sound
        sound = [pa.field(AUDIO, _SOUND)] if has_sound else []
        fields = [self._field(column) for column in columns]
        metadata = {METADATA_KEY: metadata_of(columns, labels, has_sound=has_sound)} if labels else None
        self._schema = pa.schema([*sound, *fields], metadata)
        # The lowest and the highest bytes of sound say nothing, and take a third of the time to find.
        of: Any = [column.name for column in columns] if has_sound else True
        self._writer = pq.ParquetWriter(
            path, self._schema, compression="NONE", use_dictionary=False, write_statistics=of
        )
        self._thread = ThreadPoolExecutor(1, "parquet")
        self._writing: Future[None] | None = None
        self._rows: list[Row] = []
        self._held_bytes = 0
        self.rows = 0

    def add(self, row: Row, sound: bytes | None = None, name: str | None = None) -> None:
        """Append a row, with its sound and the name of its file, which a table without sound leaves out."""
        if absent := [one.name for one in self._columns if row[one.name] is None and not one.nullable]:
            raise ValueError(f"A row for {self._name} has no value in {', '.join(absent)}.")
        values = {column.name: self._value(column, row[column.name]) for column in self._columns}
        self._rows.append({AUDIO: {"bytes": sound, "path": name}, **values} if self._has_sound else values)
        self._held_bytes += len(sound or b"") if self._has_sound else 0
        self.rows += 1
        if self._held_bytes >= ROW_GROUP_BYTES or len(self._rows) >= ROW_GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is left. The file is complete then."""
        with self._writer, self._thread:
            self._flush()
            self._wait()

    def __enter__(self) -> TableFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _flush(self) -> None:
        if self._rows:
            self._wait()
            self._writing = self._thread.submit(self._write, self._rows)
            self._rows, self._held_bytes = [], 0

    def _wait(self) -> None:
        """Wait for the row group that is being written, so that no more than two are in memory."""
        if self._writing:
            self._writing.result()

    def _write(self, rows: list[Row]) -> None:
        self._writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))

    def _field(self, column: Column) -> Any:
        # Without the card, `datasets` ignores the names of labels in a field that cannot be null.
        return pa.field(column.name, self._type(column), column.nullable or bool(self._numbers))

    def _type(self, column: Column) -> Any:
        if column.names in self._numbers:
            return pa.int64()
        if column.kind == "rows":
            return pa.list_(pa.struct([self._field(one) for one in column.fields]))
        return _TYPES[column.kind]

    def _value(self, column: Column, value: Any) -> Any:
        if value is None:
            return None
        if column.names in self._numbers:
            return self._numbers[column.names][value]
        if column.kind == "rows":
            return [{one.name: self._value(one, row[one.name]) for one in column.fields} for row in value]
        return json.dumps(value, ensure_ascii=False) if column.kind == "object" else value


def write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row], labels: Labels | None = None) -> int:
    """Write a whole table without sound; return the number of rows."""
    with TableFile(path, columns, labels) as file:
        for row in rows:
            file.add(row)
    return file.rows


def rewrite_rows(path: Path, target: Path, edit: Callable[[Row], Row | None]) -> int:
    """Write a Parquet file again with every row as `edit` returns it, without those for which it returns None.

    The schema, with its metadata, stays. One row group is in memory at a time. Returns the number of rows that are
    left. Raises ValueError if the file cannot be read.
    """
    rows = 0
    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        with pq.ParquetWriter(target, schema, compression="NONE", use_dictionary=False) as writer:
            for group in range(file.num_row_groups):
                kept = [row for one in file.read_row_group(group).to_pylist() if (row := edit(one)) is not None]
                rows += len(kept)
                if kept:
                    writer.write_table(pa.Table.from_pylist(kept, schema=schema))
    return rows


def text_in(path: Path) -> Iterable[bytes]:
    """Yield everything in a Parquet file, piece by piece, except the bytes of sound."""
    try:
        found = pq.read_metadata(path)
    except pa.ArrowInvalid:
        yield path.read_bytes()
        return
    sound: list[tuple[int, int]] = []
    for group in range(found.num_row_groups):
        for number in range(found.num_columns):
            chunk = found.row_group(group).column(number)
            if chunk.path_in_schema == f"{AUDIO}.bytes":
                sound.append((chunk.data_page_offset, chunk.total_compressed_size))
    with path.open("rb") as file:
        at = 0
        for start, size in sorted(sound):
            yield file.read(start - at)
            at = start + size
            file.seek(at)
        yield file.read()


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a Parquet file, one row group at a time. Raises ValueError if it cannot be read."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield from file.read_row_group(group).to_pylist()


def rows_in(path: Path) -> int:
    """Return how many rows a Parquet file has."""
    return pq.read_metadata(path).num_rows


def names_in(path: Path) -> list[str]:
    """Return the names of a Parquet file's columns."""
    return list(pq.read_schema(path).names)


def features_in(path: Path) -> Mapping[str, Any]:
    """Return the features that a Parquet file names in its metadata; empty if it names none."""
    metadata = pq.read_schema(path).metadata or {}
    return json.loads(metadata.get(METADATA_KEY, b'{"info": {"features": {}}}'))["info"]["features"]
