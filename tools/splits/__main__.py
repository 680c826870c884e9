"""`make splits`: follows companies over 1,800 releases, under the rule of this version and under the earlier one.

Writes docs/data.md. With another number of companies, nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from random import Random

from bot.domain.splits import Split, draw_splits
from tools.splits.company import NEVER, SOMETIMES, cumulative, troupes
from tools.splits.measures import Followed, Measured, drawn_each_time, follow, measure, remembered
from tools.splits.tables import tables, write

COMPANIES, EVENINGS, SEED = 60, 30, 2026
SIZES = (2, 4, 8)


def followed(companies: int) -> dict[str, list[Followed]]:
    """The same companies under each rule."""
    kinds = {
        "this one, people withdraw": (SOMETIMES, remembered),
        "this one, no one withdraws": (NEVER, remembered),
        "the earlier one, people withdraw": (SOMETIMES, drawn_each_time),
        "the earlier one, no one withdraws": (NEVER, drawn_each_time),
    }
    return {
        name: [follow(cumulative(Random(f"{SEED}/{number}"), EVENINGS, leaving), rule) for number in range(companies)]
        for name, (leaving, rule) in kinds.items()
    }


def never_mixing(seeds: int) -> dict[str, list[Measured]]:
    """Troupes that never mix: all exported at once, and each exported alone before they are exported together."""
    found: dict[str, list[Measured]] = {}
    for size in SIZES:
        sessions = troupes(size)
        everyone = [name for members in sessions.values() for name in members]
        for seed in range(seeds):
            together = draw_splits({}, everyone, sessions, seed)
            found.setdefault(f"troupes of {size}, exported together", []).append(measure(together, sessions))
            alone: dict[str, Split] = {}
            for label, members in sessions.items():
                alone |= draw_splits(alone, members, {label: members}, seed)
            name = f"troupes of {size}, each first exported alone"
            found.setdefault(name, []).append(measure(alone, sessions))
    return found


def main() -> None:
    """Print the tables, and write them into the page if they cover all companies."""
    parser = argparse.ArgumentParser(prog="make splits", description=__doc__)
    parser.add_argument("--companies", type=int, default=COMPANIES)
    count = parser.parse_args().companies
    text = tables(followed(count), never_mixing(seeds=20))
    sys.stdout.write(f"{text}\n")
    if count == COMPANIES:
        write(text)


if __name__ == "__main__":
    main()
