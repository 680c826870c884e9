"""A home folder belongs to its user alone: what was open is closed, and what cannot be closed is reported."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import open_bot
from bot.config import load_settings
from bot.doctor.examine import examine
from bot.domain.ids import SessionId
from bot.home.errors import HomeUnusable
from bot.home.lock import held_home
from bot.home.places import Home
from bot.home.privacy import is_closed, make_private, open_to_others, private_files
from bot.ui.texts.errors import sentence_of
from tests.modes import mode_of, not_private, umask

NOBODY = 65534


@pytest.fixture
def open_home(tmp_path: Path) -> Home:
    """A home folder as an earlier version left it: it, everything in it and its parent are open to everyone."""
    with umask(0):
        home = Home(tmp_path / "srv" / "home")
        take = home.take_folder(SessionId(1), 1, 1)
        take.mkdir(parents=True)
        (take / "spk_1.opus").write_bytes(b"sound")
        home.database.write_bytes(b"")
        home.lock.touch()
    return home


def test_an_open_home_is_closed_and_the_folder_above_is_left_alone(open_home: Home):
    assert len(not_private(open_home.folder)) == 8
    assert not is_closed(open_home)
    make_private(open_home)
    assert not_private(open_home.folder) == {}
    assert is_closed(open_home)
    assert mode_of(open_home.folder.parent) == 0o777


def test_what_is_closed_already_is_not_touched(open_home: Home):
    make_private(open_home)
    changed_at = {path: path.stat().st_ctime_ns for path in open_home.folder.rglob("*")}
    make_private(open_home)
    assert list(open_to_others(open_home)) == []
    assert {path: path.stat().st_ctime_ns for path in open_home.folder.rglob("*")} == changed_at


def test_links_are_not_followed(open_home: Home, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "theirs.txt").write_text("theirs")
    (outside / "theirs.txt").chmod(0o644)
    (open_home.folder / "folder").symlink_to(outside)
    (open_home.folder / "file").symlink_to(outside / "theirs.txt")
    (open_home.folder / "nowhere").symlink_to(outside / "none")
    make_private(open_home)
    assert (mode_of(outside), mode_of(outside / "theirs.txt")) == (0o755, 0o644)
    assert (open_home.folder / "file").read_text() == "theirs"


def test_a_home_that_is_a_link_is_closed_where_it_leads(open_home: Home, tmp_path: Path):
    (tmp_path / "link").symlink_to(open_home.folder)
    make_private(Home(tmp_path / "link"))
    assert not_private(open_home.folder) == {}


def test_the_owner_keeps_what_they_may_do(open_home: Home):
    (script := open_home.folder / "backup.sh").touch()
    script.chmod(0o755)
    make_private(open_home)
    assert mode_of(script) == 0o700


@pytest.mark.parametrize("mask", [0o000, 0o022])
async def test_a_new_home_is_private_whatever_the_umask(tmp_path: Path, mask: int):
    home = Home(tmp_path / "new" / "home")
    with umask(mask):
        with held_home(home):
            assert (mode_of(home.folder), mode_of(home.lock)) == (0o700, 0o600)
        async with open_bot(load_settings({}, tmp_path / "no.env", home.folder)):
            beside = [home.folder / f"{home.database.name}{end}" for end in ("-wal", "-shm")]
            assert all(path.exists() for path in beside)
            assert not_private(home.folder) == {}
        (tmp_path / "after").touch()
    assert mode_of(tmp_path / "after") == 0o666 & ~mask, "the umask must be as it was"


async def test_a_start_closes_what_earlier_versions_left_open(open_home: Home, tmp_path: Path):
    async with open_bot(load_settings({}, tmp_path / "no.env", open_home.folder)):
        assert not_private(open_home.folder) == {}


def test_private_files_are_private_and_then_no_more(tmp_path: Path):
    with umask(0o022):
        with private_files():
            (tmp_path / "folder").mkdir()
            (tmp_path / "file").touch()
        (tmp_path / "later").touch()
    assert [mode_of(tmp_path / name) for name in ("folder", "file", "later")] == [0o700, 0o600, 0o644]


async def test_the_doctor_says_that_others_can_look_in(open_home: Home, tmp_path: Path):
    open_home.database.unlink()
    settings = load_settings({}, tmp_path / "no.env", open_home.folder)
    (before,) = [one for one in await examine(settings, sentence_of) if one.subject == "home"]
    assert (before.is_ok, before.is_warning) == (True, True)
    assert before.sentence.startswith(f"Other users of this machine can look into {open_home}. ")
    make_private(open_home)
    (after,) = [one for one in await examine(settings, sentence_of) if one.subject == "home"]
    assert (after.is_ok, after.is_warning) == (True, False)


@contextmanager
def as_nobody() -> Generator[None]:
    """Make this process another user until the block ends."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try what another user may")
@pytest.mark.parametrize("of_another", ["", "recordings"], ids=["the home folder", "a folder in it"])
async def test_a_home_of_another_user_is_told_and_not_used(of_another: str, reachable: Path):
    with umask(0):
        home = Home(reachable / "home")
        home.recordings.mkdir(parents=True)
        for path in (home.folder, home.recordings):
            os.chown(path, *((0, 0) if path == home.folder / of_another else (NOBODY, NOBODY)))
        settings = load_settings({}, home.folder / "no.env", home.folder)
        sentence = (
            f"The home folder {home} cannot be made private: {home.folder / of_another} belongs to another user. "
            f"Give it to the user who runs the bot ('sudo chown -R USER {home}'), or choose another folder with --home."
        )
        with as_nobody():
            (finding,) = [one for one in await examine(settings, sentence_of) if one.subject == "home"]
            with pytest.raises(HomeUnusable) as refused:
                async with open_bot(settings):
                    pass
        assert (finding.is_ok, finding.sentence) == (False, sentence)
        assert str(refused.value) == sentence
        assert not home.database.exists()


def test_a_home_that_is_a_file_is_told(tmp_path: Path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(HomeUnusable, match="cannot be used"), held_home(Home(tmp_path / "home")):
        pass


def test_what_goes_away_while_it_is_looked_at_is_no_trouble(open_home: Home):
    with umask(0):
        for name in "abc":
            (open_home.folder / name).touch()
    found = open_to_others(open_home)
    assert [next(found)[0].name for _ in range(3)] == ["home", ".lock", "a"]
    (open_home.folder / "b").unlink()
    assert next(found)[0].name == "c"


def test_what_goes_away_before_it_is_closed_is_no_trouble(open_home: Home, monkeypatch: pytest.MonkeyPatch):
    closed = Path.chmod

    def after_it_went(path: Path, mode: int) -> None:
        if path == open_home.lock:
            path.unlink()
        closed(path, mode)

    monkeypatch.setattr(Path, "chmod", after_it_went)
    make_private(open_home)
    assert not open_home.lock.exists()
    assert not_private(open_home.folder) == {}
