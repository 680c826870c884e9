"""How often another performer's voice in a track is found, and how often it is reported wrongly: `make crosstalk`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field

import numpy as np

from bot.audio.crosstalk import Leak, find_leaks
from tools.bench.room import MANNERS, Manner, Way, perform

LEVELS_DB = (None, -20.0, -25.0, -30.0, -40.0)
PERFORMERS = 4


@dataclass(slots=True)
class Outcome:
    """Pairs of performers with and without a leak, and what was reported of them. Errors are of levels, in dB."""

    leaking: int = 0
    found: int = 0
    quiet: int = 0
    false_alarms: int = 0
    errors_db: list[float] = field(default_factory=list[float])

    def add(self, ways: list[Way], leaks: tuple[Leak, ...]) -> None:
        """Count one case."""
        found = {(leak.source, leak.heard_by): leak for leak in leaks}
        true = {(way.source, way.listener): way for way in ways}
        self.leaking += len(true)
        self.quiet += PERFORMERS * (PERFORMERS - 1) - len(true)
        self.found += len(true.keys() & found.keys())
        self.false_alarms += len(found.keys() - true.keys())
        self.errors_db += [found[pair].level_db - true[pair].level_db for pair in true.keys() & found.keys()]


def random_case(seed: int, manner: Manner, level_db: float | None) -> tuple[list[Way], tuple[Leak, ...]]:
    """Two of four performers are heard in a third one's microphone at this level, 50 to 450 ms late; or none is."""
    rng = np.random.default_rng(seed)
    first, second, listener = (int(number) for number in rng.permutation(PERFORMERS)[:3])
    ways = [Way(source, listener, level_db, rng.uniform(0.05, 0.45)) for source in (first, second) if level_db]
    tracks = perform(seed, PERFORMERS, manner, ways)
    return ways, find_leaks(dict(enumerate(tracks)))


def run(cases: int, manner: Manner, level_db: float | None, first_seed: int) -> Outcome:
    """Run some random cases of one kind."""
    outcome = Outcome()
    for seed in range(first_seed, first_seed + cases):
        outcome.add(*random_case(seed, manner, level_db))
    return outcome


def main() -> None:
    """Run the chosen cases and print a table."""
    parser = argparse.ArgumentParser(prog="make crosstalk", description=__doc__)
    parser.add_argument("--cases", type=int, default=5, help="random cases of each of the fifteen kinds")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    print("| speaking | leak | leaking pairs | found | other pairs | false alarms | level off by, mean | worst |")
    print("|---|---|---|---|---|---|---|---|")
    for manner in MANNERS:
        for level_db in LEVELS_DB:
            _print(manner, level_db, run(chosen.cases, manner, level_db, chosen.seed))


def _print(manner: Manner, level_db: float | None, outcome: Outcome) -> None:
    level = "none" if level_db is None else f"{level_db:.0f} dB"
    errors = np.array(outcome.errors_db)
    off = f"{errors.mean():+.1f} dB | {errors[np.argmax(np.abs(errors))]:+.1f} dB" if len(errors) else " | "
    counts = f"{outcome.leaking} | {outcome.found} | {outcome.quiet} | {outcome.false_alarms}"
    print(f"| {manner} | {level} | {counts} | {off} |", flush=True)


if __name__ == "__main__":
    main()
