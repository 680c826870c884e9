"""Build takes with exact truth and score turn finders on them: `python -m tools.turns build FOLDER`, `score FOLDER`."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from tools.turns import evening, leak, long, nonverbal, open_microphones
from tools.turns.finders import Finder, find_landed, find_present
from tools.turns.score import Tally, score_track
from tools.turns.table import table, unmet
from tools.turns.truth import find_takes, read_truth

_OWN_LENGTH: Final = {"evening": evening.build, "nonverbal": nonverbal.build}
_ANY_LENGTH: Final = {
    "long": (long.build, long.MINUTES),
    "open": (open_microphones.build, open_microphones.MINUTES),
    "leak": (leak.build, leak.MINUTES),
    "mutual": (partial(leak.build, places=leak.IN_PAIRS), leak.MINUTES),
}
TAKES: Final = (*_OWN_LENGTH, *_ANY_LENGTH)

_ONLY_SHOWN: Final = ("mutual",)
"""Takes whose figures are shown, but may miss what is demanded of the others."""


def build(folder: Path, names: list[str], seed: int, minutes: float | None) -> None:
    """Build the takes of these names that are not there yet."""
    for name in names:
        take = folder / name
        if find_takes(take):
            continue
        unfinished = folder / f"{name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        began = time.monotonic()
        if name in _OWN_LENGTH:
            _OWN_LENGTH[name](unfinished, seed)
        else:
            build_take, usual = _ANY_LENGTH[name]
            build_take(unfinished, seed, minutes or usual)
        shutil.rmtree(take, ignore_errors=True)
        unfinished.rename(take)
        print(f"built {take} in {time.monotonic() - began:.0f} s", file=sys.stderr)


def score(folder: Path, names: list[str], finder: Finder, *, by_track: bool = False) -> dict[str, Tally]:
    """Return the figures of every take in the folder, or only of these; those of an evening's takes together.

    With `by_track`, each track has figures of its own.
    """
    rows: dict[str, Tally] = {}
    for take in find_takes(folder):
        name = take.relative_to(folder).parts[0] if take != folder else folder.name
        if names and name not in names:
            continue
        truth = read_truth(take)
        found = finder([take / track.file for track in truth.tracks])
        for track, turns in zip(truth.tracks, found, strict=True):
            row = f"{name}, {track.speaker}" if by_track else name
            rows.setdefault(row, Tally()).add(score_track(track, turns, truth.leaked_into(track.speaker)))
    return rows


def main() -> int:
    """Do what the command line asks for; the exit code says whether every figure is as demanded."""
    asked = _parser().parse_args()
    if asked.what in ("build", "all"):
        build(asked.folder, asked.only or list(TAKES), asked.seed, asked.minutes)
    if asked.what == "build":
        return 0
    if asked.beside:
        _print("Packets alone", score(asked.folder, asked.only, find_landed, by_track=asked.tracks))
    rows = score(asked.folder, asked.only, find_present, by_track=asked.tracks)
    if not rows:
        print(f"No take is in {asked.folder}: build some first.", file=sys.stderr)
        return 1
    _print("Now", rows)
    return int(any(unmet(tally) for name, tally in rows.items() if not name.startswith(_ONLY_SHOWN)))


def _print(title: str, rows: Mapping[str, Tally]) -> None:
    print(f"\n{title}:\n\n{table(rows)}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.turns", description=__doc__)
    parser.add_argument("what", choices=("build", "score", "all"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], choices=TAKES, help="only this take; may be repeated")
    parser.add_argument("--minutes", type=float, help="another length of long, open, leak and mutual")
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--beside", action="store_true", help="print the figures of packets alone, too")
    parser.add_argument("--tracks", action="store_true", help="print the figures of each track")
    return parser


if __name__ == "__main__":
    sys.exit(main())
