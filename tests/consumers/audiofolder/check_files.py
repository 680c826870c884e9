"""An export as playable files: what is special about its layout. Other checks are about both layouts."""

# Only the consumers' environments contain `datasets`.
# pyright: reportMissingImports=false

from __future__ import annotations

import csv
import json
from pathlib import Path

import datasets
import pandas as pd
import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

from tests.consumers.opening import Export

MAJOR = int(datasets.__version__.split(".")[0])


def test_every_file_is_named_and_every_name_is_a_file(dataset: Path) -> None:
    for folder in (dataset / "clips").iterdir():
        named = pq.read_table(folder / "metadata.parquet")["file_name"].to_pylist()
        assert sorted(named) == sorted(path.name for path in folder.iterdir() if path.name != "metadata.parquet")
        assert pd.read_parquet(folder / "metadata.parquet")["file_name"].tolist() == named


def test_the_schema_is_the_same_in_every_split(dataset: Path) -> None:
    schemas = [pq.read_schema(path) for path in (dataset / "clips").glob("*/metadata.parquet")]
    assert all(schema.equals(schemas[0]) for schema in schemas)


def test_sheets_and_objects_say_the_same(dataset: Path) -> None:
    names = {path.stem for path in (dataset / "tables").glob("*.csv")}
    assert names == {path.stem for path in (dataset / "tables").glob("*.json")}
    for name in names:
        with (dataset / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as sheet:
            head, *rows = list(csv.reader(sheet))
        objects = json.loads((dataset / "tables" / f"{name}.json").read_bytes())
        assert len(rows) == len(objects) == json.loads((dataset / "manifest.json").read_bytes())["rows"][name]
        for row, one in zip(rows, objects, strict=True):
            assert list(one) == head
            texts = {key: "" if value is None else value for key, value in one.items()}
            # An apostrophe marks what a spreadsheet would take for a formula (docs/data.md).
            assert [row[head.index(key)].removeprefix("'") for key, text in texts.items() if isinstance(text, str)] == [
                text for text in texts.values() if isinstance(text, str)
            ]


def test_the_card_says_truly_what_it_needs(dataset: Path, export: Export) -> None:
    """Version 3 loads the rows; from version 4 on, nothing loads without torchcodec."""
    assert "`torchcodec` and FFmpeg from version 4" in (dataset / "README.md").read_text("utf-8")
    if MAJOR >= 4:
        with pytest.raises(Exception, match="generating the dataset") as raised:
            load_dataset(str(dataset))
        assert "install 'torchcodec'" in str(raised.value.__cause__)
        return
    loaded = load_dataset(str(dataset))
    sides = [row["side"] for row in export.turns()]
    assert loaded.num_rows == {side: sides.count(side) for side in sides}
