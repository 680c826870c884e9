"""The figures of a part of a rehearsal with a probed bot: how long the loop, writers and people had to wait.

Everything comes from journals with a common clock: the probe's, an idle process's, the embedded Discord's and the
cast's.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.embedded.journal import read_journal
from bot.rehearsal.latency import Latency, latency_of, percentile
from tools.evenings.heartbeat import OVERDUE_SECONDS, RHYTHM_SECONDS, waits_ms
from tools.ground_truth import ogg_packets

PROBE, IDLE = "probe.jsonl", "idle.jsonl"

Entry = dict[str, Any]

_NEWEST_TRACKS = """
    SELECT discord_user_id, path FROM tracks JOIN people USING (person_id)
    WHERE take_id = (SELECT max(take_id) FROM takes)
"""


@dataclass(frozen=True)
class Window:
    """A period of time, on the monotonic clock."""

    since: float
    until: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.until - self.since

    def of(self, log: Iterable[Entry]) -> list[Entry]:
        """Return the entries of this period."""
        return [entry for entry in log if self.since <= entry["t"] < self.until]


@dataclass(frozen=True)
class Waits:
    """How often something waited, and for how long, in milliseconds."""

    count: int
    p99_ms: float
    worst_ms: float


@dataclass(frozen=True)
class Stall:
    """A stall of the loop: its length, the part spent on garbage (`garbage_ms`), and how often the loop was where."""

    ms: float
    garbage_ms: float
    places: Counter[str]


@dataclass(frozen=True)
class Figures:
    """One window. `frames` were sent while they had to be recorded; `lost` of them are not in the tracks.

    `stalls` are the notable ones, the longest first.
    """

    loop: Waits
    idle: Waits
    writes: Waits
    held: Waits
    garbage: Waits
    presses: Latency
    frames: int
    lost: int
    stalls: Sequence[Stall]


def figures_of(home: Path, logs: Path, window: Window, recorded: Collection[int]) -> Figures:
    """Return the figures of a window in which these users were recorded in the store's newest take."""
    probe = list(read_journal(logs / PROBE))
    frames, lost = frames_of(home, logs, window, recorded)
    found = [entry["ms"] for entry in window.of(probe) if entry["kind"] == "garbage"]
    return Figures(
        loop=loop_waits(probe, window),
        idle=loop_waits(read_journal(logs / IDLE), window),
        writes=summed_up(write_waits(probe, window)),
        held=summed_up(held_ms(probe, window)),
        garbage=summed_up(found),
        presses=press_waits(logs / "discord.jsonl", window),
        frames=frames,
        lost=lost,
        stalls=stalls_of(window.of(probe)),
    )


def summed_up(waits: Sequence[float]) -> Waits:
    """Return the number of waits, their 99th percentile and the longest; zeros if there are none."""
    ordered = sorted(waits)
    return Waits(len(ordered), percentile(ordered, 99), ordered[-1]) if ordered else Waits(0, 0.0, 0.0)


def loop_waits(log: Iterable[Entry], window: Window) -> Waits:
    """Return how long the loop of a journal with beats stalled. Raises ValueError if it has no beat in this window."""
    beats = [entry["t"] for entry in log if entry["kind"] == "beat"]
    waits = waits_ms(beats, window.since, window.until)
    if not waits:
        raise ValueError("The event loop has no beats: the probe did not run.")
    return summed_up(waits)


def write_waits(log: Iterable[Entry], window: Window) -> list[float]:
    """Return the times from asking for a transaction to having it, for those asked for in the window.

    A transaction still missing at the window's end counts until then.
    """
    return _between(log, "write_asked", "write_granted", window)


def held_ms(log: Iterable[Entry], window: Window) -> list[float]:
    """Return the times from having a transaction to its commit, for those that began in the window.

    A transaction still open at the window's end counts until then.
    """
    return _between(log, "write_granted", "write_done", window)


def _between(log: Iterable[Entry], first: str, second: str, window: Window) -> list[float]:
    began: dict[int, float] = {}
    ended: dict[int, float] = {}
    for entry in log:
        if entry["kind"] == first:
            began[entry["number"]] = entry["t"]
        elif entry["kind"] == second:
            ended[entry["number"]] = entry["t"]
    return [
        (ended.get(number, max(window.until, at)) - at) * 1_000
        for number, at in began.items()
        if window.since <= at < window.until
    ]


def press_waits(journal: Path, window: Window) -> Latency:
    """Return the first answers to everything pressed and sent in the window, whenever they came."""
    log = list(read_journal(journal, "interaction_created", "interaction_answered"))
    asked = {entry["interaction_id"] for entry in window.of(log) if entry["kind"] == "interaction_created"}
    mine = [entry for entry in log if entry["interaction_id"] in asked]
    try:
        return latency_of(mine, "component", "modal_submit")
    except ValueError:
        return Latency(0, len(asked), math.inf, math.inf, math.inf)


def frames_of(home: Path, logs: Path, window: Window, recorded: Collection[int]) -> tuple[int, int]:
    """Return how many frames of sound the recorded people sent in the window, and how many no track has."""
    with closing(sqlite3.connect(f"file:{home / 'promptbook.sqlite3'}?mode=ro", uri=True)) as database:
        paths: dict[int, str] = dict(database.execute(_NEWEST_TRACKS))
    kept = {user: set(ogg_packets((home / path).read_bytes())) for user, path in paths.items()}
    sent = [
        entry
        for entry in window.of(read_journal(logs / "cast.jsonl", "frame_sent"))
        if entry["user_id"] in recorded and not entry["silence"]
    ]
    return len(sent), sum(bytes.fromhex(one["opus"]) not in kept.get(one["user_id"], ()) for one in sent)


def stalls_of(log: Sequence[Entry]) -> list[Stall]:
    """Return the stalls of a journal's loop that were long enough to be looked into, the longest first."""
    beats = [entry["t"] for entry in log if entry["kind"] == "beat"]
    found: list[Stall] = []
    for beat, following in pairwise(beats):
        stall = Window(beat, following)
        if stall.seconds - RHYTHM_SECONDS >= OVERDUE_SECONDS:
            within = stall.of(log)
            garbage_ms = sum(entry["ms"] for entry in within if entry["kind"] == "garbage")
            places = Counter(_place(entry) for entry in within if entry["kind"] == "stood")
            found.append(Stall((stall.seconds - RHYTHM_SECONDS) * 1_000, garbage_ms, places))
    return sorted(found, key=lambda one: one.ms, reverse=True)


def _place(stood: Entry) -> str:
    """Return the function that the loop was in, or what other threads did if it was in none of the bot's."""
    return stood["main"] or f"waiting beside {', '.join(stood['others']) or 'nothing'}"
