"""The export's folder comes whole or not at all, and takes nobody else's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dataset.errors import FolderTaken
from bot.dataset.folder import MANIFEST, staged, write_manifest


def _export(out: Path, text: str) -> None:
    with staged(out) as folder:
        (folder / "README.md").write_text(text)
        (folder / MANIFEST).parent.mkdir()
        write_manifest(folder, {"seed": 0})


def _fail_half_way(out: Path) -> None:
    with staged(out) as folder:
        (folder / "half").write_text("")
        (folder / "absent").rename(folder / "other")


def test_it_appears_whole_with_its_parents(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    _export(out, "one")
    assert (out / "README.md").read_text() == "one"
    assert list(out.parent.iterdir()) == [out]


def test_an_earlier_export_and_an_empty_folder_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    _export(out, "one")
    _export(out, "two")
    assert (out / "README.md").read_text() == "two"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _export(out, "one")
    with pytest.raises(FileNotFoundError):
        _fail_half_way(out)
    assert (out / "README.md").read_text() == "one"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["notes.txt", "clips/train/mine.flac", "tables/export.json.bak"])
def test_an_export_somebody_added_to_is_kept(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    _export(out, "one")
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("mine")
    with pytest.raises(FolderTaken, match=f"holds {name}, which the earlier export did not write"):
        _export(out, "two")
    assert (out / "README.md").read_text() == "one"


def test_other_folders_and_files_are_kept(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.tex").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FolderTaken, match=r"folder is not empty, and not an earlier export\. Name a folder"):
        _export(tmp_path / "folder", "one")
    with pytest.raises(FolderTaken, match="file is a file"):
        _export(tmp_path / "file", "one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
