"""Kills the bot in every state of a session. `make states` prints how long the panel was dead.

For each state, a short evening is played up to it and the bot is killed. The state at the kill is read from the store.
The bot is started again, and the panel is pressed. Then the evening continues to its end.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.show import phase_of
from bot.domain.states import TakeStatus
from bot.rehearsal.acts import until
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import House, Plan, open_house
from bot.rehearsal.panel import press
from bot.rehearsal.world import default_world
from bot.samples import SAMPLE_RATE_HZ
from tools.kills.loop import look

BACK_SECONDS = 5.0
"""How long after the bot's start its panel may be dead."""

STATES = ("gathering", "countdown", "recording", "cut", "ended")
"""Before the deal, in the countdown, in a take, in the ratings, at the end."""

COUNTDOWN_SECONDS, TAKE_SECONDS, SPEECH_SECONDS = 2, 3.0, 2.0


@dataclass(slots=True)
class Revival:
    """One run: the state at the kill, how long the panel was dead after the start, and what is wrong."""

    state: str
    found: str = ""
    started_at: float = 0.0
    killed_at: float = 0.0
    back_seconds: float = 0.0
    takes: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])


async def kill_in(state: str, folder: Path) -> Revival:
    """Play up to a state, kill, start, go on. Returns what was found."""
    home, logs = folder / "home", folder / "home-logs"
    home.mkdir(parents=True)
    logs.mkdir()
    number = 700 + STATES.index(state)
    plan = Plan(number, scenes=1, take_seconds=TAKE_SECONDS, countdown_seconds=COUNTDOWN_SECONDS)
    run = Revival(state)
    async with open_house(home, logs, default_world(number), plan) as house:
        evening = Evening(house, lambda *_: None)
        await _play_and_kill(run, evening, house)
        house.journal.flush()
        await _revive(run, evening, house)
        await _go_on(run, evening)
    _look(run, home, logs)
    return run


async def _play_and_kill(run: Revival, evening: Evening, house: House) -> None:
    await evening.open_session()
    if run.state == "gathering":
        await _kill(run, house)
        return
    await evening.deal(1)
    async with evening.talking():
        run.started_at = await evening.call_take(1) + COUNTDOWN_SECONDS
        if run.state == "countdown":
            await until(run.started_at - COUNTDOWN_SECONDS / 2)
            await _kill(run, house)
            return
        await until(run.started_at + SPEECH_SECONDS)
        if run.state == "recording":
            await _kill(run, house)
            return
        await until(run.started_at + TAKE_SECONDS)
        await evening.cut_take(1, time.monotonic())
    (rater,) = house.audience
    await press(rater.person, "Rate")
    if run.state == "ended":
        await evening.command("session end", "is over")
    await _kill(run, house)


async def _kill(run: Revival, house: House) -> None:
    run.found = state_in_store(house.home)
    run.killed_at = time.monotonic()
    await house.kill_bot()


async def _revive(run: Revival, evening: Evening, house: House) -> None:
    """Start the bot and press as soon as there is a button."""
    started_at = time.monotonic()
    await house.start_bot()
    if run.state == "ended":
        await evening.command("take cut", "No session is open")
    else:
        # Buttons of the old panel: in every state one opens a form, gets a clip, or is refused a card.
        (rater,) = house.audience
        await press(rater.person, "Rate", "Consent")
    run.back_seconds = time.monotonic() - started_at


async def _go_on(run: Revival, evening: Evening) -> None:
    if run.state == "ended":
        await evening.command("export", "Dataset ready", session=1)
        return
    if run.state == "gathering":
        await evening.deal(1)
    async with evening.talking():
        called_at = await evening.call_take(1)
        await until(called_at + COUNTDOWN_SECONDS + TAKE_SECONDS)
        await evening.cut_take(1, time.monotonic())
    await evening.rate()
    await evening.end()


def state_in_store(home: Path) -> str:
    """Return the session's phase by the content of the store, read beside the running bot."""
    with closing(sqlite3.connect(f"file:{home / 'promptbook.sqlite3'}?mode=ro", uri=True)) as database:
        ended, paused = database.execute("SELECT ended_at, paused_at FROM sessions").fetchone()
        scenes = database.execute("SELECT count(*) FROM scenes WHERE ended_at IS NULL").fetchone()[0]
        take = database.execute("SELECT state FROM takes ORDER BY take_id DESC").fetchone()
    phase = phase_of(
        is_open=ended is None,
        is_paused=paused is not None,
        has_scene=scenes > 0,
        take_state=TakeStatus(take[0]) if take else None,
    )
    return phase.value


def _look(run: Revival, home: Path, logs: Path) -> None:
    with closing(sqlite3.connect(home / "promptbook.sqlite3")) as database:
        takes = database.execute("SELECT state, cut_reason, duration_samples FROM takes ORDER BY take_id").fetchall()
    run.takes = [f"{state} ({reason}, {(length or 0) / SAMPLE_RATE_HZ:.1f} s)" for state, reason, length in takes]
    if run.found != run.state:
        run.faults.append(f"the store said {run.found} at the kill")
    # The first take's frames are compared with the cast's log: up to the kill or, if it was cut before, all of them.
    moment = "take" if run.state == "recording" else "countdown"
    told, _, tracks = look(home, logs, run.started_at, run.killed_at, moment)
    run.faults += told
    expected = {"gathering": 4, "countdown": 0, "recording": 4, "cut": 4, "ended": 4}[run.state]
    if tracks != expected:
        run.faults.append(f"take 1 has {tracks} tracks instead of {expected}")


def main() -> None:
    """Kill in every state and print a table. The exit code says whether anything is wrong."""
    wrong = False
    sys.stdout.write(
        "| killed in | panel works again after | takes in the store | wrong |\n| --- | --: | --- | --- |\n"
    )
    for state in STATES:
        folder = Path(tempfile.mkdtemp(prefix="promptbook-state-"))
        run = asyncio.run(kill_in(state, folder))
        if run.back_seconds > BACK_SECONDS:
            run.faults.append(f"the panel was dead for {run.back_seconds:.1f} s")
        wrong = wrong or bool(run.faults)
        faults = "; ".join(run.faults) or "nothing"
        sys.stdout.write(f"| {run.found} | {run.back_seconds:.1f} s | {', '.join(run.takes)} | {faults} |\n")
        sys.stdout.flush()
        if not run.faults:
            shutil.rmtree(folder)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
