"""No cell of a CSV is a formula, and every text can be had as it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.dataset.formats.listing import as_text, write_table
from bot.dataset.rows.columns import Table, columns

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")', "-", "＝1+1", "'=1")
NOTES = Table("notes", "", columns("at:number text? counts:strings seen:object"))


def cells(folder: Path, texts: list[str | None]) -> list[str]:
    rows = [{"at": -3.5, "text": text, "counts": ["=a", "b"], "seen": {"text": text}} for text in texts]
    write_table(folder, NOTES, rows)
    assert [row["text"] for row in json.loads((folder / "notes.json").read_text("utf-8"))] == texts
    with (folder / "notes.csv").open(encoding="utf-8", newline="") as sheet:
        found = list(csv.DictReader(sheet))
    assert {row["at"] for row in found} == {"-3.5"}, "a number stays a number"
    assert {row["counts"] for row in found} == {"'=a b"}
    assert [json.loads(row["seen"])["text"] for row in found] == texts
    return [row["text"] for row in found]


def test_a_text_that_a_spreadsheet_would_calculate_is_marked(tmp_path: Path):
    assert cells(tmp_path, list(FORMULAS)) == [f"'{text}" for text in FORMULAS]


def test_other_texts_and_numbers_stay_as_they_are(tmp_path: Path):
    texts = ["a=b", "-3.5", "+4", "-12", "it's", "", "2026-01-01T00:00:00Z"]
    assert cells(tmp_path, [*texts, None]) == [*texts, ""]


@given(st.text())
def test_every_text_can_be_had_as_it_was(text: str):
    assert as_text(text).removeprefix("'") == text
    assert as_text(text)[:1] not in ("=", "@", "\t", "\r")
