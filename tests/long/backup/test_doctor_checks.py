"""What the doctor finds in the database and the recordings, and that it changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from bot.home.places import Home
from bot.store.migrating import known_migrations
from tests.cli.calling import GOOD_SHAPE, ROOT, call
from tests.evening import Evening


def findings(home: Home) -> tuple[int, dict[str, str]]:
    """The exit code, and what is said about each subject."""
    done = call("doctor", "--home", str(home), folder=home.folder.parent, DISCORD_TOKEN=GOOD_SHAPE)
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stdout.splitlines() if line[:4] in ("ok  ", "WARN", "FAIL")]
    return done.returncode, {line[6:].split(": ")[0]: line for line in lines}


async def test_a_running_bot_is_looked_at_and_left_alone(evening: Evening):
    code, found = findings(evening.home)
    assert code == 0
    newest = len(known_migrations())
    assert found["database"] == f"ok    database: {evening.home.database} is sound (schema version {newest})."
    assert found["recordings"] == f"ok    recordings: All 3 tracks of the database are in {evening.home.recordings}."
    await evening.play(evening.live)


async def test_recordings_that_are_missing_or_no_sound_are_named(evening: Evening):
    first, second, _ = [path for (path,) in await evening.database.fetch_all("SELECT path FROM tracks ORDER BY path")]
    evening.home.track(first).unlink()
    evening.home.track(second).write_bytes(b"something else")
    code, found = findings(evening.home)
    assert code == 0
    assert found["recordings"].startswith(
        f"WARN  recordings: 2 of 3 tracks of the database are missing or cannot be read: {first}, {second}. Check"
    )
    assert "docs/backup.md" in found["recordings"]


async def test_a_reference_to_nothing_is_found(evening: Evening):
    with closing(sqlite3.connect(evening.home.database)) as plain, plain:
        plain.execute("UPDATE tracks SET person_id = 999 WHERE track_id = 1")
    code, found = findings(evening.home)
    assert code == 1
    assert "is damaged: row 1 of tracks refers to a missing row of people." in found["database"]
    assert "promptbook restore FILE --replace" in found["database"]


async def test_a_damaged_page_is_found(evening: Evening, tmp_path: Path):
    with closing(sqlite3.connect(evening.home.database)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    home = Home(tmp_path / "copy")
    home.folder.mkdir()
    shutil.copy(evening.home.database, home.database)
    with home.database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    code, found = findings(home)
    assert code == 1
    assert found["database"].startswith("FAIL  database: ")
    assert "promptbook restore FILE --replace" in found["database"]


def test_a_file_that_is_no_database_is_found(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    home.database.write_text("not a database, but long enough" * 100)
    code, found = findings(home)
    assert code == 1
    assert "cannot be read (file is not a database)" in found["database"]


def test_an_earlier_database_is_not_brought_up_to_date_by_the_doctor(tmp_path: Path):
    with zipfile.ZipFile(ROOT / "tests" / "landed" / "home-schema-4.zip") as archive:
        archive.extractall(tmp_path)
    (database,) = tmp_path.rglob("promptbook.sqlite3")
    home = Home(database.parent)
    _, found = findings(home)
    assert "schema version 4, which the next start brings to" in found["database"]
    with closing(sqlite3.connect(home.database)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (4,)
    assert not home.backups.exists()
