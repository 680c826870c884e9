"""Writing Parquet: the one module that imports pyarrow."""

# pyarrow has no type information.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bot.dataset.metadata import Column

_TYPES = {
    "string": pa.string(),
    "int32": pa.int32(),
    "float64": pa.float64(),
    "list<string>": pa.list_(pa.string()),
}


def write_parquet(path: Path, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows under an explicit schema, so that a column that is null throughout keeps its type.

    Null where the schema forbids it is an error. Nothing is compressed or encoded: these tables are small beside the
    sound, and what is in them can be searched for with `grep`.
    """
    for row in rows:
        if absent := [column.name for column in columns if row[column.name] is None and not column.nullable]:
            raise ValueError(f"A row for {path.name} has nothing in {', '.join(absent)}.")
    schema = pa.schema([pa.field(column.name, _TYPES[column.kind], column.nullable) for column in columns])
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    pq.write_table(table, path, compression="NONE", use_dictionary=False)
