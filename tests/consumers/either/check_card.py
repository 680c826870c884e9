"""The card's snippets, which must run verbatim: the folder that they name is a link to the export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consumers.opening import Export
from tests.consumers.snippets import run_snippets

NAMED = "path/to/this/folder"


def test_the_cards_snippets_run(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAMED).parent.mkdir(parents=True)
    (tmp_path / NAMED).symlink_to(export.folder)
    card = export.folder / "README.md"
    monkeypatch.chdir(tmp_path)
    left = run_snippets(card)
    turns = list(Export(tmp_path / NAMED).turns())
    assert left["sampling_rate"] == 48_000
    assert len(left["samples"]) in {round(row["duration"] * 48_000) for row in turns}
    if export.is_parquet:
        first = next(row for row in turns if row["side"] == next(iter(left["turns"])))
        assert len(left["samples"]) == round(first["duration"] * 48_000)
        assert left["emotion"] == first["target_emotion"]
        assert {split: len(rows) for split, rows in left["turns"].items()} == _sides(turns)
        assert len(left["dialogues"]) == len(Export(tmp_path / NAMED).table("dialogues"))
        assert len(left["ratings"]) == len(Export(tmp_path / NAMED).table("ratings"))
    else:
        assert len(left["clips"]) == len(turns)
        ((split, rows),) = left["rows"].items()
        assert len(rows) == _sides(turns)[split]


def _sides(turns: list[dict[str, str]]) -> dict[str, int]:
    sides = [row["side"] for row in turns]
    return {side: sides.count(side) for side in sides}
