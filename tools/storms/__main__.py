"""`make storms`: random evenings on the bot's services. Prints each evening on which a promise broke, with its story.

The exit code is 1 if any did. One evening is played again by `make storms ARGS="--evenings 1 --seed N"`.
"""

from __future__ import annotations

import argparse
import sys
import time

from tools.storms.evenings import Outcome, play_evening

EVENINGS = 200


def main() -> int:
    """Play, print, and say whether anything broke."""
    parser = argparse.ArgumentParser(prog="make storms", description=__doc__)
    parser.add_argument("--evenings", type=int, default=EVENINGS)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the first evening's; each next one adds 1")
    given = parser.parse_args()
    sys.stdout.write(f"seed {given.seed}\n")
    outcomes = [_told(play_evening(seed)) for seed in range(given.seed, given.seed + given.evenings)]
    presses = sum(len(outcome.played) for outcome in outcomes)
    broken = sum(outcome.broken is not None for outcome in outcomes)
    sys.stdout.write(f"{len(outcomes):,} evenings, {presses:,} presses, {broken:,} broken promises\n")
    return int(broken > 0)


def _told(outcome: Outcome) -> Outcome:
    if outcome.broken is not None:
        sys.stdout.write(f"{outcome}\n")
        sys.stdout.flush()
    return outcome


if __name__ == "__main__":
    sys.exit(main())
