"""An erasure whose process is killed in any of its steps is complete after the next start: nothing of them is left."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.release.archive import zip_dataset
from bot.domain.erasing import ErasureStep
from bot.domain.ids import SessionId
from bot.home.places import Home
from tests.evening import PERFORMERS, Evening, an_evening
from tests.rights.traces import account_bytes, found_below

ERASED, *OTHERS = PERFORMERS
NAME = "Wilhelmina Oddfellow"

ERASE = """
import os, signal, sys
from pathlib import Path
from bot.domain.erasing import Asker, ErasureWish
from bot.home.places import Home
from bot.rights import steps
from bot.rights.asking import ask_erasure

home, user, killed_in, is_late = Home(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3], sys.argv[4] == "late"
note, do = steps.step_done, steps.do_step

def killed_before_it_is_noted(tx, erasure, step, counts):
    if step == killed_in and not is_late:
        os.kill(os.getpid(), signal.SIGKILL)
    note(tx, erasure, step, counts)

def killed_when_it_is_noted(home, erasure_id, step, now):
    do(home, erasure_id, step, now)
    if step == killed_in:
        os.kill(os.getpid(), signal.SIGKILL)

steps.step_done, steps.do_step = killed_before_it_is_noted, killed_when_it_is_noted
begun = ask_erasure(home, user, ErasureWish(Asker.PERSON, "2100-01-01T00:00:00.000Z", names=("Wilhelmina Oddfellow",)))
steps.do_all_steps(home, begun.erasure_id, "2100-01-01T00:00:00.000Z")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a take, a note, exports in both layouts, an archive and copies of the database."""
    folder = tmp_path_factory.mktemp("erased") / "home"
    asyncio.run(_play(folder))
    return folder


async def _play(folder: Path) -> None:
    async with an_evening(folder) as evening:
        await evening.everyone_consents()
        session = await evening.open()
        await evening.play(session)
        await evening.services.turns.settled()
        moment = await evening.services.notes.moment_at(session, asyncio.get_running_loop().time())
        await evening.services.notes.write(session.session_id, f"{NAME} whispers well.", moment)
        await evening.services.sessions.end(session)
        await asyncio.to_thread(_export, evening, session.session_id)
    home = Home(folder)
    home.backups.mkdir(exist_ok=True)
    shutil.copy(home.database, home.backups / "promptbook-schema-22-20260101T000000Z.sqlite3")
    replaced = home.replaced("20260101T000000Z")
    for one, other in ((home.recordings, replaced.recordings), (home.clips, replaced.clips)):
        shutil.copytree(one, other)
    shutil.copy(home.database, replaced.database)


def _export(evening: Evening, session_id: SessionId) -> None:
    home = evening.home
    for layout in Layout:
        out = home.exports / layout.value
        export_dataset(ExportOrder(home.database, home, out, [session_id], Options(layout, has_dialogues=True)))
    zip_dataset(home.exports / "parquet", home.exports / "given.zip")


def tracks(home: Home) -> dict[str, bytes]:
    return {path.relative_to(home.folder).as_posix(): path.read_bytes() for path in home.folder.rglob("*.opus")}


@pytest.mark.parametrize("moment", ["early", "late"])
@pytest.mark.parametrize("step", list(ErasureStep))
async def test_it_goes_on_at_the_next_start(home: Path, tmp_path: Path, step: ErasureStep, moment: str):
    there = Home(shutil.copytree(home, tmp_path / "home"))
    name = _pseudonym(there)
    before = tracks(there)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ERASE, str(there), str(ERASED), step, moment],
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    async with an_evening(there.folder) as again:
        async with asyncio.timeout(30):
            while await again.value("SELECT count(*) FROM erasures WHERE finished_at IS NULL"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await again.services.erasures.settled()
        assert await again.value("SELECT count(*) FROM erasures") == 1
    words = [*account_bytes(ERASED), NAME.encode(), b"Oddfellow"]
    assert list(found_below(there, words)) == []
    after = tracks(there)
    assert after == {path: content for path, content in before.items() if name not in path}
    assert len(after) == 2 * len(OTHERS), "those of the others, here and in the home that was replaced"
    assert not any(there.exports.iterdir()), "they had a voice that is gone, and are not made again"
    assert there.database_copies() == []
    assert not _sounds_like_them(there, before, name)


def _pseudonym(home: Home) -> str:
    with closing(sqlite3.connect(home.database)) as database:
        row = database.execute("SELECT pseudonym FROM people WHERE discord_user_id = ?", (ERASED,)).fetchone()
    return str(row[0])


def _sounds_like_them(home: Home, before: dict[str, bytes], name: str) -> list[str]:
    """The sound files that are left which have their frames, or are not one of the other performers' tracks."""
    kept = {content for path, content in before.items() if name not in path}
    others = [path for path in home.folder.rglob("*") if path.suffix in (".opus", ".flac", ".wav")]
    return [str(path) for path in others if path.read_bytes() not in kept]
