"""A restore changes nothing unless the whole backup is good, and never deletes what it replaces."""

from __future__ import annotations

import asyncio
import io
import json
import tarfile
from pathlib import Path

import pytest

from bot.backup.errors import BackupFailed
from bot.backup.making import make_backup
from bot.backup.restoring import restore_backup
from bot.home.errors import HomeHopeless, HomeUnusable
from bot.home.lock import held_home
from bot.home.places import Home
from bot.home.privacy import private_files
from bot.store.errors import DatabaseNewer
from tests.evening import PERFORMERS, Evening, an_evening
from tests.long.backup.growing import files_below
from tests.modes import not_private


def silent(*_: object) -> None:
    """Progress that no one watches."""


@pytest.fixture
async def archive(evening: Evening, tmp_path: Path) -> Path:
    target = tmp_path / "one.tar"
    await asyncio.to_thread(make_backup, evening.home, target, silent)
    return target


async def test_a_restored_home_is_as_it_was_and_private(evening: Evening, archive: Path, tmp_path: Path):
    home = Home(tmp_path / "new" / "home")
    with private_files():
        done = restore_backup(archive, home, silent)
    assert (done.recordings, done.replaced) == (len(PERFORMERS), None)
    assert not_private(home.folder) == {}
    there, here = files_below(home), files_below(evening.home)
    tracks = {name for name in here if name.startswith("recordings/")}
    assert tracks == {name for name in there if name.startswith("recordings/")}
    assert all(there[name] == here[name] for name in tracks)
    async with an_evening(home.folder) as again:
        assert await again.row_counts() == await evening.row_counts()
        await again.play(again.live)


async def test_what_is_replaced_is_kept_and_its_clips_are_not_played(evening: Evening, archive: Path, tmp_path: Path):
    home = Home(tmp_path / "other")
    async with an_evening(home.folder) as other:
        await other.everyone_consents()
        await other.play(await other.open())
        await other.services.turns.settled()
        (home.clips / "stale.mp3").write_bytes(b"x")
        rows = await other.row_counts()
    before = files_below(home)
    with pytest.raises(
        BackupFailed, match=r"holds a database or recordings\. Name an empty folder with --home, or add"
    ):
        restore_backup(archive, home, silent)
    assert files_below(home) == before
    done = restore_backup(archive, home, silent, replace=True)
    assert done.replaced is not None
    kept = Home(done.replaced)
    assert kept.folder.parent == home.backups
    assert {name: before[name] for name in before} == files_below(kept)
    assert not home.clips.exists()
    async with an_evening(kept.folder) as former:
        assert await former.row_counts() == rows


async def test_a_home_that_a_bot_holds_is_refused(archive: Path, tmp_path: Path):
    home = Home(tmp_path / "held")
    with held_home(home), pytest.raises(HomeUnusable, match="Another bot is running"):
        restore_backup(archive, home, silent)
    with pytest.raises(HomeHopeless):
        restore_backup(archive, Home(Path("/")), silent)


def _rewritten(archive: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    """A copy of an archive with other members; None leaves one out."""
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry)
            assert content is not None
            data = change.pop(entry.name, content.read())
            if data is not None:
                entry.size = len(data)
                new.addfile(entry, io.BytesIO(data))
        for name, data in change.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data or b"")
            new.addfile(entry, io.BytesIO(data or b""))
    return target


def _track(archive: Path) -> str:
    with tarfile.open(archive) as tar:
        return next(name for name in tar.getnames() if name.startswith("recordings/"))


@pytest.mark.parametrize(
    "wrong",
    [
        *("cut off", "a changed byte", "a missing track", "another file", "a path out", "an absolute path"),
        *("no manifest", "a link", "text", "of a newer format", "missing"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(archive: Path, tmp_path: Path, wrong: str):
    bad, track = tmp_path / "bad.tar", _track(archive)
    whole = archive.read_bytes()
    match wrong:
        case "cut off":
            bad.write_bytes(whole[: len(whole) // 2])
        case "a changed byte":
            at = whole.index(b"OggS") + 2000
            bad.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        case "a missing track":
            _rewritten(archive, bad, {track: None})
        case "another file":
            _rewritten(archive, bad, {"recordings/more.opus": b"OggS"})
        case "a path out":
            _rewritten(archive, bad, {"recordings/../../out": b"x"})
        case "an absolute path":
            _rewritten(archive, bad, {str(tmp_path / "out"): b"x"})
        case "no manifest":
            _rewritten(archive, bad, {"manifest.json": None})
        case "a link":
            with tarfile.open(bad, "w") as tar:
                entry = tarfile.TarInfo("recordings/x")
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(entry)
        case "text":
            bad.write_text("not a backup" * 1000)
        case "of a newer format":
            with tarfile.open(archive) as tar:
                content = tar.extractfile("manifest.json")
                assert content is not None
                manifest = json.load(content) | {"format": 2}
            _rewritten(archive, bad, {"manifest.json": json.dumps(manifest).encode()})
        case _:
            pass
    home = Home(tmp_path / "new")
    with pytest.raises(BackupFailed, match=r"[Nn]othing was changed|There is no file"):
        restore_backup(bad, home, silent)
    assert not home.folder.exists()
    assert not (tmp_path / "out").exists()


def test_a_database_of_a_newer_version_is_refused(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = Home(tmp_path / "new")
    monkeypatch.setattr("bot.store.checking.known_migrations", lambda: [(1, "")])
    with pytest.raises(DatabaseNewer):
        restore_backup(archive, home, silent)
    assert files_below(home) == {}
