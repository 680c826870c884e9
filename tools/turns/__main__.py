"""Build takes with exact truth and score turn finders on them: `python -m tools.turns build FOLDER`, `score FOLDER`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from tools.turns import leak, long, open_microphones
from tools.turns.finders import Finder, find_landed, find_present
from tools.turns.score import Tally, score_take
from tools.turns.table import table, unmet
from tools.turns.truth import find_takes, read_truth


class Build(Protocol):
    """Writes a take into an empty folder."""

    def __call__(self, folder: Path, seed: int, minutes: float = ...) -> None: ...


TAKES: Final[Mapping[str, Build]] = {"long": long.build, "open": open_microphones.build, "leak": leak.build}


def build(folder: Path, names: list[str], seed: int, minutes: float | None) -> None:
    """Build the takes of these names that are not there yet."""
    for name in names:
        take = folder / name
        if find_takes(take):
            continue
        take.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        if minutes is None:
            TAKES[name](take, seed)
        else:
            TAKES[name](take, seed, minutes)
        print(f"built {take} in {time.monotonic() - began:.0f} s", file=sys.stderr)


def score(folder: Path, finder: Finder) -> dict[str, Tally]:
    """Return the figures of every take in the folder."""
    rows: dict[str, Tally] = {}
    for take in find_takes(folder):
        truth = read_truth(take)
        found = finder([take / track.file for track in truth.tracks])
        rows[str(take.relative_to(folder)) if take != folder else truth.take] = score_take(truth, found)
    return rows


def main() -> int:
    """Do what the command line asks for; the exit code says whether every figure is as demanded."""
    asked = _parser().parse_args()
    if asked.what in ("build", "all"):
        build(asked.folder, asked.only or list(TAKES), asked.seed, asked.minutes)
    if asked.what == "build":
        return 0
    if asked.beside:
        _print("packets alone", score(asked.folder, find_landed))
    rows = score(asked.folder, find_present)
    _print("now", rows)
    return int(any(unmet(tally) for tally in rows.values()) or not rows)


def _print(title: str, rows: Mapping[str, Tally]) -> None:
    print(f"\n{title}:\n\n{table(rows)}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.turns", description=__doc__)
    parser.add_argument("what", choices=("build", "score", "all"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", choices=tuple(TAKES), help="build only this take; may be repeated")
    parser.add_argument("--minutes", type=float, help="another length of the takes")
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--beside", action="store_true", help="print the figures of packets alone, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
