"""Rehearsals in which the bot is killed with `kill -9`: everything kept must be whole, and the evening continues.

    python -m tools.kills --runs 100 --results build/kills.jsonl

Each run is one scene with a take of five seconds. The bot is killed at a random moment and started again on the same
home, and a second take is played. Results are appended to the file, one line per run. Runs in it are not repeated.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import soundfile

from bot.rehearsal.evening import Evening
from bot.rehearsal.house import House, Plan, open_house
from bot.rehearsal.rehearse import make_room
from bot.rehearsal.world import default_world
from tools.ground_truth import SILENCES, is_subsequence, ogg_packets, read_lines

TAKE_SECONDS = 5.0
SECOND_TAKE_SECONDS = 2.0
COUNTDOWN_SECONDS = 1
MOST_LOST_SECONDS = 1.0
LENGTH_TOLERANCE_SAMPLES = 960
FRAME_SECONDS = 0.02
EDGE_SECONDS = 0.3
"""Frames this near to a take's start or cut can be outside of it."""


@dataclass(frozen=True)
class Outcome:
    """One run. `lost_seconds` is the time from the first lost frame to the last one sent, in the worst track."""

    run: int
    killed: str
    moment_seconds: float
    lost_seconds: float
    tracks: int
    faults: list[str]


async def run_once(run: int, folder: Path, moment: str | None = None) -> Outcome:
    """Play, kill, start again, play on, and check the result. `moment` says when to kill; "asked to end" stands for
    SIGTERM inside a take instead of a kill.
    """
    home, logs = folder / "home", folder / "home-logs"
    make_room(home, logs)
    chance = Random(f"kill {run}")
    moment = moment or chance.choices(["take", "countdown", "after cut"], [8, 1, 1])[0]
    plan = Plan(run, scenes=1, take_seconds=TAKE_SECONDS, countdown_seconds=COUNTDOWN_SECONDS)
    async with open_house(home, logs, default_world(run), plan) as house:
        evening = Evening(house, lambda *_: None)
        await evening.open_session()
        await evening.deal(1)
        started_at, killed_at = await _kill_during_take(house, evening, moment, chance)
        house.journal.flush()
        await house.start_bot()
        await _second_take(house, evening)
        await evening.command("session end", "is over")
    faults, lost, tracks = look(home, logs, started_at, killed_at, moment)
    return Outcome(run, moment, round(killed_at - started_at, 3), round(lost, 3), tracks, faults)


async def _kill_during_take(house: House, evening: Evening, moment: str, chance: Random) -> tuple[float, float]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as talking:
        evening.let_talk(talking, stop)
        await asyncio.sleep(0.5)
        started_at = await evening.call_take(1) + COUNTDOWN_SECONDS
        cut: asyncio.Task[None] | None = None
        if moment == "countdown":
            kill_at = started_at - chance.uniform(0.02, COUNTDOWN_SECONDS - 0.2)
        elif moment in ("take", "asked to end"):
            kill_at = started_at + chance.uniform(0.02, TAKE_SECONDS)
        else:
            await asyncio.sleep(started_at + TAKE_SECONDS - time.monotonic())
            cut = talking.create_task(_cut_anyhow(evening))
            kill_at = time.monotonic() + chance.uniform(0, 0.6)
        await asyncio.sleep(max(kill_at - time.monotonic(), 0))
        killed_at = time.monotonic()
        await (house.end_bot() if moment == "asked to end" else house.kill_bot())
        stop.set()
        if cut:
            cut.cancel()
    return started_at, killed_at


async def _cut_anyhow(evening: Evening) -> None:
    await evening.cut_take(1, time.monotonic())


async def _second_take(house: House, evening: Evening) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as talking:
        evening.let_talk(talking, stop)
        called_at = await evening.call_take(1)
        await asyncio.sleep(called_at + COUNTDOWN_SECONDS + SECOND_TAKE_SECONDS - time.monotonic())
        await evening.cut_take(1, time.monotonic())
        stop.set()


def look(home: Path, logs: Path, started_at: float, killed_at: float, moment: str) -> tuple[list[str], float, int]:
    """Return what is wrong with the run's results, the worst loss in seconds, and the tracks of the killed take."""
    faults: list[str] = []
    integrity, takes, rows = stored(home)
    if integrity != "ok":
        faults.append("the database is damaged")
    states = [take["state"] for take in takes]
    if states[-1:] != ["cut"] or any(state not in ("cut", "void") for state in states):
        faults.append(f"takes are {states}")
    on_disk = {path.relative_to(home).as_posix() for path in (home / "recordings").rglob("*.*")}
    if on_disk != {row["path"] for row in rows}:
        faults.append(f"files and tracks differ: {on_disk ^ {row['path'] for row in rows}}")
    lost = 0.0
    frames = [entry for entry in read_lines(logs / "cast.jsonl") if entry["kind"] == "frame_sent"]
    for row in rows:
        faults += decoding_faults(home / row["path"], row["duration_samples"])
        if row["number"] == 1 and moment in ("take", "asked to end"):
            mine = [one for one in frames if one["user_id"] == row["discord_user_id"] and not one["silence"]]
            sent = [one for one in mine if started_at <= one["t"] <= killed_at]
            told, gone = kept_frames(home / row["path"], sent)
            faults += told
            lost = max(lost, gone)
    newest = max((take["number"] for take in takes), default=0)
    kept = {row["discord_user_id"] for row in rows if row["number"] == newest}
    if silent := _spoke_last(logs) - kept:
        faults.append(f"{len(silent)} who spoke in the last take have no track of it")
    return faults, lost, sum(row["number"] == 1 for row in rows)


def stored(home: Path) -> tuple[str, list[sqlite3.Row], list[sqlite3.Row]]:
    """Return SQLite's integrity check ("ok" if all is well), the takes, and the tracks with their takes' numbers."""
    with closing(sqlite3.connect(home / "promptbook.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
        takes = database.execute("SELECT number, state FROM takes ORDER BY take_id").fetchall()
        tracks = database.execute(
            "SELECT takes.number, path, tracks.duration_samples, discord_user_id FROM tracks "
            "JOIN takes USING (take_id) JOIN people USING (person_id) ORDER BY track_id"
        ).fetchall()
    return integrity, takes, tracks


def _spoke_last(logs: Path) -> set[int]:
    """Return who consented to be recorded and spoke in the last take, from just after its start to just before its cut.

    The cast pauses as people do: in a take of a few seconds, a performer may not say a word.
    """
    entries = list(read_lines(logs / "cast.jsonl"))
    asked = {one["user_id"] for one in entries if one["kind"] == "consented" and "record" in one["scopes"]}
    (*_, called) = (one for one in entries if one["kind"] == "take_called")
    (*_, cut) = (one for one in entries if one["kind"] == "take_cut")
    since, until = called["t"] + called["countdown_seconds"] + EDGE_SECONDS, cut["t"] - EDGE_SECONDS
    return {
        one["user_id"]
        for one in entries
        if one["kind"] == "frame_sent" and not one["silence"] and since <= one["t"] <= until and one["user_id"] in asked
    }


def decoding_faults(path: Path, duration_samples: int) -> list[str]:
    decoded = soundfile.info(path).frames
    if abs(decoded - duration_samples) > LENGTH_TOLERANCE_SAMPLES:
        return [f"{path.name} decodes to {decoded} samples instead of {duration_samples}"]
    return []


def kept_frames(path: Path, sent: list[dict[str, Any]]) -> tuple[list[str], float]:
    """Return what is wrong with the frames up to the last kept one, and how much is lost after it."""
    packets = [packet for packet in list(ogg_packets(path.read_bytes()))[2:] if packet not in SILENCES]
    frames = [bytes.fromhex(one["opus"]) for one in sent]
    known = {frame: place for place, frame in enumerate(frames)}
    last = max((known[packet] for packet in packets if packet in known), default=-1)
    first = min((known[packet] for packet in packets if packet in known), default=0)
    faults = [] if is_subsequence(frames[first : last + 1], packets) else [f"{path.name} lacks frames in between"]
    if first > 5:
        faults.append(f"{path.name} lacks its first {first} frames")
    # From the first missing frame: a pause before it is not a loss.
    gone = sent[-1]["t"] - sent[last + 1]["t"] + FRAME_SECONDS if last + 1 < len(sent) else 0.0
    if gone > MOST_LOST_SECONDS:
        faults.append(f"{path.name} lost {gone:.2f} s")
    return faults, gone


def summary(outcomes: list[dict[str, Any]]) -> str:
    """Return a summary of all runs in one line."""
    inside = [one for one in outcomes if one["killed"] == "take"]
    faulty = [one for one in outcomes if one["faults"]]
    worst = max((one["lost_seconds"] for one in inside), default=0.0)
    return (
        f"{len(outcomes)} runs, {len(inside)} killed inside a take, {len(faulty)} with faults, "
        f"worst loss {worst:.2f} s of an open track"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--first", type=int, default=1, help="number of the first run, for two loops in parallel")
    parser.add_argument("--results", type=Path, default=Path("build/kills.jsonl"))
    arguments = parser.parse_args()
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    done = read_lines(arguments.results) if arguments.results.exists() else []
    for run in range(arguments.first, arguments.first + arguments.runs):
        if any(one["run"] == run for one in done):
            continue
        folder = Path(tempfile.mkdtemp(prefix="promptbook-kill-"))
        outcome = asyncio.run(run_once(run, folder))
        done.append(asdict(outcome))
        with arguments.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(done[-1]) + "\n")
        sys.stdout.write(f"{json.dumps(done[-1])}\n")
        if not outcome.faults:
            shutil.rmtree(folder)
    sys.stdout.write(summary(done) + "\n")
    sys.exit(any(one["faults"] for one in done))
