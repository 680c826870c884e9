"""An export as users of pandas read it."""

# Only the consumers' environments contain pandas.
# pyright: reportMissingImports=false

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas
import pytest
from comparing import compare_turns, names_in_card, snippets


def test_turns_are_equal_to_sql_on_the_store(export: Path, truth: dict[str, Any]) -> None:
    turns = pandas.read_parquet(export / "data" / "turns")
    # Numbers that can be null are floating-point numbers here, and null is NaN.
    rows = [{name: _value(value) for name, value in row.items()} for row in turns.to_dict("records")]
    compare_turns(rows, truth, names_in_card(export))


def _value(value: Any) -> Any:
    return None if value is None or (isinstance(value, float) and value != value) else value


def test_other_tables_have_the_rows_of_the_store(export: Path, truth: dict[str, Any]) -> None:
    counts = {table: len(pandas.read_parquet(export / "data" / table)) for table in truth["rows"]}
    assert counts == truth["rows"]


def test_the_cards_snippet_runs_verbatim(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, truth: dict[str, Any]
) -> None:
    (block,) = snippets(export, tmp_path, monkeypatch, "pandas")
    names: dict[str, Any] = {}
    exec(block, names)
    assert len(names["ratings"]) == truth["rows"]["ratings"]
