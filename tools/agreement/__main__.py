"""`make agreement`: lets raters of known bias, noise and carelessness rate, and looks at what the statistics find out.

Writes docs/rating.md. With another number of runs, nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from bot.statistics.alpha import Level
from bot.statistics.undefined import FEWEST_TRIALS, FEWEST_TURNS
from tools.agreement.coverage import Case, cover_alpha, cover_hit_rate
from tools.agreement.listening import find_careless, recover
from tools.agreement.oracle import compare
from tools.agreement.tables import (
    alike_table,
    careless_table,
    compared_words,
    coverage_table,
    rivals_table,
    sensitivity_table,
    write,
)

RUNS, TURNS, AT_ONCE = 2000, 200, 2
TABLES, TROUPES = 1000, 200
NOISES = {Level.NOMINAL: (0.6, 0.4, 0.2), Level.ORDINAL: (1.5, 0.8, 0.4), Level.INTERVAL: (1.5, 0.8, 0.4)}
CLEAR = {Level.NOMINAL: 0.05, Level.ORDINAL: 0.25, Level.INTERVAL: 0.25}
"""The noise of raters who nearly always agree, none of whom is careless."""

FEW = (8, 40)
"""How many performers share the turns in the cases in which the turns of a performer are alike."""


def cases(runs: int) -> list[Case]:
    """Return the cases in which α is known: a few levels of agreement, and fewer turns."""
    found = [Case(runs, TURNS, level, noise) for level, noises in NOISES.items() for noise in noises]
    found += [Case(runs, TURNS, level, noise, careless=0) for level, noise in CLEAR.items()]
    return [*found, *(Case(runs, FEWEST_TURNS, level, noises[1]) for level, noises in NOISES.items())]


def rivals(runs: int) -> list[Case]:
    """Return the cases in which intervals are compared with others."""
    return [
        replace(Case(runs // 5, turns, level, noises[1]), has_rivals=True)
        for level, noises in NOISES.items()
        for turns in (TURNS, FEWEST_TURNS)
    ]


def main() -> None:
    """Print the tables, and write them into the page if they cover all runs."""
    parser = argparse.ArgumentParser(prog="make agreement", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    with ProcessPoolExecutor(AT_ONCE) as pool:
        beside = pool.map(cover_alpha, rivals(runs))
        alphas = pool.map(cover_alpha, cases(runs))
        emotions = [Case(runs, TURNS, Level.NOMINAL, noise) for noise in NOISES[Level.NOMINAL]]
        alike = [replace(emotions[1], performers=performers) for performers in FEW]
        rates = pool.map(cover_hit_rate, emotions)
        of_alike = [*pool.map(cover_alpha, alike), *pool.map(cover_hit_rate, alike)]
        careless = [find_careless(TROUPES, checks, least) for least in (0.8, 0.4) for checks in (5, 10, 15, 20)]
        sensitivities = [
            recover(runs, d_prime, criterion, trials)
            for trials in (FEWEST_TRIALS, 100)
            for d_prime in (0, 1, 2, 3)
            for criterion in (0, 0.5)
        ]
        parts = [
            compared_words(compare(TABLES)),
            coverage_table(list(alphas), list(rates)),
            rivals_table(list(beside)),
            alike_table(of_alike),
            careless_table(TROUPES, careless),
            sensitivity_table(runs, sensitivities),
        ]
    text = "\n\n".join(parts)
    sys.stdout.write(f"{text}\n")
    if runs == RUNS:
        write(text)


if __name__ == "__main__":
    main()
