"""An export's folder appears complete or not at all, and never replaces what is not an export."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.dataset.errors import FolderTaken
from bot.dataset.release.folder import staged
from bot.dataset.release.manifest import write_manifest
from tests.half_way import half_way


def _export(out: Path, text: str) -> None:
    with staged(out) as folder:
        (folder / "README.md").write_text(text)
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


@pytest.mark.parametrize("name", ["notes.txt", "clips/train/mine.flac", "manifest.json.bak"])
def test_an_export_someone_added_to_is_kept(tmp_path: Path, name: str) -> None:
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
    with pytest.raises(FolderTaken, match=r"folder is not empty and is not an earlier export\. Choose a folder"):
        _export(tmp_path / "folder", "one")
    with pytest.raises(FolderTaken, match="file is a file"):
        _export(tmp_path / "file", "one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


KILLED = """
import sys
from pathlib import Path
from bot.dataset.release.folder import staged

with staged(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    print("half", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_export_left_goes_with_the_next_of_the_same_name(tmp_path: Path) -> None:
    for name in ("out", "out2"):
        with half_way(KILLED, tmp_path / name):
            pass
    (tmp_path / ".out.notes.partial").mkdir()
    assert len(list(tmp_path.iterdir())) == 3
    _export(tmp_path / "out", "one")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left[0] == ".out.notes.partial"
    assert re.fullmatch(r"\.out2\.[0-9a-f]{8}\.partial", left[1])
    assert left[2:] == ["out"]


def test_what_another_export_is_writing_stays(tmp_path: Path) -> None:
    with half_way(KILLED, tmp_path / "out"):
        _export(tmp_path / "out", "one")
        (being_written,) = tmp_path.glob(".out.*.partial")
        assert (being_written / "half").read_text() == "half"
    _export(tmp_path / "out", "two")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_an_export_that_was_killed_between_its_renames_is_cleared_away_once_there_is_a_new_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _export(out, "one")
    out.rename(tmp_path / ".out.0123abcd.earlier")
    with pytest.raises(FileNotFoundError):
        _fail_half_way(out)
    assert (tmp_path / ".out.0123abcd.earlier" / "README.md").read_text() == "one"
    _export(out, "two")
    assert list(tmp_path.iterdir()) == [out]
