"""Record long takes with four performers, and measure the answer to Cut and the memory of all processes.

`make long-takes` records takes of 1, 10 and 60 minutes with 600 MB of address space to spare, and one of three hours,
which is exported as well.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_CHILD = "from tools.long_takes.evening import main; main()"
"""Not `-m`: the processes that the bot starts would load the module that was run that way."""

_HEAD = (
    "| minutes | cut, to the answer | MB more while recording | at the cut | while turns are found | not backed by "
    "files | for | tracks | measured | turns | rated |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
)

MOST_CUT_SECONDS = 2.0
HOUR_MINUTES = 60
MOST_GROWTH_MEGABYTES = 250.0
"""For takes of up to an hour. Each minute of four tracks adds about 0.5 MB while their turns are found."""


def record(minutes: float, home: Path, spare: int | None) -> dict[str, Any]:
    """Record one take in a process of its own. Raises RuntimeError if it fails."""
    report = home.with_suffix(".json")
    words = [sys.executable, "-c", _CHILD, str(home), str(report), "--minutes", str(minutes)]
    done = subprocess.run(
        words + (["--spare", str(spare)] if spare is not None else []),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(report.read_text("utf-8")) | {"log": done.stderr}


def growth_of(found: dict[str, Any], what: str = "peaks") -> float:
    """Return by how many MB all processes (or only their `heaps`) grew from the idle process to their peak."""
    return max(found[what].values()) - found[what]["idle"]


def _row(found: dict[str, Any]) -> str:
    peaks = found["peaks"]
    growths = " | ".join(f"{peaks[phase] - peaks['idle']:.0f}" for phase in ("recording", "cut", "turns"))
    heaps = f"{growth_of(found, 'heaps'):.0f}"
    counts = " | ".join(str(found[what]) for what in ("tracks", "measured", "turns_found", "rated"))
    return f"| {found['minutes']:g} | {found['cut']:.2f} s | {growths} | {heaps} | {found['turns']:.0f} s | {counts} |"


def _export(home: Path) -> str:
    out = home.with_name(f"{home.name}-dataset")
    _promptbook("export", "--home", str(home), "--out", str(out))
    return _promptbook("dataset", "verify", str(out)).strip().splitlines()[-1]


def _promptbook(*words: str) -> str:
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    """Record the takes and print a table. The exit code says whether all bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="*", default=[1, 10, 60])
    parser.add_argument("--longest", type=float, default=180, help="minutes of the take that is exported; 0 for none")
    parser.add_argument("--spare", type=int, default=600, help="MB of address space beyond the idle process")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="promptbook-long-"))
    sys.stdout.write(_HEAD)
    is_fine = True
    for minutes in [*chosen.minutes, *([chosen.longest] if chosen.longest else [])]:
        found = record(minutes, folder / f"take-{minutes:g}", chosen.spare)
        sys.stdout.write(f"{_row(found)}\n")
        sys.stdout.flush()
        is_fine &= found["cut"] <= MOST_CUT_SECONDS
        is_fine &= minutes > HOUR_MINUTES or growth_of(found) <= MOST_GROWTH_MEGABYTES
        is_fine &= found["measured"] == found["tracks"] == 4 and found["rated"] > 0
    if chosen.longest:
        sys.stdout.write(f"\n{_export(folder / f'take-{chosen.longest:g}')}\n")
    shutil.rmtree(folder)
    sys.exit(not is_fine)


if __name__ == "__main__":
    main()
