"""`make casting`: compares the design with random dealing and brute force over a thousand troupes and some crowds.

Writes docs/casting.md. With another number of troupes, nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from random import Random

from tools.casting.check import possible_table
from tools.casting.clairvoyant import can_end_within_one
from tools.casting.crowds import CROWDS, SIZES, crowd_table, deal_crowd
from tools.casting.emotion_check import emotion_table
from tools.casting.evenings import play
from tools.casting.tables import Run, tables, write
from tools.casting.troupes import draw_troupe

TROUPES, SEED = 1000, 2026
AT_ONCE = 2


def run(number: int) -> Run:
    """Deal one troupe's sessions in each way."""
    troupe = draw_troupe(Random(f"{SEED}/{number}"))
    seed = f"seed {number}"
    designed = play(troupe, seed)
    is_same = [scene.deal for scene in play(troupe, seed).scenes] == [scene.deal for scene in designed.scenes]
    first = [scene for scene in designed.scenes if scene.session == 0]
    return Run(troupe, designed, is_same, play(troupe, seed, at_random=True), can_end_within_one(first))


def main() -> None:
    """Print the tables, and write them into the page if they cover all troupes."""
    parser = argparse.ArgumentParser(prog="make casting", description=__doc__)
    parser.add_argument("--troupes", type=int, default=TROUPES)
    count = parser.parse_args().troupes
    with ProcessPoolExecutor(AT_ONCE) as pool:
        runs = list(pool.map(run, range(count), chunksize=10))
        # The largest crowds first, so that both processes end at the same time.
        drawn = [(people, number) for people in reversed(SIZES) for number in range(CROWDS)]
        crowds = list(pool.map(deal_crowd, *zip(*drawn, strict=True)))
    text = f"{tables(runs)}\n\n{possible_table()}\n\n{emotion_table()}\n\n{crowd_table(crowds)}"
    sys.stdout.write(f"{text}\n")
    if count == TROUPES:
        write(text)


if __name__ == "__main__":
    main()
