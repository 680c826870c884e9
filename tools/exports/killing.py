"""Kills exports with `kill -9` at random moments. The next run must complete each with the same bytes, and clear up."""

from __future__ import annotations

import filecmp
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools.exports.measuring import command, family_of, measure

JOBS = 2
WORKERS_END_SECONDS = 5.0
"""How soon after their parent all workers must have ended."""


def kill_and_go_on(home: Path, folder: Path, kills: int, seed: int) -> list[str]:
    """Kill so many exports of a home folder; return a sentence for everything that went wrong."""
    draw = random.Random(seed)
    reference, out = folder / "reference", folder / "out"
    seconds = measure(home, reference, JOBS).wall_seconds
    faults: list[str] = []
    for number in range(kills):
        after = draw.uniform(0, seconds)
        finished = _kill(home, out, after)
        went_on = measure(home, out, JOBS).wall_seconds
        found = _faults(folder, reference, out)
        faults += [f"killed after {after:.2f} s: {fault}" for fault in found]
        sys.stdout.write(
            f"  {number + 1}: killed after {after:.2f} s of {seconds:.2f} with {finished} finished takes, "
            f"completed in {went_on:.2f} s{': ' + '; '.join(found) if found else ''}\n"
        )
        sys.stdout.flush()
        shutil.rmtree(out, ignore_errors=True)
    return faults


def _kill(home: Path, out: Path, after: float) -> int:
    """Kill an export after so many seconds; return how many takes it had finished. Its workers end by themselves."""
    with subprocess.Popen(command(home, out, JOBS), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as exporting:
        time.sleep(after)
        family = family_of(exporting.pid)
        exporting.send_signal(signal.SIGKILL)
        exporting.wait()
    deadline = time.monotonic() + WORKERS_END_SECONDS
    while left := [pid for pid in family[1:] if _is_running(pid)]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(left)} processes outlived their export.")
        time.sleep(0.02)
    return len(list(out.parent.glob(f".{out.name}.*.partial/takes/*/done.json")))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def _faults(folder: Path, reference: Path, out: Path) -> list[str]:
    left = sorted(path.name for path in folder.iterdir() if path not in (reference, out))
    faults = [f"{', '.join(left)} was left"] if left else []
    names = [sorted(path.relative_to(one).as_posix() for path in one.rglob("*")) for one in (reference, out)]
    if names[0] != names[1]:
        return [*faults, "other files"]
    files = [name for name in names[0] if (reference / name).is_file()]
    _, different, unreadable = filecmp.cmpfiles(reference, out, files, shallow=False)
    return [*faults, *(f"{name} differs" for name in (*different, *unreadable))]
