"""Writes Parquet; no other module imports pyarrow."""

# pyarrow has no type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bot.dataset.rows.turns import Column

_TYPES = {
    "string": pa.string(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "list<string>": pa.list_(pa.string()),
}


def write_parquet(path: Path, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows with an explicit schema, so that a column keeps its type even if it is null in every row.

    Raises ValueError for a null that the schema forbids. Nothing is compressed or encoded: these tables are small
    compared with the sound, and their content can be searched with `grep`.
    """
    for row in rows:
        if absent := [column.name for column in columns if row[column.name] is None and not column.nullable]:
            raise ValueError(f"A row for {path.name} has no value in {', '.join(absent)}.")
    schema = pa.schema([pa.field(column.name, _TYPES[column.kind], column.nullable) for column in columns])
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    pq.write_table(table, path, compression="NONE", use_dictionary=False)
