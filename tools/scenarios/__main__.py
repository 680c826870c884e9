"""`make scenarios`: runs every scenario, then each with a rule removed. Prints both tables, writes docs/benchmarks.md.

With names of scenarios or rules, only those are run, and nothing is written. `--pace 0.3` shortens waiting times. Each
run has its own process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tools.scenarios.library import SCENARIOS
from tools.scenarios.play import StageProcess, opened
from tools.scenarios.rules import RULES
from tools.scenarios.tables import Run, rule_table, scenario_table, write
from tools.scenarios.truth import Verdict

AT_ONCE = 2
LONGEST_S = 120


async def play(scenario: str, rule: str | None, pace: float, folder: Path) -> Verdict:
    """Run a scenario in this process, with or without a rule."""
    with ExitStack() as stack:
        if rule is not None:
            RULES[rule].take_out(stack.enter_context(pytest.MonkeyPatch.context()))
        process = stack.enter_context(StageProcess())
        async with asyncio.timeout(LONGEST_S), opened(process, folder, pace) as call:
            return await SCENARIOS[scenario].run(call)


async def play_apart(scenario: str, rule: str | None, pace: float, slots: asyncio.Semaphore) -> Run:
    """Run a scenario in its own process."""
    arguments = ["--alone", scenario, *(["--without", rule] if rule else []), "--pace", str(pace)]
    async with slots:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tools.scenarios",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ,
        )
        told, errors = await process.communicate()
    name = f"{scenario} without {rule}" if rule else scenario
    if process.returncode:
        last = errors.decode(errors="replace").strip().splitlines()[-1:]
        run = Run(scenario, rule, None, f"it ended with {' '.join(last) or process.returncode}")
    else:
        run = Run(scenario, rule, Verdict(**json.loads(told)))
    sys.stderr.write(f"{name}: {run.outcome or 'as it should be'}\n")
    return run


def chosen(names: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    for name in SCENARIOS:
        if not names or name in names:
            yield name, None
    for rule in RULES.values():
        if not names or rule.name in names:
            yield rule.scenario, rule.name


async def play_all(names: Sequence[str], pace: float) -> list[Run]:
    slots = asyncio.Semaphore(AT_ONCE)
    return list(await asyncio.gather(*(play_apart(*which, pace, slots) for which in chosen(names))))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make scenarios", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SCENARIOS, *RULES, []])
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--alone", choices=SCENARIOS, help=argparse.SUPPRESS)
    parser.add_argument("--without", choices=RULES, help=argparse.SUPPRESS)
    given: Any = parser.parse_args()
    if given.alone:
        with tempfile.TemporaryDirectory() as folder:
            verdict = asyncio.run(play(given.alone, given.without, given.pace, Path(folder)))
        sys.stdout.write(json.dumps(asdict(verdict)))
        return 0
    runs = asyncio.run(play_all(given.names, given.pace))
    whole = [run for run in runs if run.rule is None]
    sys.stdout.write(f"\n{scenario_table(whole)}\n\n{rule_table(runs)}\n")
    if not given.names:
        write(runs)
    return 0 if all(run.is_as_wanted for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
