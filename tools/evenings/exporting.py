"""What an export of everything costs a session that is being recorded: `make exporting`.

A troupe has played 1,000 sessions of 800 turns. While eight people talk, those on stage are recorded, and everyone
presses now and then, a coordinator gives `/export`. The bot's event loop, the store's transactions, the answers and the
frames are measured from the command until it is answered or for `--seconds`, and for as long before it. This takes ten
minutes per checkout, or five with `--seconds 60`, in which the export gets no further than its tracks.

`--beside CHECKOUT` plays the same with the bot of another checkout, so that one table has both. The exit code says
whether this checkout's bot meets all targets during the export.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bot.rehearsal.processes import BotCommand
from bot.rehearsal.world import default_world
from tools.evenings.earlier import Earlier
from tools.evenings.earlier_rows import FEWEST_TURNS
from tools.evenings.export_evening import play
from tools.evenings.export_table import Side, faults_of, table_of
from tools.evenings.figures import PROBE, figures_of

ROOT = Path(__file__).parents[2]
SEED = 31
PERFORMERS = 8


def command_of(checkout: Path, probe: Path) -> BotCommand:
    """Return the command for a checkout's own bot with the probe in it."""
    environment = {"PYTHONPATH": str(ROOT), "PROMPTBOOK_DATA": str(checkout / "data")}
    return BotCommand((str(python_of(checkout)), "-m", "tools.evenings.probed", str(probe)), checkout, environment)


def python_of(checkout: Path) -> Path:
    """Return the interpreter of a checkout's own environment."""
    return checkout / ".venv" / "bin" / "python"


def measure(checkout: Path, sessions: int, turns: int, seconds: float) -> Side:
    """Play with a checkout's bot. The folder is removed afterwards, unless something went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="promptbook-exporting-"))
    home, logs = folder / "home", folder / "home-logs"
    home.mkdir()
    logs.mkdir()
    command = command_of(checkout, logs / PROBE)
    world = default_world(SEED, performers=PERFORMERS, coordinators=2)
    Earlier(checkout, world, sessions, turns).place(home, ROOT / "build" / "exporting")
    try:
        played = asyncio.run(play(command, world, home, logs, seconds))
    except BaseException:
        sys.stderr.write(f"The evening with the bot of {checkout} was not played to its end. The logs are in {logs}.\n")
        raise
    before, during = (figures_of(home, logs, window, played.recorded) for window in (played.before, played.during))
    shutil.rmtree(folder)
    return Side(checkout.name, before, during, played.during.seconds, played.export, played.peak_megabytes)


def main() -> None:
    """Play, print the table, and exit with 1 if this checkout misses a target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=800, help="turns per session")
    parser.add_argument("--seconds", type=float, default=240.0, help="longest time to measure")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="another checkout to compare with")
    asked = parser.parse_args()
    if asked.turns < FEWEST_TURNS:
        parser.error(f"A session has at least {FEWEST_TURNS} turns, two per track.")
    checkouts = [asked.beside.resolve(), ROOT] if asked.beside else [ROOT]
    for checkout in checkouts:
        if not python_of(checkout).exists():
            parser.error(f"{checkout} has no .venv. Run 'make install' there first.")
    sides = [measure(checkout, asked.sessions, asked.turns, asked.seconds) for checkout in checkouts]
    sys.stdout.write(f"{asked.sessions} sessions of {asked.turns} turns; load {os.getloadavg()[0]:.1f}\n\n")
    sys.stdout.write(table_of(sides))
    faults = faults_of(sides[-1])
    sys.stdout.writelines(f"- {fault}\n" for fault in faults)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
