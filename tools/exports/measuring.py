"""Runs `promptbook export` and measures it from outside: wall time, CPU of all its processes, and their memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """What one export took. `peak_megabytes` is the highest sum of the memory of all its processes (PSS)."""

    wall_seconds: float
    cpu_seconds: float
    peak_megabytes: float


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


def megabytes(pid: int) -> float:
    """Return the memory of a process (PSS: shared pages count once); 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
