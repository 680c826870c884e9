"""An export read with pandas, Polars and DuckDB: the same rows and types as in the files."""

# Only a consumers' environment contains these libraries.
# pyright: reportMissingImports=false

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.consumers.reading import Reading, note, reading_of, with_rows, written_in

OF_POLARS = {"String": "string", "Int32": "int32", "Int64": "int64", "Float64": "float64", "Boolean": "bool"}
OF_DUCKDB = {"VARCHAR": "string", "INTEGER": "int32", "BIGINT": "int64", "DOUBLE": "float64", "BOOLEAN": "bool"}
OF_PANDAS = {
    "string": {"str"},
    "int32": {"int32"},
    "int64": {"int64"},
    "float64": {"float64"},
    "bool": {"bool"},
    "sound": {"object"},
    "list<string>": {"object"},
    "rows": {"object"},
}
"""How pandas stores each kind. A column of integers with nulls becomes `float64`, of truth values `object`."""


def _with_polars(paths: list[Path]) -> Reading:
    frame = pl.read_parquet(paths)

    def kind(found: pl.DataType) -> str:
        if isinstance(found, pl.Struct):
            return "sound"
        if isinstance(found, pl.List):
            return "rows" if isinstance(found.inner, pl.Struct) else f"list<{kind(found.inner)}>"
        return OF_POLARS[str(found)]

    return reading_of({name: kind(one) for name, one in frame.schema.items()}, frame.iter_rows(named=True))


def _with_duckdb(paths: list[Path]) -> Reading:
    found = duckdb.read_parquet([str(path) for path in paths])

    def kind(name: str) -> str:
        if name.startswith("STRUCT("):
            return "rows" if name.endswith("[]") else "sound"
        return f"list<{kind(name[:-2])}>" if name.endswith("[]") else OF_DUCKDB[name]

    kinds = {name: kind(str(one)) for name, one in zip(found.columns, found.types, strict=True)}
    return reading_of(kinds, (dict(zip(kinds, row, strict=True)) for row in found.fetchall()))


def _with_pandas(paths: list[Path], kinds: dict[str, str]) -> Reading:
    frame = pd.concat(map(pd.read_parquet, paths), ignore_index=True)
    stored = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    for name, kind in kinds.items():
        allowed = OF_PANDAS[kind]
        if frame[name].isna().any():
            allowed = {"int32": {"float64"}, "int64": {"float64"}, "bool": {"object"}}.get(kind, allowed)
        assert stored[name] in allowed, name
    return reading_of({name: kinds[name] for name in frame.columns}, map(_plain, frame.to_dict("records")))


def _plain(value: Any) -> Any:
    """What pandas has made of a value, with lists and nulls as in the file."""
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


READERS: dict[str, Callable[[list[Path], dict[str, str]], Reading]] = {
    "pandas": _with_pandas,
    "polars": lambda paths, _kinds: _with_polars(paths),
    "duckdb": lambda paths, _kinds: _with_duckdb(paths),
}


@pytest.mark.parametrize("library", READERS)
def test_everything_is_read_as_it_was_written(dataset: Path, library: str) -> None:
    written = written_in(dataset)
    read = {
        table: {split: READERS[library](paths, written[table][split].kinds) for split, paths in splits.items()}
        for table, splits in with_rows(dataset).items()
    }
    assert read == written
    note(dataset, f"{library} {version(library)}", read)
