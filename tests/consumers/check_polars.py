"""An export as users of Polars read it."""

# Only the consumers' environments contain Polars.
# pyright: reportMissingImports=false

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars
from comparing import compare_turns, names_in_card


def test_turns_are_equal_to_sql_on_the_store(export: Path, truth: dict[str, Any]) -> None:
    turns = polars.read_parquet(export / "data" / "turns" / "*.parquet")
    compare_turns(turns.to_dicts(), truth, names_in_card(export))


def test_other_tables_have_the_rows_of_the_store(export: Path, truth: dict[str, Any]) -> None:
    counts = {table: polars.read_parquet(export / "data" / table / "*.parquet").height for table in truth["rows"]}
    assert counts == truth["rows"]


def test_durations_can_be_summed_without_reading_sound(export: Path, truth: dict[str, Any]) -> None:
    turns = polars.scan_parquet(export / "data" / "turns" / "*.parquet")
    sums = turns.group_by("speaker_id").agg(polars.col("duration").sum()).collect()
    expected = {turn["speaker_id"]: 0.0 for turn in truth["turns"]}
    for turn in truth["turns"]:
        expected[turn["speaker_id"]] += turn["samples"] / 48_000
    found = dict(zip(sums["speaker_id"], sums["duration"], strict=True))
    assert found.keys() == expected.keys()
    assert all(abs(found[speaker] - seconds) < 1e-6 for speaker, seconds in expected.items())
