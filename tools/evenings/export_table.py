"""The table of `make exporting`, and the missed targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.evenings.figures import Figures, Waits
from tools.evenings.heartbeat import OVERDUE_SECONDS

LONGEST_STALL_MS = 50.0
LONGEST_WRITE_WAIT_MS = 50.0
PRESSES_P99_MS = 300.0
LONGEST_STALLS, PLACES = 8, 3


@dataclass(frozen=True)
class Export:
    """How the command ended: after how long (None if it was still running), and the last answer."""

    seconds: float | None
    said: str
    files: int

    @property
    def is_real(self) -> bool:
        """Whether there was an export to measure: it is done, still waited for, or writing its files."""
        return self.seconds is not None or not self.said or self.files > 0


@dataclass(frozen=True)
class Side:
    """One checkout's bot: `seconds` of measurement before the export, and as long during it."""

    name: str
    before: Figures
    during: Figures
    seconds: float
    export: Export
    peak_megabytes: float


def table_of(sides: Sequence[Side]) -> str:
    """Return a Markdown table, two columns per side, and below it what each bot's loop did in its stalls."""
    heads = [f"{side.name}, {what}" for side in sides for what in ("before", "during export")]
    lines = [["", *heads, "target"], ["---"] + ["--:"] * (len(heads) + 1)]
    for label, cell, target in _ROWS:
        lines.append([label, *(cell(figures) for side in sides for figures in (side.before, side.during)), target])
    lines.append(["measured for", *(f"{side.seconds:.0f} s" for side in sides for _ in range(2)), ""])
    lines.append(["the export", *(text for side in sides for text in ("", _told(side.export))), ""])
    lines.append(["most memory", *(text for side in sides for text in ("", f"{side.peak_megabytes:.0f} MB")), ""])
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return table + "".join(_where(side) for side in sides) + "\n"


def faults_of(side: Side) -> list[str]:
    """Return the targets that a bot misses during its export, in words."""
    during = side.during
    faults: list[str] = []
    if during.loop.worst_ms > LONGEST_STALL_MS:
        faults.append(f"The event loop stood still for {_ms(during.loop.worst_ms)}.")
    if during.writes.worst_ms > LONGEST_WRITE_WAIT_MS:
        faults.append(f"A write waited for {_ms(during.writes.worst_ms)}.")
    if during.presses.p99_ms > PRESSES_P99_MS or during.presses.unanswered:
        late = f"{during.presses.unanswered} were not answered in time"
        faults.append(f"Of 100 presses 99 were answered within {_ms(during.presses.p99_ms)}; {late}.")
    if lost := side.before.lost + during.lost:
        faults.append(f"{lost} frames are missing in the tracks.")
    if not side.export.is_real:
        faults.append(f"Nothing was exported; the command was answered with: {side.export.said}")
    return faults


def _loop(waits: Waits) -> str:
    return f"{_ms(waits.worst_ms)} ({_ms(waits.p99_ms)})"


def _presses(figures: Figures) -> str:
    found = figures.presses
    return " / ".join(_ms(ms) for ms in (found.median_ms, found.p99_ms, found.worst_ms))


_ROWS: Sequence[tuple[str, Callable[[Figures], str], str]] = (
    ("event loop stood still, longest (p99)", lambda one: _loop(one.loop), f"{LONGEST_STALL_MS:.0f} ms"),
    ("an idle process's loop at the same time", lambda one: _loop(one.idle), ""),
    ("searches for garbage, longest", lambda one: _ms(one.garbage.worst_ms), ""),
    ("transactions, two a second of them the probe's", lambda one: str(one.writes.count), ""),
    ("... waited for the store, longest (p99)", lambda one: _loop(one.writes), f"{LONGEST_WRITE_WAIT_MS:.0f} ms"),
    ("... held it, longest", lambda one: _ms(one.held.worst_ms), ""),
    ("presses and forms answered (not)", lambda one: f"{one.presses.answered} ({one.presses.unanswered})", "(0)"),
    ("... median / p99 / worst", _presses, f"p99 {PRESSES_P99_MS:.0f} ms"),
    ("frames sent, missing in the tracks", lambda one: f"{one.frames}, {one.lost}", "0"),
)


def _told(export: Export) -> str:
    if export.seconds is not None:
        return f"took {export.seconds:.1f} s"
    return f"was still going on, {export.files} files written"


def _where(side: Side) -> str:
    """Return the longest stalls during the export, each with what the probe found."""
    stalls = side.during.stalls
    lines = [f"\n{side.name}: {len(stalls)} stalls over {OVERDUE_SECONDS * 1_000:.0f} ms during the export.\n\n"]
    for stall in stalls[:LONGEST_STALLS]:
        found = [f"{times} x {place}" for place, times in stall.places.most_common(PLACES)]
        garbage = [f"garbage for {_ms(stall.garbage_ms)}"] if stall.garbage_ms else []
        lines.append(f"- {_ms(stall.ms)}: {'; '.join([*garbage, *found]) or 'not looked into'}\n")
    return "".join(lines)


def _ms(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"
