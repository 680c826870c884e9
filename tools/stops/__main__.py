"""`make stops`: what stops, stops first. Tests every stop during every fault, with a living and a killed bot.

Prints a table with one row per cell. The exit code is 1 if anything is wrong. The files of a wrong cell are kept.
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
"""An export of this many sessions takes about ten seconds, longer than any cell needs."""

AT_ONCE = 2


async def measure_apart(cell: Cell, given: Any, slots: asyncio.Semaphore) -> Figures:
    """Measure a cell in its own process. Its folder is kept if anything is wrong."""
    async with slots:
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
        sys.stderr.write(f"The files of {cell.name} are kept in {folder}.\n")
    else:
        shutil.rmtree(folder)
    return figures


async def measure_all(given: Any) -> list[Figures]:
    """Measure all chosen cells, several at a time. Rows are printed in the table's order."""
    slots, rows = asyncio.Semaphore(given.jobs), list[Figures]()
    async with asyncio.TaskGroup() as group:
        for task in [group.create_task(measure_apart(cell, given, slots)) for cell in chosen(given.only)]:
            rows.append(await task)
            sys.stdout.write(f"{row(rows[-1])}\n")
            sys.stdout.flush()
    return rows


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make stops", description=__doc__)
    parser.add_argument(
        "--only", action="append", default=[], metavar="FAULT/STOP/ENDING", help="part of a cell's name"
    )
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="number of earlier sessions to export")
    parser.add_argument("--home-on", type=Path, help="folder for the home folders")
    parser.add_argument("--jobs", type=int, default=AT_ONCE, help="number of cells at a time")
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
