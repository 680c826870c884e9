"""Writes a table for people: CSV and JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from bot.dataset.rows.columns import Row, Table


def write_table(folder: Path, table: Table, rows: Iterable[Row]) -> int:
    """Write `NAME.csv` (null is empty, lists of words are joined by spaces, objects are JSON) and `NAME.json`.

    Returns the number of rows. An empty table still has its head. Raises ValueError for a row with other columns.
    """
    count = 0
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as sheet,
        (folder / f"{table.name}.json").open("w", encoding="utf-8") as objects,
    ):
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(table.head)
        for row in rows:
            if list(row) != table.head:
                raise ValueError(f"A row of the table {table.name} has other columns than its head: {', '.join(row)}.")
            writer.writerow([_cell(value) for value in row.values()])
            objects.write((",\n" if count else "[\n") + json.dumps(row, ensure_ascii=False))
            count += 1
        objects.write("\n]\n" if count else "[]\n")
    return count


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        items = cast(list[object], value)
        if all(isinstance(item, str) and " " not in item for item in items):
            return " ".join(map(str, items))
        return json.dumps(items, ensure_ascii=False)
    return value
