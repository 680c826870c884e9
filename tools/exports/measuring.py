"""Runs `promptbook export` and measures it from outside: wall time, CPU of all its processes, and their memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """What one export took. `peak_megabytes` is the highest sum of the memory of all its processes (PSS)."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float


def least(costs: Sequence[Cost]) -> Cost:
    """Return the least time and CPU, to which others only add, and the most memory of several measurements."""
    return Cost(
        min(cost.wall_seconds for cost in costs),
        min(cost.cpu_seconds for cost in costs),
        max(cost.peak_megabytes for cost in costs),
    )


def command(home: Path, out: Path, jobs: int) -> list[str]:
    """Return the command of an export."""
    return [sys.executable, "-m", "bot", "export", "--home", str(home), "--out", str(out), "--jobs", str(jobs)]


def measure(home: Path, out: Path, jobs: int) -> Cost:
    """Export, and return what it took. Raises RuntimeError if it failed."""
    began, peak = time.monotonic(), 0.0
    with subprocess.Popen(command(home, out, jobs), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as exporting:
        while True:
            ended, status, used = os.wait4(exporting.pid, os.WNOHANG)
            if ended:
                break
            peak = max(peak, sum(map(megabytes, family_of(exporting.pid))))
            time.sleep(LOOK_SECONDS)
        exporting.returncode = os.waitstatus_to_exitcode(status)
        if exporting.returncode:
            assert exporting.stderr is not None
            raise RuntimeError(exporting.stderr.read().decode())
    return Cost(time.monotonic() - began, used.ru_utime + used.ru_stime, peak)


def family_of(pid: int) -> list[int]:
    """Return a process and all processes that it and its children have started."""
    found, new = [pid], [pid]
    while new:
        new = [child for parent in new for child in _children(parent)]
        found += new
    return found


def _children(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return []


def megabytes(pid: int, *kinds: str) -> float:
    """Return the memory of a process: all (PSS: shared pages count by share), or these kinds. 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    wanted = tuple(f"{kind}:" for kind in kinds or ("Pss",))
    return sum(int(line.split()[1]) for line in lines if line.startswith(wanted)) / 1024
