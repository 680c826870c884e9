"""`make stops`: what stops, stops first. Every stop amid every fault, with a bot that lives on and one that is killed.

Prints a table with a row a cell; the exit code is 1 if anything is wrong. What a wrong cell left behind is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from tools.stops.cells import CELLS, Cell, chosen
from tools.stops.judging import Figures, measure
from tools.stops.tables import HEAD, row, summary

SESSIONS = 30
"""An export of so many sessions takes some ten seconds, longer than a cell needs it to."""

AT_ONCE = 2


async def measure_apart(cell: Cell, given: Any, turn: asyncio.Semaphore) -> Figures:
    """Measure a cell in a process of its own; its folder is kept when anything is wrong."""
    async with turn:
        folder = Path(tempfile.mkdtemp(prefix=f"stops-{cell.name.replace('/', '-')}-", dir=given.home_on))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tools.stops", "--alone", cell.name, "--folder", str(folder)),
            *("--sessions", str(given.sessions)),
            stdout=PIPE,
            stderr=PIPE,
            env=os.environ,
        )
        told, errors = await process.communicate()
    if process.returncode:
        last = errors.decode(errors="replace").strip().splitlines()[-1:]
        figures = Figures(cell.name, wrong=[f"NOT MEASURED: {' '.join(last) or process.returncode}"])
    else:
        figures = Figures.from_json(told.decode())
    if figures.wrong:
        sys.stderr.write(f"{cell.name} is kept in {folder}\n")
    else:
        shutil.rmtree(folder)
    return figures


async def measure_all(given: Any) -> list[Figures]:
    """All chosen cells, some at once; rows are printed in the table's order."""
    turn, rows = asyncio.Semaphore(given.jobs), list[Figures]()
    async with asyncio.TaskGroup() as group:
        for task in [group.create_task(measure_apart(cell, given, turn)) for cell in chosen(given.only)]:
            rows.append(await task)
            sys.stdout.write(f"{row(rows[-1])}\n")
            sys.stdout.flush()
    return rows


def main() -> int:
    """Measure, print, and say whether anything is wrong."""
    parser = argparse.ArgumentParser(prog="make stops", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="FAULT/STOP/ENDING", help="any part of it")
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="how many earlier sessions are exported")
    parser.add_argument("--home-on", type=Path, help="where the home folders are made")
    parser.add_argument("--jobs", type=int, default=AT_ONCE, help="how many cells at once")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given: Any = parser.parse_args()
    if given.alone:
        [cell] = [cell for cell in CELLS if cell.name == given.alone]
        sys.stdout.write(asyncio.run(measure(cell, given.folder, given.sessions)).as_json())
        return 0
    try:
        chosen(given.only)
        if given.home_on:
            given.home_on.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    sys.stdout.write(f"{HEAD}\n")
    sys.stdout.flush()
    rows = asyncio.run(measure_all(given))
    sys.stdout.write(f"\n{summary(rows)}\n")
    return int(any(one.wrong for one in rows))


if __name__ == "__main__":
    sys.exit(main())
