"""`promptbook backup` and `promptbook restore` as people call them: sentences, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from bot.home.lock import held_home
from bot.home.places import Home
from tests.cli.calling import call, sentence
from tests.evening import PERFORMERS, Evening
from tests.modes import not_private


async def test_a_backup_is_made_beside_a_bot_and_restored(evening: Evening, tmp_path: Path):
    home, archive = str(evening.home), tmp_path / "one.tar"
    done = call("backup", "one.tar", "--home", home, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{len(PERFORMERS)} recordings, ")
    assert done.stdout.endswith(f" MiB: {archive}\n")
    done = call("backup", "one.tar", "--home", home, folder=tmp_path)
    assert (done.returncode, sentence(done)) == (1, f"{archive} exists already. Name another file, or add --replace.")
    done = call("backup", "one.tar", "--home", home, "--replace", "--json", folder=tmp_path)
    told = json.loads(done.stdout)
    assert told == {
        "file": str(archive),
        "bytes": archive.stat().st_size,
        "recordings": len(PERFORMERS),
        "running_takes": 0,
        "missing": [],
    }
    done = call("restore", "one.tar", "--home", "again", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["home"], told["recordings"], told["replaced"]) == (f"{tmp_path}/again", len(PERFORMERS), None)
    assert not_private(tmp_path / "again") == {}
    done = call("doctor", "--home", "again", folder=tmp_path)
    assert "ok    recordings: All 3 tracks" in done.stdout


async def test_what_cannot_be_restored_is_refused_with_a_code(evening: Evening, tmp_path: Path):
    call("backup", "one.tar", "--home", str(evening.home), folder=tmp_path)

    def refused(*words: str) -> tuple[int, str]:
        done = call("restore", *words, folder=tmp_path)
        return done.returncode, sentence(done)

    code, told = refused("one.tar", "--home", str(evening.home))
    assert (code, told[:40]) == (1, f"The home folder {evening.home} holds a database"[:40])
    assert refused("none.tar", "--home", "new")[0] == 1
    assert refused("one.tar", "--home", "/")[0] == 3
    with held_home(Home(tmp_path / "held")):
        code, told = refused("one.tar", "--home", "held")
    assert (code, told[:22]) == (5, "Another bot is running")
    done = call("restore", "one.tar", "--home", str(evening.home), "--replace", folder=tmp_path)
    assert done.returncode == 0
    assert f"What was there before is in {evening.home.backups}/replaced-" in done.stdout


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path):
    done = call("backup", "one.tar", "--home", "none", folder=tmp_path)
    assert done.returncode == 5
    assert "nothing has been recorded there yet" in sentence(done)
    assert list(tmp_path.iterdir()) == []
