"""One run: a rehearsal with one take, and `promptbook backup` every second from its countdown until after its cut."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.rehearsal.evening import Evening
from bot.rehearsal.house import Plan, open_house
from bot.rehearsal.rehearse import make_room
from bot.rehearsal.world import default_world
from tools.backups.judging import Judged, judge

TAKE_SECONDS = 6.0
COUNTDOWN_SECONDS = 1
EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class Run:
    """One run, and what was found in each of its backups."""

    run: int
    backups: list[Judged] = field(default_factory=list[Judged])


@dataclass(frozen=True)
class Archive:
    """A backup: whether the command succeeded, what it said, and how long it took."""

    path: Path
    exit_code: int
    told: str
    took_seconds: float


async def run_once(number: int, folder: Path) -> Run:
    """Play, back up every second, and restore every backup."""
    home, logs = folder / "home", folder / "home-logs"
    make_room(home, logs)
    plan = Plan(900 + number, scenes=1, take_seconds=TAKE_SECONDS, countdown_seconds=COUNTDOWN_SECONDS)
    archives: list[Archive] = []
    async with open_house(home, logs, default_world(plan.seed), plan) as house:
        evening = Evening(house, lambda *_: None)
        await evening.open_session()
        await evening.deal(1)
        async with evening.talking() as talk:
            await asyncio.sleep(0.5)
            started_at = await evening.call_take(1) + COUNTDOWN_SECONDS
            async with _every_second(home, folder, archives):
                await asyncio.sleep(started_at + TAKE_SECONDS - time.monotonic())
                cut_at = time.monotonic()
                talk.also(evening.cut_take(1, cut_at))
                await asyncio.sleep(EVERY_SECONDS)
        await evening.command("session end", "is over")
    run = Run(number)
    for archive in archives:
        run.backups.append(await judge(archive, folder, logs, started_at, cut_at))
    return run


@asynccontextmanager
async def _every_second(home: Path, folder: Path, archives: list[Archive]) -> AsyncGenerator[None]:
    """Begin a backup every second in this context, and wait for all that were begun."""
    async with asyncio.TaskGroup() as group:
        ticking = group.create_task(_tick(group, home, folder, archives))
        yield
        ticking.cancel()


async def _tick(group: asyncio.TaskGroup, home: Path, folder: Path, archives: list[Archive]) -> None:
    number, due = 0, time.monotonic()
    while True:
        number += 1
        group.create_task(_back_up(home, folder / f"{number:02}.tar", archives))
        due += EVERY_SECONDS
        await asyncio.sleep(due - time.monotonic())


async def _back_up(home: Path, target: Path, archives: list[Archive]) -> None:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "backup", str(target), "--home", str(home)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    assert process.returncode is not None
    archives.append(Archive(target, process.returncode, told.decode(), round(time.monotonic() - began, 2)))
