"""Writes a table for people: CSV and JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO, cast

from bot.dataset.rows.columns import Row, Table

_READ_AS_FORMULA = re.compile(r"['=+\-@＝＋－＠\t\r\n]")
"""How a text begins that a spreadsheet would calculate (OWASP, "CSV Injection"), or that looks as if marked here."""

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def write_table(folder: Path, table: Table, rows: Iterable[Row]) -> int:
    """Write `NAME.csv` (null is empty, lists of words are joined by spaces, objects are JSON) and `NAME.json`.

    In CSV, `as_text` marks texts that a spreadsheet would take for formulas.
    Returns the number of rows. An empty table still has its head. Raises ValueError for a row with other columns.
    """
    count = 0
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as sheet,
        (folder / f"{table.name}.json").open("w", encoding="utf-8") as objects,
    ):
        # With "\n" as its line end, Python's writer would not quote a text with "\r", which readers take for the end.
        writer = csv.writer(_Lines(sheet), lineterminator="\r\n")
        writer.writerow(table.head)
        for row in rows:
            if list(row) != table.head:
                raise ValueError(f"A row of the table {table.name} has other columns than its head: {', '.join(row)}.")
            writer.writerow([_cell(value) for value in row.values()])
            objects.write((",\n" if count else "[\n") + json.dumps(row, ensure_ascii=False))
            count += 1
        objects.write("\n]\n" if count else "[]\n")
    return count


class _Lines:
    """Writes rows that end with "\\r\\n" as lines that end with "\\n"."""

    def __init__(self, sheet: TextIO) -> None:
        self._sheet = sheet

    def write(self, row: str) -> None:
        """Write one row."""
        self._sheet.write(row.removesuffix("\r\n") + "\n")


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        items = cast(list[object], value)
        if all(isinstance(item, str) and " " not in item for item in items):
            return as_text(" ".join(map(str, items)))
        return json.dumps(items, ensure_ascii=False)
    return as_text(value) if isinstance(value, str) else value


def as_text(text: str) -> str:
    """Return a text as a spreadsheet shows it: with an apostrophe before it if it begins as a formula does.

    A text that begins with an apostrophe gets another one, so that removing one from each text that begins with it
    gives the texts as they were. A text that is a number stays as it is.
    """
    return f"'{text}" if _READ_AS_FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
