"""Who can read what the command line exports: no one else in the home folder; elsewhere, as the umask says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.home.places import Home
from tests.evening import an_evening
from tests.modes import mode_of, not_private

ROOT = Path(__file__).parents[2]


def export(home: Home, *words: str, command: str = "export") -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", command, "--home", str(home), *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        umask=0o022,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
async def played(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    async with an_evening(home.folder) as evening:
        await evening.everyone_consents()
        await evening.play(await evening.open())
    return home


@pytest.mark.slow
def test_a_dataset_or_log_is_private_in_the_home_folder_and_as_the_umask_says_elsewhere(played: Home, tmp_path: Path):
    export(played)
    export(played, "--out", str(played.folder / "mine" / "set"))
    export(played, "--out", str(tmp_path / "shared" / "set"))
    export(played, command="export-log")
    export(played, "--out", str(tmp_path / "shared" / "log"), command="export-log")
    for private in (played.exports, played.unfinished, played.folder / "mine"):
        assert not_private(private) == {}
    shared = [tmp_path / "shared", *(tmp_path / "shared").rglob("*")]
    assert {mode_of(path) for path in shared if path.is_dir()} == {0o755}
    assert {mode_of(path) for path in shared if path.is_file()} == {0o644}
    assert list(played.unfinished.iterdir()) == []
    assert sorted(path.name for path in (tmp_path / "shared").iterdir()) == ["log", "set"]
