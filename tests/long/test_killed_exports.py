"""An export that was killed goes on where it stopped, with the same bytes, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.dataset.errors import FolderUnwritable
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Options
from bot.dataset.sound import take as take_module
from bot.dataset.sound.orders import Audio, TakeOrder
from bot.domain.consent import Scope
from bot.domain.ids import PersonId
from bot.home.leftovers import KEPT_SECONDS, TAKES, clear_leftovers
from tests import ctrl_c
from tests.half_way import half_way
from tools.synthetic.session import PERFORMER_SCOPES, Troupe

EXPORTING = """
import sys, time
from pathlib import Path
from bot.dataset.export import ExportOrder, export_dataset
from bot.home.places import Home

def wait(stage, done, total):
    if (stage, done > total / 2) == ("{stage}", True):
        print("half", flush=True)
        time.sleep(600)

if __name__ == "__main__":
    home = Home(Path(sys.argv[1]))
    export_dataset(ExportOrder(home.database, home, home.export_folder([1]), [1]), jobs={jobs}, progress=wait)
"""


@pytest.fixture
async def performers(troupe: Troupe) -> list[PersonId]:
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    session_id = await troupe.add_session(people[0])
    for _ in range(4):
        await troupe.add_take(session_id, people)
    return people


def order_for(troupe: Troupe, **options: Any) -> ExportOrder:
    out = troupe.home.export_folder(troupe.sessions)
    return ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions, Options(**options))


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The takes that are made from now on."""
    made: list[str] = []
    original = take_module._made_of

    def count(order: TakeOrder, *rest: Any) -> Any:
        made.append(order.name)
        return original(order, *rest)

    monkeypatch.setattr(take_module, "_made_of", count)
    return made


def kill_half_way(troupe: Troupe, stage: str = "sound", jobs: int = 1) -> Path:
    """Kill an export in another process; return what it left."""
    with half_way(EXPORTING.format(stage=stage, jobs=jobs), troupe.home.folder):
        pass
    (left,) = troupe.home.unfinished.iterdir()
    return left


async def test_finished_takes_of_a_killed_export_are_used(
    troupe: Troupe, performers: list[PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    left = kill_half_way(troupe)
    assert len(list((left / TAKES).glob("*/done.json"))) == 2
    (left / TAKES / "something.0123abcd.part").mkdir()
    (left / "half.json").write_text("half made")
    made = counted(monkeypatch)
    order = order_for(troupe)
    export_dataset(order)
    assert len(made) == 2
    assert list(troupe.home.unfinished.iterdir()) == []
    resumed = files_below(order.out)
    export_dataset(order)
    assert len(made) == 6
    assert files_below(order.out) == resumed
    assert not any(name.startswith(TAKES) for name in resumed)


@pytest.mark.parametrize(("stage", "jobs"), [("sound", 2), ("tables", 1)])
async def test_it_can_be_killed_in_every_stage_and_its_workers_end(
    troupe: Troupe, performers: list[PersonId], stage: str, jobs: int
) -> None:
    order = order_for(troupe)
    export_dataset(order)
    once = files_below(order.out)
    kill_half_way(troupe, stage, jobs)
    export_dataset(order)
    assert files_below(order.out) == once
    assert list(troupe.home.unfinished.iterdir()) == []
    assert await asyncio.to_thread(_workers_below, troupe.home.folder) == []


def _workers_below(folder: Path) -> list[str]:
    """Processes that have a file below a folder open, a second after the one that started them was killed."""
    deadline = time.monotonic() + 5
    while True:
        found = subprocess.run(
            ["find", "/proc", "-maxdepth", "3", "-path", "/proc/*/fd/*", "-lname", f"{folder}*"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.splitlines()
        others = [one for one in found if not one.startswith((f"/proc/{os.getpid()}/", "/proc/self/"))]
        if not others or time.monotonic() > deadline:
            return others
        time.sleep(0.1)


async def test_of_someone_who_withdrew_since_nothing_is_used(
    troupe: Troupe, performers: list[PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_half_way(troupe, "tables")
    await troupe.withdraw(performers[1], Scope.STORE_AND_REVIEW)
    made = counted(monkeypatch)
    order = order_for(troupe)
    assert export_dataset(order).speakers == 2
    assert len(made) == 4
    everything = b"".join(name.encode() + data for name, data in files_below(order.out).items())
    assert f"spk_{performers[1]:08x}".encode() not in everything


async def test_another_encoding_uses_nothing_and_leaves_nothing(
    troupe: Troupe, performers: list[PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_half_way(troupe)
    made = counted(monkeypatch)
    export_dataset(order_for(troupe, audio=Audio.OPUS))
    assert len(made) == 4
    assert list(troupe.home.unfinished.iterdir()) == []


async def test_a_withdrawal_in_the_meantime_makes_only_its_takes_again(
    troupe: Troupe, performers: list[PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    late = [await troupe.add_person(*PERFORMER_SCOPES), performers[0]]
    await troupe.add_take(troupe.sessions[0], late)
    made, told = counted(monkeypatch), list[int]()
    loop = asyncio.get_running_loop()

    def withdraw(stage: str, _done: int, _total: int) -> None:
        if stage == "tables" and not told:
            told.append(1)
            asyncio.run_coroutine_threadsafe(troupe.withdraw(late[0], Scope.RECORD), loop).result()

    result = await asyncio.to_thread(export_dataset, order_for(troupe), progress=withdraw)
    assert (result.speakers, result.left_out["speakers_without_consent"]) == (3, 1)
    assert len(made) == 6


async def test_an_unfinished_export_waits_for_a_day(troupe: Troupe, performers: list[PersonId]) -> None:
    left = kill_half_way(troupe)
    assert clear_leftovers(troupe.home) == 0
    assert left.exists()
    long_ago = time.time() - KEPT_SECONDS - 1
    os.utime(left / TAKES, (long_ago, long_ago))
    assert clear_leftovers(troupe.home) > 0
    assert not left.exists()


async def test_ctrl_c_keeps_what_is_finished_and_a_full_disk_frees_it(
    troupe: Troupe, performers: list[PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_stage: str, done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    def fill(stage: str, _done: int, _total: int) -> None:
        if stage == "tables":
            raise OSError(28, "No space left on device")

    with pytest.raises(KeyboardInterrupt):
        export_dataset(order_for(troupe), progress=interrupt)
    (left,) = troupe.home.unfinished.iterdir()
    assert [path.name for path in left.iterdir()] == [TAKES]
    made = counted(monkeypatch)
    with pytest.raises(FolderUnwritable, match="No space left"):
        export_dataset(order_for(troupe), progress=fill)
    assert len(made) == 2
    assert list(troupe.home.unfinished.iterdir()) == []


@pytest.mark.slow
def test_ctrl_c_on_the_command_line_says_how_to_go_on(troupe: Troupe, performers: list[PersonId]) -> None:
    command = [sys.executable, "-m", "bot", "export", "--home", str(troupe.home.folder), "--jobs", "2"]
    with ctrl_c.heard(), subprocess.Popen(command, stderr=subprocess.PIPE, text=True, process_group=0) as exporting:
        assert exporting.stderr is not None
        assert exporting.stderr.readline() == "sound\n"
        os.killpg(exporting.pid, signal.SIGINT)
        said = exporting.stderr.read()
    assert exporting.returncode == 1
    assert said.endswith("The export was interrupted. The same command goes on where it stopped.\n")
