"""What an export costs, and what kills leave: `make exports`.

20 and 200 takes of three minutes with four performers are exported with one process and with two, and so is one take
of two hours. CPU is compared with the floor: one decode of every track and one encoding of every file with sound, in
the same run. Memory is the highest sum over all processes of an export. Then 30 exports are killed. All of it takes an
hour and a half on two cores; `--takes 20 --long 0` five minutes. A machine on which others work, too, is measured
with `--rounds 3`: floor and exports take turns, and the least of each counts.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.exports.floor import floor_of
from tools.exports.homes import Talk, build, talks
from tools.exports.killing import kill_and_go_on
from tools.exports.measuring import Cost, least, measure

SECONDS, LONG_SECONDS = 180.0, 7200.0
MOST_CPU, MOST_WALL, MOST_MEGABYTES, MOST_GROWTH = 1.15, 0.6, 500.0, 1.25
KILLED_TAKES, KILLED_SECONDS = 8, 45.0


@dataclass(frozen=True)
class Size:
    """The costs of exports of one size, with one process and with two, and the floor in CPU seconds."""

    name: str
    floor: float
    one: Cost
    two: Cost

    def faults(self) -> list[str]:
        """Return a sentence for each target that is missed."""
        found = []
        for jobs, cost in ((1, self.one), (2, self.two)):
            if cost.cpu_seconds > MOST_CPU * self.floor:
                found.append(f"{self.name}, {jobs} processes: CPU is {cost.cpu_seconds / self.floor:.2f} x the floor")
            if cost.peak_megabytes > MOST_MEGABYTES:
                found.append(f"{self.name}, {jobs} processes: {cost.peak_megabytes:.0f} MB")
        return found


def measure_size(name: str, takes: int, spoken: list[Talk], folder: Path, rounds: int) -> Size:
    """Build a home folder with so many takes, and export it, so many times."""
    home, out = folder / "home", folder / "out"
    asyncio.run(build(home, takes, spoken))
    floors: list[float] = []
    costs: dict[int, list[Cost]] = {1: [], 2: []}
    for number in range(rounds):
        encoded = _new(folder, f"floor-{number}")
        floors.append(floor_of(takes, [talk.path for talk in spoken], [talk.clips for talk in spoken], encoded))
        for jobs, found in costs.items():
            found.append(measure(home, out, jobs))
            shutil.rmtree(out)
    size = Size(name, min(floors), *map(least, costs.values()))
    sys.stdout.write(_row(size))
    sys.stdout.flush()
    return size


def _row(size: Size) -> str:
    cells = [size.name, f"{size.floor:.0f} s"]
    for cost in (size.one, size.two):
        cells += [f"{cost.cpu_seconds / size.floor:.2f} x", f"{cost.wall_seconds:.0f} s", f"{cost.peak_megabytes:.0f}"]
    cells.append(f"{size.two.wall_seconds / size.one.wall_seconds:.2f} x")
    return f"| {' | '.join(cells)} |\n"


HEAD = """\
| takes | floor (CPU) | CPU, 1 process | wall | MB | CPU, 2 processes | wall | MB | wall, 2 to 1 |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
"""


def main() -> None:
    """Measure, print a table, and exit with 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--takes", type=int, nargs="*", default=[20, 200], help="takes of three minutes")
    parser.add_argument("--long", type=float, default=LONG_SECONDS, help="seconds of the long take, 0 for none")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="promptbook-exports-", dir=asked_place()))
    try:
        faults = run(asked, folder)
    finally:
        shutil.rmtree(folder)
    sys.stdout.writelines(f"- {fault}\n" for fault in faults)
    sys.exit(bool(faults))


def asked_place() -> Path:
    """Return the folder for everything: below `build`, because tracks are links, which need one disk."""
    place = Path("build")
    place.mkdir(exist_ok=True)
    return place.resolve()


def run(asked: argparse.Namespace, folder: Path) -> list[str]:
    """Measure what is asked for; return the targets that are missed."""
    sys.stdout.write(f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n\n{HEAD}")
    spoken = talks(folder / "talks", SECONDS)
    sizes = [
        measure_size(f"{takes} of 3 min", takes, spoken, _new(folder, f"size-{takes}"), asked.rounds)
        for takes in asked.takes
    ]
    if asked.long:
        spoken = talks(folder / "talks", SECONDS, max(round(asked.long / SECONDS), 1))
        sizes.append(measure_size(f"1 of {asked.long / 3600:g} h", 1, spoken, _new(folder, "long"), asked.rounds))
    faults = [fault for size in sizes for fault in size.faults()]
    faults += _comparisons(sizes)
    if asked.kills:
        sys.stdout.write(f"\nkill -9 at {asked.kills} random moments:\n")
        home = _new(folder, "killed") / "home"
        asyncio.run(build(home, KILLED_TAKES, talks(folder / "talks", KILLED_SECONDS)))
        faults += kill_and_go_on(home, _new(folder, "outs"), asked.kills, asked.seed)
    return faults


def _comparisons(sizes: list[Size]) -> list[str]:
    faults: list[str] = []
    for size in sizes:
        # One take is one piece of work, which no second process can share.
        if not size.name.startswith("1 of") and size.two.wall_seconds > MOST_WALL * size.one.wall_seconds:
            faults.append(
                f"{size.name}: two processes take {size.two.wall_seconds / size.one.wall_seconds:.2f} x as long"
            )
    peaks = [size.two.peak_megabytes for size in sizes]
    if peaks and max(peaks) > MOST_GROWTH * peaks[0]:
        faults.append(f"memory is not flat: {peaks[0]:.0f} MB, then up to {max(peaks):.0f} MB")
    return faults


def _new(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


if __name__ == "__main__":
    main()
