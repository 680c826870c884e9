"""The next start removes what a killed bot left unfinished; what a process holds or a person needs stays."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from bot.app import open_bot
from bot.config import load_settings
from bot.dataset.release.folder import staged
from bot.dataset.release.manifest import MANIFEST, write_manifest
from bot.domain.ids import SessionId
from bot.home.leftovers import clear_leftovers, hold, remove, remove_unheld
from bot.home.places import Home
from tests.half_way import half_way

KILOBYTE = bytes(1024)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def put(path: Path, data: bytes = KILOBYTE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_is_half_made_goes_and_all_else_stays(home: Home):
    take = home.take_folder(SessionId(1), 1, 1)
    half_made = [
        home.check_folder(SessionId(3)) / "spk_1.opus",
        home.clips / "one_0-1.0123abcd.part",
        take / "spk_1.closed",
        take / ".probe",
        home.clips / "one_0-1.ogg",
        home.half_made(home.clips / "two_0-1.mp3"),
        home.archive(home.export_folder([SessionId(1)])),
        home.unfinished / ".session-0001.0123abcd.partial" / "clips" / "train" / "1.flac",
    ]
    kept = [
        home.database,
        home.lock,
        home.journal,
        home.backups / "before-0011.sqlite3",
        take / "spk_1.opus",
        home.clips / "one_0-1.mp3",
        home.export_folder([SessionId(1)]) / "README.md",
        home.folder / "notes.part",
    ]
    for path in (*half_made, *kept):
        put(path)
    assert clear_leftovers(home) >= len(half_made) * len(KILOBYTE)
    assert files_below(home.folder) == {path.relative_to(home.folder).as_posix() for path in kept}
    assert list(home.unfinished.iterdir()) == list(home.checks.iterdir()) == []
    assert clear_leftovers(home) == 0


def test_an_empty_home_has_nothing_to_clear(home: Home):
    assert clear_leftovers(home) == 0
    assert not home.folder.exists()


def test_links_go_and_not_what_they_lead_to(home: Home, tmp_path: Path):
    mine = put(tmp_path / "mine" / "file")
    for folder in (home.checks, home.unfinished):
        folder.mkdir(parents=True)
        (folder / "folder").symlink_to(mine.parent)
        (folder / "file").symlink_to(mine)
        (folder / "nowhere").symlink_to(tmp_path / "none")
    clear_leftovers(home)
    assert list(home.checks.iterdir()) == list(home.unfinished.iterdir()) == []
    assert mine.exists()


def test_what_is_held_stays_until_it_is_let_go(home: Home):
    held_file = put(home.archive(home.export_folder([SessionId(1)])))
    held_folder = put(home.unfinished / "folder" / "file").parent
    descriptors = [hold(path) for path in (held_file, held_folder)]
    assert clear_leftovers(home) == 0
    assert files_below(home.unfinished) == {held_file.name, "folder/file"}
    for descriptor in descriptors:
        assert descriptor is not None
        os.close(descriptor)
    assert clear_leftovers(home) > 2 * len(KILOBYTE)
    assert files_below(home.unfinished) == set()


def test_what_cannot_be_removed_is_logged_and_keeps_nothing_else(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    stuck, other = put(home.unfinished / "a"), put(home.unfinished / "b")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == stuck:
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert clear_leftovers(home) == len(KILOBYTE)
    assert (stuck.exists(), other.exists()) == (True, False)
    (told,) = caplog.messages
    assert told == "An unfinished file could not be removed (Permission denied). The next start tries again."


def test_what_is_gone_already_counts_nothing(tmp_path: Path):
    assert remove(tmp_path / "none") == 0
    assert remove_unheld([tmp_path / "none"]) == 0


async def test_a_start_tells_how_much_it_freed(home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    put(home.clips / "recordings_session-0001_scene-01_take-01_spk_1234_0-1.ogg.0123abcd.part")
    put(home.exports / ".session-0001.0123abcd.zip")
    with caplog.at_level(logging.INFO, logger="bot"):
        async with open_bot(load_settings({}, tmp_path / "no.env", home.folder)):
            assert list(home.clips.iterdir()) == list(home.exports.iterdir()) == []
    (told,) = [record.getMessage() for record in caplog.records if record.name == "bot.app"]
    assert told == "Removed 2048 bytes of unfinished files that killed processes had left."
    assert "spk_" not in caplog.text


EXPORTING = """
import sys
from pathlib import Path
from bot.dataset.release.folder import staged
from bot.home.places import Home

home = Home(Path(sys.argv[1]))
out = home.export_folder([1])
with staged(out, home.staging_of(out)) as folder:
    (folder / "half").write_bytes(bytes(1024))
    print("half", flush=True)
    sys.stdin.readline()
"""


def test_an_export_that_runs_beside_a_starting_bot_is_left_alone_and_a_killed_one_goes(home: Home):
    with half_way(EXPORTING, home.folder):
        assert clear_leftovers(home) == 0
        assert [path.name for path in home.unfinished.rglob("half")] == ["half"]
        assert not home.exports.exists() or list(home.exports.iterdir()) == []
    assert clear_leftovers(home) > len(KILOBYTE)
    assert list(home.unfinished.iterdir()) == []


def test_an_export_whose_folder_is_cleared_away_before_it_is_held_makes_another(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    cleared = list[int]()
    mkdir = Path.mkdir

    def mkdir_and_clear(path: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        mkdir(path, mode, parents, exist_ok)
        if path.name.endswith(".partial") and not cleared:
            cleared.append(clear_leftovers(home))

    monkeypatch.setattr(Path, "mkdir", mkdir_and_clear)
    out = home.export_folder([SessionId(1)])
    with staged(out, home.staging_of(out)) as folder:
        write_manifest(folder, {})
    assert len(cleared) == 1
    assert (out / MANIFEST).exists()
    assert list(home.unfinished.iterdir()) == []
