"""Writes a table for people: CSV and JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from bot.dataset.rows.schema import HEADS
from bot.dataset.rows.turns import Row


def write_table(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Write `name.csv` (null is empty, lists are joined by spaces, objects are JSON) and `name.json`.

    An empty table still has its head. Raises ValueError for a row whose columns are not those of HEADS.
    """
    head = HEADS[name].split()
    if strange := [row for row in rows if list(row) != head]:
        raise ValueError(f"A row of the table {name} has other columns than its head: {', '.join(strange[0])}.")
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n" if rows else "[]\n", encoding="utf-8")
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(cast(list[str], value)) if isinstance(value, list) else value
