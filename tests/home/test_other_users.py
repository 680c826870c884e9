"""Another user of the machine can read nothing after an evening: neither recordings nor what was made from them."""

from __future__ import annotations

import os
import subprocess
from functools import partial
from pathlib import Path

import pytest

from bot.app import open_bot
from bot.config import load_settings
from bot.dataset.export import export_dataset
from bot.dataset.process import export_apart
from bot.dataset.release.archive import zip_dataset
from bot.home.places import Home
from bot.services.exports import plan_export
from tests.evening import GUILD, PERFORMERS, an_evening
from tests.modes import not_private, umask


async def play_all(home: Home) -> None:
    """A bot's start, a take, a clip to rate, a dataset and its archive, under a umask that closes nothing."""
    with umask(0):
        async with open_bot(load_settings({}, home.folder / "no.env", home.folder)), an_evening(home.folder) as evening:
            await evening.everyone_consents()
            session = await evening.open()
            await evening.play(session)
            clip = await evening.services.ratings.next_clip(session, PERFORMERS[0])
            assert clip.path.parent == home.clips
            database, library = evening.database, evening.services.library
            order = await plan_export(database, home, library, guild_id=GUILD, session_id=session.session_id)
            result = await export_apart(partial(export_dataset, order, jobs=2), evening.workers)
            zip_dataset(result.path, home.archive(result.path))


def kinds_below(home: Home) -> set[str]:
    return {path.suffix for path in home.folder.rglob("*") if path.is_file()}


def readable_to_nobody(folder: Path) -> list[str]:
    """The files and folders below a folder that the user 65534 can read or change."""
    words = ["find", str(folder), "-mindepth", "1", "(", "-readable", "-o", "-writable", ")", "-print"]
    other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    # find exits with 1 if it cannot look into a folder, which is the expected result here.
    found = subprocess.run([*other, *words], capture_output=True, text=True, timeout=30, check=False)
    assert found.returncode in (0, 1), found.stderr
    return found.stdout.splitlines()


@pytest.mark.slow
async def test_after_an_evening_every_folder_is_0700_and_every_file_0600(tmp_path: Path):
    home = Home(tmp_path / "home")
    await play_all(home)
    assert {".sqlite3", ".opus", ".mp3", ".flac", ".parquet", ".json", ".md", ".zip"} <= kinds_below(home)
    assert not_private(home.folder) == {}


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look with another user's eyes")
async def test_another_user_can_read_nothing_even_where_the_home_folder_itself_is_opened_again(reachable: Path):
    home = Home(reachable / "home")
    await play_all(home)
    open_file = reachable / "open.txt"
    open_file.touch()
    open_file.chmod(0o644)
    assert readable_to_nobody(reachable) == [str(open_file)]
    home.folder.chmod(0o755)
    assert readable_to_nobody(home.folder) == []
    home.database.chmod(0o644)
    assert readable_to_nobody(home.folder) == [str(home.database)], "the search must find what is open"
