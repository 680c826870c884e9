"""The snippets for data users in the project's documents, which must run verbatim: FOLDER is a link to the export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consumers.opening import Export
from tests.consumers.snippets import run_snippets

DATA = Path(__file__).resolve().parents[3] / "docs" / "data.md"


def test_the_snippets_for_data_users_run(export: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "FOLDER").symlink_to(export.folder)
    monkeypatch.chdir(tmp_path)
    left = run_snippets(DATA)
    turns = list(export.turns())
    first = next(row for row in turns if row["side"] == "train")
    assert (left["emotion"], left["rate"]) == (first["target_emotion"], 48_000)
    assert len(left["samples"]) == round(first["duration"] * 48_000)
    assert len(left["dialogues"]) == len(export.table("dialogues"))
    folds = {row["fold"] for row in turns}
    assert len(left["clips"]) == len(turns)
    assert set(left["testing"]["fold"]) == {max(folds)}
    assert set(left["training"]["fold"]) == folds - {max(folds)}
