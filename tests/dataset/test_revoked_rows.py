"""No row of any table names a performer whose sounds are all revoked, whatever tables and columns there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.dataset.revoking.rows import clip_row, edited
from bot.dataset.rows.columns import Column, Row
from bot.dataset.rows.schema import TABLES
from bot.dataset.rows.turn_columns import TURN_COLUMNS
from bot.dataset.verifying.finding_revoked import Found

GONE, CLIP, TRACK, MIX = "spk_gone", "clip_gone", "tracks/gone.flac", "mixes/gone.flac"
FOUND = Found(frozenset({TRACK, MIX}), frozenset({CLIP}), frozenset({("S0001", 1, 1, GONE)}), frozenset({GONE}))
NAMED = {"session": "S0001", "clip_id": CLIP, "other_clip_id": CLIP, "file": TRACK, "mix": MIX, "person": GONE}


def value_of(column: Column) -> Any:
    """What the column has in a row that is all about the performer. Raters and their names stay."""
    if column.name in NAMED:
        return NAMED[column.name]
    if column.kind == "rows":
        return [{one.name: value_of(one) for one in column.fields}]
    if column.kind in {"int32", "int64", "float64", "bool"}:
        return 1
    is_performer = column.name.endswith("speaker_id") or column.name in {"heard_in_track_of", "partners"}
    name = GONE if is_performer else "x"
    if column.name == "mixed_speakers":
        name = GONE
    return [name] if column.kind == "list<string>" else name


def row_of(columns: tuple[Column, ...]) -> Row:
    return {column.name: value_of(column) for column in columns}


@pytest.mark.parametrize("name", TABLES)
def test_a_row_about_someone_who_is_gone_goes_or_no_longer_names_them(name: str):
    row = row_of(TABLES[name].columns)
    left = edited(name, row, FOUND)
    if name == "people":
        # Who has rated others stays as a rater, without anything about them.
        assert left is not None
        assert (left["tracks"], left["clips"], left["consents"]) == (0, 0, [])
        return
    for gone in (GONE, CLIP, TRACK, MIX):
        assert gone not in json.dumps(left), name


def test_the_rows_of_clips_go_as_well():
    assert clip_row(row_of(TURN_COLUMNS), FOUND) is None
