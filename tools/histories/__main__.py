"""Plays random histories of consent, erasure and export, and prints the first that is wrong, made as short as it gets.

`python -m tools.histories --runs 200`. The same seed brings the same stories.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, seed, settings

from tools.histories.history import Theatre, open_theatre, run
from tools.histories.story import PEOPLE, STORIES, Act, Kind
from tools.histories.voices import packets_of
from tools.stops.disks import NoSmallDisk, small_disk


@dataclass
class Tally:
    """How many histories were played, and what was in them."""

    histories: int = 0
    lives: int = 0
    counts: Counter[str] = field(default_factory=Counter[str])


class Broken(AssertionError):
    """A history that ended with something that was not permitted."""


def play_many(theatre: Theatre, runs: int, first_seed: int, tally: Tally, *, shrinks: bool = True) -> None:
    """Play that many histories. Raises Broken for the first that is wrong, with its shortest story if it `shrinks`."""
    phases = (Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)

    @seed(first_seed)
    @settings(
        max_examples=runs,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(STORIES)
    def play(acts: list[Act]) -> None:
        judgement = run(theatre, acts)
        tally.histories += 1
        tally.counts += judgement.counts
        tally.lives += sum(act.kind is Kind.KILL for act in acts) + 1
        if judgement.wrong:
            story = "\n".join(f"  {number:2}. {act}" for number, act in enumerate(acts, 1))
            raise Broken("\n".join([*judgement.wrong[:6], story]))

    play()


Told = multiprocessing.Queue[tuple[Tally, str]]


def _job(number: int, runs: int, first_seed: int, shrinks: bool, told: Told) -> None:
    tally, broken = Tally(), ""
    with ExitStack() as stack:
        disk = Path(stack.enter_context(TemporaryDirectory(prefix="histories-")))
        try:
            stack.enter_context(small_disk(disk))
        except NoSmallDisk:
            print(f"Job {number}: no disk can be filled here; the other acts happen all the same.", flush=True)
        try:
            play_many(open_theatre(disk), runs, first_seed + number, tally, shrinks=shrinks)
        except Broken as error:
            broken = str(error)
    told.put((tally, broken))


def main() -> None:
    """Play, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--as-drawn", action="store_true", help="print a wrong history as it was drawn")
    given_ = parser.parse_args()
    for person in range(PEOPLE):
        packets_of(person)
    began, context = time.monotonic(), multiprocessing.get_context("fork")
    told: Told = context.Queue()
    shares = [given_.runs // given_.jobs + (number < given_.runs % given_.jobs) for number in range(given_.jobs)]
    jobs = [
        context.Process(target=_job, args=(number, runs, given_.seed, not given_.as_drawn, told))
        for number, runs in enumerate(shares)
    ]
    for job in jobs:
        job.start()
    total, wrong = Tally(), list[str]()
    for tally, broken in [told.get() for _ in jobs]:
        total.histories += tally.histories
        total.lives += tally.lives
        total.counts += tally.counts
        wrong += [broken] if broken else []
    print(f"{total.histories} histories, {total.lives} processes of the bot, in {time.monotonic() - began:.0f} s")
    for what, count in sorted(total.counts.items()):
        print(f"  {what}: {count}")
    for one in wrong:
        print(one)
    print("Nothing was recorded or exported that was not permitted." if not wrong else f"{len(wrong)} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
