"""What was found in a cell, in figures, and what breaks the promise."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from bot.embedded.client.person import Refused
from bot.embedded.client.screen import NotOnScreen
from bot.embedded.journal import read_journal
from bot.rehearsal.errors import RehearsalFailed
from tools.stops.cells import ACKNOWLEDGED_WITHIN_SECONDS, Cell
from tools.stops.disks import NoSmallDisk, small_disk
from tools.stops.evidence import Recorded, recorded
from tools.stops.others import Answered
from tools.stops.trial import Played, play

LEAST_SENT_AFTER = 20
"""With fewer frames in the second after a stop, the cell proves nothing."""

REFUSED = "callback_refused"
"""The embedded Discord's journal entry for an answer that it was ordered to refuse."""

LONGEST_SECONDS = 150.0
"""A cell that takes longer is stuck. The export of many sessions is added."""

_UNPLAYABLE = (RehearsalFailed, Refused, NotOnScreen, NoSmallDisk, OSError, sqlite3.Error)


@dataclass(slots=True)
class Figures:
    """A row of the table. Times are in ms. None stands for what does not apply or never came."""

    cell: str
    latest_ms: float | None = None
    late_frames: int = 0
    acknowledged_ms: float | None = None
    killed_ms: float | None = None
    panel: Answered | None = None
    card: Answered | None = None
    agreed_ms: float | None = None
    take: str = ""
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list[str])

    def as_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read a line of `as_json`."""
        data: dict[str, Any] = json.loads(line)
        for name in ("panel", "card"):
            data[name] = Answered(**data[name]) if data[name] else None
        return cls(**data)


async def measure(cell: Cell, folder: Path, sessions: int) -> Figures:
    """Play a cell below `folder`, which must be empty, and judge it. If it cannot be played, that is its fault."""
    begun = time.monotonic()
    figures = Figures(cell.name)
    try:
        with _home_for(cell, folder) as home:
            async with asyncio.timeout(LONGEST_SECONDS + 4 * sessions * (cell.fault == "export")):
                played = await play(cell, folder, sessions)
            judge(cell, figures, played, folder / "home-logs", home)
    except _UNPLAYABLE as error:
        figures.wrong.append(f"NOT MEASURED: {str(error) or type(error).__name__}")
    except ExceptionGroup as group:
        figures.wrong.append(f"NOT MEASURED: {_first(group)!r}")
    figures.seconds = round(time.monotonic() - begun, 1)
    return figures


@contextmanager
def _home_for(cell: Cell, folder: Path) -> Generator[Path]:
    """Return the home folder of a cell, on its own small disk if the disk must be filled."""
    home = folder / "home"
    home.mkdir(parents=True)
    if cell.fault != "full":
        yield home
        return
    with small_disk(home):
        yield home


def judge(cell: Cell, figures: Figures, played: Played, logs: Path, home: Path) -> None:
    """Fill in the figures, and what is wrong."""
    found = recorded(logs, home, played.silenced, played.stop.at, played.resumed_at)
    log = list(read_journal(logs / "discord.jsonl", "interaction_answered", REFUSED))
    figures.latest_ms, figures.late_frames = found.latest_ms, found.late_frames
    figures.acknowledged_ms = played.stop.acknowledged_ms(log)
    figures.killed_ms = _since(played.stop.at, played.killed_at)
    figures.agreed_ms = _since(played.over_at, played.agreed_at)
    figures.take = played.take
    refusals = sum(one["interaction_id"] == played.stop.interaction_id for one in log if one["kind"] == REFUSED)
    figures.wrong += [*_of_recording(found), *_of_stop(cell, figures, refusals)]
    if played.others:
        figures.panel, figures.card = played.others.panel.answered(log), played.others.card.answered(log)
        figures.wrong += played.others.panel.faults(figures.panel)
        figures.wrong += played.others.card.faults(figures.card)
    figures.wrong += played.faults


def _since(begun_at: float, at: float | None) -> float | None:
    return None if at is None else (at - begun_at) * 1000


def _of_recording(found: Recorded) -> Iterator[str]:
    if found.late_frames:
        yield f"{found.late_frames} frames sent later than 100 ms after the press are kept"
    if found.sent_after < LEAST_SENT_AFTER:
        yield f"NOT MEASURED: only {found.sent_after} frames were sent after the press"
    if not found.kept_before:
        yield "NOT MEASURED: nothing from before the press is kept"


def _of_stop(cell: Cell, figures: Figures, refusals: int) -> Iterator[str]:
    # A bot that was killed may not have reached its answer, and a refused answer does not count.
    if cell.is_killed:
        return
    if cell.fault in ("unknown", "unavailable"):
        if not refusals:
            yield "NOT MEASURED: Discord got no answer that it could refuse"
    elif figures.acknowledged_ms is None:
        yield "the press is not acknowledged"
    elif figures.acknowledged_ms > ACKNOWLEDGED_WITHIN_SECONDS * 1000:
        yield f"the press is acknowledged after {figures.acknowledged_ms:.0f} ms"


def _first(group: BaseExceptionGroup[Exception]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
