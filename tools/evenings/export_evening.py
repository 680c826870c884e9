"""An evening for `make exporting`: in the middle of a recorded take, a coordinator exports everything."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from bot.embedded.client.person import Person
from bot.embedded.guild.world import World
from bot.rehearsal.acts import until
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import House, Plan, open_house
from bot.rehearsal.processes import BotCommand
from tools.evenings.busy import pressing
from tools.evenings.export_table import Export
from tools.evenings.figures import IDLE, Window

COUNTDOWN_SECONDS = 2
FIRST_TAKES, FIRST_TAKE_SECONDS = 3, 4.0
"""The length of an earlier take, so that there is something to rate."""

SETTLE_SECONDS = 5.0
SPARE_SECONDS = 60.0
CUT_PATIENCE_SECONDS = 60.0
READY = "Dataset ready"


@dataclass(frozen=True)
class Played:
    """One evening and where its data are."""

    before: Window
    during: Window
    recorded: frozenset[int]
    export: Export
    peak_megabytes: float


async def play(command: BotCommand, world: World, home: Path, logs: Path, seconds: float) -> Played:
    """Let a probed bot record a take, and export everything in the middle of it."""
    plan = Plan(world.seed, scenes=1, take_seconds=2 * seconds + SPARE_SECONDS, countdown_seconds=COUNTDOWN_SECONDS)
    async with open_house(home, logs, world, plan, command) as house, idle_process(logs):
        evening = Evening(house, lambda *_: None)
        await evening.open_session()
        await evening.deal(1)
        waiting = [player for player in house.performers if player not in evening.on_stage]
        for player in waiting:
            await player.prepare_interruptions(plan.take_seconds)
        for _ in range(FIRST_TAKES):
            await _short_take(evening)
        async with evening.talking() as talk:
            for player in waiting:
                talk.begin(player)
            await until(await evening.call_take(1) + COUNTDOWN_SECONDS + SETTLE_SECONDS)
            async with pressing(house, world.seed):
                await asyncio.sleep(seconds)
                began_at = time.monotonic()
                export = await _export(house, seconds)
                during = Window(began_at, time.monotonic())
            await _cut(evening, home)
        before = Window(began_at - during.seconds, began_at)
        recorded = frozenset(player.user_id for player in evening.on_stage)
        assert house.bot is not None
        return Played(before, during, recorded, export, _peak_megabytes(house.bot))


@asynccontextmanager
async def idle_process(logs: Path) -> AsyncGenerator[None]:
    """Run a process that does nothing but beat at the bot's rhythm in this context."""
    words = (sys.executable, "-m", "tools.evenings.heartbeat", str(logs / IDLE))
    process = await asyncio.create_subprocess_exec(*words, start_new_session=True)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def _short_take(evening: Evening) -> None:
    async with evening.talking():
        await until(await evening.call_take(1) + COUNTDOWN_SECONDS + FIRST_TAKE_SECONDS)
        await evening.cut_take(1, time.monotonic())


async def _export(house: House, seconds: float) -> Export:
    """Give the command and wait for its dataset, which can take much longer than a person waits for an answer."""
    person, asked_at = house.coordinator, time.monotonic()
    giving = asyncio.create_task(_answer(person, house.voice_channel_id))
    try:
        await person.wait_for_message(lambda one: READY in one.text, seconds, since=asked_at)
        took = time.monotonic() - asked_at
    except TimeoutError:
        took = None
    said = giving.result() if giving.done() else ""
    giving.cancel()
    return Export(took, said, _files(house.home))


async def _answer(person: Person, channel_id: int) -> str:
    """Return the answer to the command, or nothing if the bot is "thinking" for longer than a person waits."""
    try:
        return (await person.slash(channel_id, "export")).text
    except TimeoutError:
        return ""


def _files(home: Path) -> int:
    """Return how many files exports have written so far."""
    return sum(path.is_file() for path in (home / "exports").rglob("*"))


async def _cut(evening: Evening, home: Path) -> None:
    """Cut the take, and try again if the bot did not answer in time. Raises RehearsalFailed if it never does."""
    give_up_at = time.monotonic() + CUT_PATIENCE_SECONDS
    while _newest_take(home) != "cut":
        try:
            await evening.cut_take(1, time.monotonic())
        except (RehearsalFailed, TimeoutError) as error:
            if time.monotonic() > give_up_at:
                raise RehearsalFailed(f"The take could not be cut: {error}") from error


def _newest_take(home: Path) -> str:
    with closing(sqlite3.connect(f"file:{home / 'promptbook.sqlite3'}?mode=ro", uri=True)) as database:
        (state,) = database.execute("SELECT state FROM takes ORDER BY take_id DESC").fetchone()
    return state


def _peak_megabytes(bot: Process) -> float:
    """Return the largest memory use of the bot so far, by Linux's proc(5)."""
    status = Path(f"/proc/{bot.pid}/status").read_text("utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1_000
