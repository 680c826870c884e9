"""Kills an erasure of one of eight before each thing that it does to the disk, one after the other, and starts a bot.

Every removal, renaming and opening for writing of a file, and every connection to the database, is an event for
Python's audit hooks: the process is killed with SIGKILL just before the first one, before the second one, and so on,
until one erasure is not killed at all.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.erasing import Asker, ErasureWish
from bot.home.places import Home
from bot.rights.asking import ask_erasure
from bot.rights.steps import do_all_steps
from tests.evening import an_evening
from tests.long.eight import EIGHT, ERASED, NAME, play_eight, pseudonym_of, sounds_below
from tests.rights.traces import account_bytes, found_below

NOW = "2100-01-01T00:00:00.000Z"
WISH = ErasureWish(Asker.PERSON, NOW, names=(NAME,))
EVENTS = frozenset({"os.remove", "os.rmdir", "os.rename", "os.truncate", "sqlite3.connect"})
START_SECONDS = 60


def kill_everywhere() -> int:
    """Kill, start and look, once for every place in an erasure; print what is wrong, and return how many were."""
    wrong, kills = 0, 0
    with TemporaryDirectory(prefix="killed-erasures-") as folder:
        whole = Path(folder, "whole")
        _apart(lambda: asyncio.run(play_eight(whole)))
        while True:
            home = Home(shutil.copytree(whole, Path(folder, "home")))
            if _apart(lambda: _erase(home, kills + 1)) != -signal.SIGKILL:  # noqa: B023 - it is called here
                break
            kills += 1
            _apart(lambda: asyncio.run(_start(home)))  # noqa: B023
            if left := _left(Home(whole), home):
                wrong += 1
                sys.stdout.write(f"killed before event {kills}: {'; '.join(left[:4])}\n")
            if kills % 10 == 0:
                sys.stdout.write(f"  {kills} kills so far, {wrong} wrong\n")
                sys.stdout.flush()
            shutil.rmtree(home.folder)
    sys.stdout.write(f"{kills} kills, each followed by a start: {wrong} left something or harmed someone\n")
    return wrong


def _apart(work: Callable[[], object]) -> int:
    """Do something in a process of its own; return how it ended, below zero if a signal ended it."""
    if (process := os.fork()) == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _erase(home: Home, killed_before: int) -> None:
    events = 0

    def look(event: str, args: tuple[object, ...]) -> None:
        nonlocal events
        writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if event in EVENTS or writes:
            events += 1
            if events == killed_before:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)
    begun = ask_erasure(home, ERASED, WISH)
    # Before it is in the store, it is in the journal of the bot that was asked.
    assert begun is not None
    do_all_steps(home, begun.erasure_id, NOW)


async def _start(home: Home) -> None:
    async with an_evening(home.folder) as evening, asyncio.timeout(START_SECONDS):
        if not await evening.value("SELECT count(*) FROM erasures"):
            await evening.services.erasures.ask_now(ERASED, [NAME]).kept
        while await evening.value("SELECT count(*) FROM erasures WHERE finished_at IS NULL"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await evening.services.erasures.settled()


def _left(whole: Home, home: Home) -> list[str]:
    """What is left of the person, and whose files are not what they were."""
    name = pseudonym_of(whole, ERASED)
    left = list(found_below(home, [*account_bytes(ERASED), NAME.encode(), b"Oddfellow"]))
    before, after = sounds_below(whole.folder), sounds_below(home.folder)
    kept = {path: content for path, content in before.items() if name not in path and not path.startswith("exports/")}
    left += [f"{path} is there" for path in sorted(after.keys() - kept.keys())]
    left += [f"{path} is gone or changed" for path, content in kept.items() if after.get(path) != content]
    tracks = sum(path.startswith("recordings/") for path in kept)
    return left if tracks == len(EIGHT) - 1 else [*left, f"the evening had {tracks} tracks of others"]
