"""Makes a backup every second during takes of rehearsals, restores each, and prints what was found.

    python -m tools.backups --runs 50 --results build/backups.jsonl

Results are appended to the file, one line per run. Runs in it are not repeated.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tools.backups.loop import run_once
from tools.ground_truth import read_lines


def summary(runs: list[dict[str, Any]]) -> str:
    """Return a summary of all runs in one line."""
    backups = [backup for run in runs for backup in run["backups"]]
    faults = sum(bool(backup["faults"]) for backup in backups)
    inside = [backup for backup in backups if backup["is_inside"]]
    worst = max((backup["lost_seconds"] for backup in inside), default=0.0)
    slowest = max((backup["took_seconds"] for backup in backups), default=0.0)
    return (
        f"{len(runs)} runs, {len(backups)} backups, {len(inside)} of them inside a take, {faults} with faults; the "
        f"worst lacks {worst:.2f} s of an open track; the slowest took {slowest:.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--results", type=Path, default=Path("build/backups.jsonl"))
    arguments = parser.parse_args()
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    done = read_lines(arguments.results) if arguments.results.exists() else []
    for run in range(1, arguments.runs + 1):
        if any(one["run"] == run for one in done):
            continue
        folder = Path(tempfile.mkdtemp(prefix="promptbook-backup-"))
        done.append(asdict(asyncio.run(run_once(run, folder))))
        with arguments.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(done[-1]) + "\n")
        sys.stdout.write(f"{json.dumps(done[-1])}\n")
        if not any(backup["faults"] for backup in done[-1]["backups"]):
            shutil.rmtree(folder)
    sys.stdout.write(summary(done) + "\n")
    sys.exit(any(backup["faults"] for run in done for backup in run["backups"]))


if __name__ == "__main__":
    main()
