"""What killed exports left behind, including those of earlier versions, is removed; a person's files stay."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from bot.dataset.release.archive import zip_dataset
from bot.dataset.release.folder import staged
from bot.dataset.release.leftovers import tidy_exports
from bot.dataset.release.manifest import write_manifest
from bot.home.leftovers import hold


def an_export(out: Path, text: str = "one") -> Path:
    with staged(out) as folder:
        (folder / "README.md").write_text(text)
        (folder / "clips").mkdir()
        (folder / "clips" / "clip.flac").write_bytes(bytes(1000))
        write_manifest(folder, {"seed": 0})
    return out


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_half_made_exports_and_archives_of_any_name_go(tmp_path: Path):
    an_export(tmp_path / "session-0001")
    for name in (".session-0001.0123abcd.partial", ".our night.1.89abcdef.partial", ".session-0001.0123abcd.earlier"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "clip.flac").write_bytes(bytes(1000))
    (tmp_path / ".session-0001.0123abcd.zip").write_bytes(bytes(1000))
    assert tidy_exports(tmp_path) >= 4000
    assert names(tmp_path) == ["session-0001"]
    assert tidy_exports(tmp_path) == 0


def test_what_only_looks_like_that_stays(tmp_path: Path):
    an_export(tmp_path / "session-0001")
    folders = [".session-0001.notes.partial", ".session-0001.0123abcd.later", "session-0001.0123abcd.partial", ".git"]
    for name in folders:
        (tmp_path / name).mkdir()
    files = [".session-0001.0123abcd.partial", ".zip", ".hidden.zip", "notes.txt"]
    for name in files:
        (tmp_path / name).write_text("mine")
    assert tidy_exports(tmp_path) == 0
    assert names(tmp_path) == sorted([*folders, *files, "session-0001"])


def test_what_another_process_holds_stays(tmp_path: Path):
    partial = tmp_path / ".session-0001.0123abcd.partial"
    partial.mkdir()
    held = hold(partial)
    assert held is not None
    assert tidy_exports(tmp_path) == 0
    assert partial.exists()
    os.close(held)
    assert tidy_exports(tmp_path) > 0
    assert not partial.exists()


def test_an_export_that_was_put_aside_and_not_replaced_is_back_in_its_place(tmp_path: Path):
    an_export(tmp_path / "session-0001", "older").rename(tmp_path / ".session-0001.00000000.earlier")
    os.utime(tmp_path / ".session-0001.00000000.earlier", (1, 1))
    an_export(tmp_path / "session-0001", "newer").rename(tmp_path / ".session-0001.ffffffff.earlier")
    an_export(tmp_path / "night.2", "other").rename(tmp_path / ".night.2.0123abcd.earlier")
    tidy_exports(tmp_path)
    assert names(tmp_path) == ["night.2", "session-0001"]
    assert (tmp_path / "session-0001" / "README.md").read_text() == "newer"
    assert (tmp_path / "night.2" / "README.md").read_text() == "other"


def test_an_export_that_is_just_being_replaced_is_not_interfered_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    an_export(tmp_path / "session-0001", "one")
    rename, tidied = Path.rename, list[list[str]]()

    def rename_and_tidy(path: Path, target: Path) -> Path:
        done = rename(path, target)
        if target.name.endswith(".earlier"):
            tidy_exports(tmp_path)
            tidied.append(names(tmp_path))
        return done

    monkeypatch.setattr(Path, "rename", rename_and_tidy)
    an_export(tmp_path / "session-0001", "two")
    (seen,) = tidied
    assert {name.rpartition(".")[2] for name in seen} == {"earlier", "partial"}
    assert names(tmp_path) == ["session-0001"]
    assert (tmp_path / "session-0001" / "README.md").read_text() == "two"


def test_an_archive_beside_its_export_goes_when_it_was_made_for_an_upload(tmp_path: Path):
    out = an_export(tmp_path / "night.1")
    zip_dataset(out, tmp_path / "night.1.zip")
    size_bytes = (tmp_path / "night.1.zip").stat().st_size
    assert tidy_exports(tmp_path) == size_bytes
    assert names(tmp_path) == ["night.1"]


@pytest.mark.parametrize("kind", ["of another program", "with folders", "packed", "alone", "of another name", "no zip"])
def test_archives_that_a_person_made_stay(tmp_path: Path, kind: str):
    out = an_export(tmp_path / "night")
    archive = tmp_path / ("day.zip" if kind == "of another name" else "night.zip")
    if kind in ("alone", "of another name"):
        zip_dataset(out, archive)
        if kind == "alone":
            shutil.rmtree(out)
    elif kind == "no zip":
        archive.write_bytes(b"no zip")
    else:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED if kind == "packed" else zipfile.ZIP_STORED) as packed:
            for file in sorted(out.rglob("*")):
                if file.is_file() or kind == "with folders":
                    entry = zipfile.ZipInfo.from_file(file, f"night/{file.relative_to(out).as_posix()}")
                    # Info-ZIP stores times with each entry ("UT", APPNOTE 4.6.1, with an extra field of 5 bytes).
                    entry.extra = b"UT\x05\x00\x01\x00\x00\x00\x00" if kind == "of another program" else b""
                    entry.compress_type = packed.compression
                    packed.writestr(entry, b"" if file.is_dir() else file.read_bytes())
    assert tidy_exports(tmp_path) == 0
    assert archive.exists()


def test_a_home_without_exports_has_nothing_to_tidy(tmp_path: Path):
    assert tidy_exports(tmp_path / "exports") == 0


def test_an_archive_that_cannot_be_written_is_not_left(tmp_path: Path):
    out = an_export(tmp_path / "night")
    os.utime(out / "clips" / "clip.flac", (0, 0))
    with pytest.raises(ValueError, match="1980"):
        zip_dataset(out, tmp_path / "upload.zip")
    assert names(tmp_path) == ["night"]
