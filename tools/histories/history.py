"""One history: each life of the bot in a process of its own, which a kill ends with SIGKILL, and then the judgement."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import shutil
import signal
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.audio import loudness
from bot.config import PROJECT_FOLDER
from tools.histories.acts import end, happen
from tools.histories.channel import Call, form_call
from tools.histories.deeds import read_deeds
from tools.histories.judging import Judgement, judge
from tools.histories.life import Places, play
from tools.histories.story import SERVERS, Act, Kind

LIFE_SECONDS = 180
"""A life takes some seconds; one that takes this long hangs."""


@dataclass(frozen=True, slots=True)
class Theatre:
    """What histories share: the calls, which take a while to form, and a folder on a disk that can be filled."""

    calls: Sequence[Call]
    disk: Path


def open_theatre(disk: Path) -> Theatre:
    """Form the calls of all servers, and load what every process of the bot would load again otherwise."""
    loudness.load()
    return Theatre([form_call() for _ in range(SERVERS)], disk)


def run(theatre: Theatre, acts: Sequence[Act]) -> Judgement:
    """Play a history, and judge it. Nothing of it is left afterwards."""
    with TemporaryDirectory(prefix="history-") as folder, TemporaryDirectory(dir=theatre.disk) as disk:
        places = Places(Path(folder), Path(disk))
        shutil.copytree(PROJECT_FOLDER / "data", places.data)
        places.home.folder.mkdir(mode=0o700)
        for life in _lives(acts):
            if failure := _live(theatre, places, life):
                return Judgement([failure])
        return judge(places)


def _lives(acts: Sequence[Act]) -> list[list[Act]]:
    """Divide a story behind each kill."""
    lives: list[list[Act]] = [[]]
    for act in acts:
        lives[-1].append(act)
        if act.kind is Kind.KILL:
            lives.append([])
    return lives


def _live(theatre: Theatre, places: Places, acts: Sequence[Act]) -> str:
    """Let a process live through these acts; return what went wrong, or nothing. A fork has no imports to repeat."""
    errors = places.folder / "errors.txt"
    if (process := os.fork()) == 0:
        code = 1
        try:
            with errors.open("w") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            faulthandler.dump_traceback_later(LIFE_SECONDS, exit=True)
            known = read_deeds(places.deeds)
            ahead = max((deed.facts["ahead"] for deed in known if "ahead" in deed.facts), default=0.0)
            asyncio.run(play(places, theatre.calls, acts, ahead, happen, end))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    is_killed = bool(acts) and acts[-1].kind is Kind.KILL
    if status == (-signal.SIGKILL if is_killed else 0):
        return ""
    return f"the bot ended with {status}:\n{errors.read_text()[-3000:]}"
