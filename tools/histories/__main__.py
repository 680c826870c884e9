"""Plays random histories of consent, erasure and export, and prints those that end wrong.

`python -m tools.histories --runs 200`. The same seed brings the same stories.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, given, seed, settings

from tools.histories.history import Theatre, open_theatre, run
from tools.histories.story import PEOPLE, Act, Kind, stories
from tools.histories.voices import packets_of
from tools.stops.disks import NoSmallDisk, small_disk


@dataclass
class Tally:
    """How many histories were played, in how many processes of the bot; what was in them, and the wrong ones."""

    histories: int = 0
    lives: int = 0
    counts: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])


class Broken(AssertionError):
    """A history that ended with something that was not permitted."""


def play_many(theatre: Theatre, runs: int, first_seed: int, tally: Tally, *, shrinks: bool = False) -> None:
    """Play that many histories, and note those that are wrong. With `shrinks`, raise Broken for the shortest."""
    phases = (Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)

    @seed(first_seed)
    @settings(
        max_examples=runs,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
        report_multiple_bugs=False,
    )
    @given(stories())
    def play(acts: list[Act]) -> None:
        judgement = run(theatre, acts)
        tally.histories += 1
        tally.lives += sum(act.kind is Kind.KILL for act in acts) + 1
        tally.counts += judgement.counts
        if judgement.wrong:
            story = "\n".join(f"  {number:2}. {act}" for number, act in enumerate(acts, 1))
            tally.wrong.append("\n".join([*judgement.wrong[:6], story]))
            if shrinks:
                raise Broken(tally.wrong[-1])

    play()


Told: TypeAlias = "multiprocessing.Queue[Tally]"


def _job(number: int, runs: int, first_seed: int, shrinks: bool, told: Told) -> None:
    tally = Tally()
    with ExitStack() as stack:
        disk = Path(stack.enter_context(TemporaryDirectory(prefix="histories-")))
        try:
            stack.enter_context(small_disk(disk))
        except NoSmallDisk:
            sys.stdout.write(f"Job {number}: no disk can be filled here; the other acts happen all the same.\n")
        # The shortest story that was found is the last of `tally.wrong`.
        stack.enter_context(suppress(*((BaseException,) if shrinks else ())))
        play_many(open_theatre(disk), runs, first_seed + number, tally, shrinks=shrinks)
    told.put(tally)


def main() -> None:
    """Play, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--shrink", action="store_true", help="look for the shortest story of the first that is wrong")
    given_ = parser.parse_args()
    for person in range(PEOPLE):
        packets_of(person)
    began, context = time.monotonic(), multiprocessing.get_context("fork")
    told: Told = context.Queue()
    shares = [given_.runs // given_.jobs + (number < given_.runs % given_.jobs) for number in range(given_.jobs)]
    jobs = [
        context.Process(target=_job, args=(number, runs, given_.seed, given_.shrink, told))
        for number, runs in enumerate(shares)
    ]
    for job in jobs:
        job.start()
    total = Tally()
    for tally in [told.get() for _ in jobs]:
        total.histories += tally.histories
        total.lives += tally.lives
        total.counts += tally.counts
        total.wrong += tally.wrong[-1:] if given_.shrink else tally.wrong
    print(f"{total.histories} histories, {total.lives} processes of the bot, in {time.monotonic() - began:.0f} s")
    for what, count in sorted(total.counts.items()):
        print(f"  {what}: {count}")
    for one in total.wrong:
        print(one)
    print(
        "Nothing was recorded or exported that was not permitted." if not total.wrong else f"{len(total.wrong)} wrong"
    )
    sys.exit(bool(total.wrong))


if __name__ == "__main__":
    main()
