"""`make simulation`: simulated raters of known bias, noise and carelessness rate 200 turns, served in three ways.

Measures what the queue reaches, and what the statistics find of what is known. Writes docs/rating.md; with another
number of runs, nothing is written. The exit code says whether all targets are met.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from tools.simulation.measures import check, serve, tire
from tools.simulation.serving import SERVINGS
from tools.simulation.tables import alpha_table, checks_words, serving_table, voices_table, write
from tools.simulation.targets import missed
from tools.simulation.voices import hold

RUNS: Final = 200
AT_ONCE: Final = 2
TIRED: Final = (6, 6)
"""Repeats before and after a rater tires: as many as in 120 clips."""

LEFT: Final = {"nothing is left of d′": 0.0, "half of d′ is left": 0.5}


def main() -> None:
    """Print the tables, and write them into the page if they cover all runs."""
    parser = argparse.ArgumentParser(prog="make simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    with ProcessPoolExecutor(AT_ONCE) as pool:
        served = {name: list(pool.map(serve, [(name, run) for run in range(runs)], chunksize=5)) for name in SERVINGS}
        checked = list(pool.map(check, range(runs), chunksize=5))
        held = {name: list(pool.map(hold, [(run, left) for run in range(runs)])) for name, left in LEFT.items()}
    parts = [
        serving_table(served),
        alpha_table(served),
        checks_words(checked, tire(10 * runs, *TIRED), *TIRED),
        voices_table(held),
    ]
    text = "\n\n".join(parts)
    sys.stdout.write(f"{text}\n")
    if runs == RUNS:
        write(text)
    faults = missed(served["this queue"], next(iter(held.values())))
    sys.stdout.writelines(f"MISSED: {fault}\n" for fault in faults)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
