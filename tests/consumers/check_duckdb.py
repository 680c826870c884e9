"""An export as users of DuckDB query it."""

# Only the consumers' environments contain DuckDB.
# pyright: reportMissingImports=false

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from comparing import compare_turns, names_in_card


def _rows(sql: str) -> list[dict[str, Any]]:
    found = duckdb.sql(sql)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_turns_are_equal_to_sql_on_the_store(export: Path, truth: dict[str, Any]) -> None:
    rows = _rows(f"SELECT * FROM '{export}/data/turns/*.parquet'")
    compare_turns(rows, truth, names_in_card(export))


def test_other_tables_have_the_rows_of_the_store(export: Path, truth: dict[str, Any]) -> None:
    tables = {table: f"SELECT count(*) AS n FROM '{export}/data/{table}/*.parquet'" for table in truth["rows"]}
    assert {table: _rows(sql)[0]["n"] for table, sql in tables.items()} == truth["rows"]


def test_tables_join(export: Path, truth: dict[str, Any]) -> None:
    (found,) = _rows(
        f"SELECT count(*) AS ratings, count(DISTINCT turns.clip_id) AS clips "
        f"FROM '{export}/data/ratings/*.parquet' AS ratings JOIN '{export}/data/turns/*.parquet' AS turns "
        "USING (clip_id)"
    )
    rated = [turn for turn in truth["turns"] if turn["n_raters"]]
    assert found == {"ratings": truth["rows"]["ratings"], "clips": len(rated)}
    assert sum(turn["n_raters"] for turn in rated) == found["ratings"]
