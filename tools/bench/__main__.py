"""`make bench`: what recording and dealing cost, as tables for docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bot.wire.transport import AES256_GCM, MODES
from tools.bench import burst, dealing, live, memory

PACKAGES = ("discord.py", "davey", "dave-py", "cryptography", "PyNaCl")


def main() -> None:
    """Run the chosen benchmarks and print their tables."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=("burst", "live", "memory", "dealing"), help="run only one of the benchmarks")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of a call in real time")
    parser.add_argument("--people", type=int, nargs="+", default=[10, 50, 100], help="people who talk at the same time")
    parser.add_argument("--crowd", type=int, default=400, help="people in the last run in real time; 0 leaves it out")
    chosen = parser.parse_args()
    _print_conditions()
    if chosen.only in (None, "burst"):
        _print_burst(chosen.people)
    if chosen.only in (None, "live"):
        _print_live(chosen.people, chosen.crowd, chosen.seconds)
    if chosen.only in (None, "memory"):
        _print_memory()
    if chosen.only in (None, "dealing"):
        _print_dealing()


def _print_conditions() -> None:
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}, CPython {platform.python_version()}, {packages}")
    print(f"Linux {platform.release()}, {os.cpu_count()} cores of {cpu}, load average {load} at the start")
    print(f"net.core.rmem_max {live.receive_buffer_limit():,} bytes\n", flush=True)


def _print_burst(people: list[int]) -> None:
    print("| people | cipher | path, us | floor, us | ratio |\n|---|---|---|---|---|")
    for count in people:
        for mode in MODES:
            cost = burst.measure(count, mode, seconds=max(400 / count, 6))
            figures = f"{cost.path_us:.1f} | {cost.floor_us:.1f} | {cost.ratio:.2f}"
            print(f"| {count} | {_name(mode)} | {figures} |", flush=True)
    print()


def _print_live(people: list[int], crowd: int, seconds: float) -> None:
    print("| people | cipher | us | paced floor | ratio | hot floor | ratio | of a core | sent | lost | ms to file |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    granted = 0
    for count in [*people, *([crowd] if crowd else [])]:
        for mode in MODES:
            run = live.measure(count, mode, seconds)
            granted = run.receive_buffer_bytes
            floors = f"{run.paced_floor_us:.1f} | {run.paced_ratio:.2f} | {run.floor_us:.1f} | {run.ratio:.2f}"
            cost = f"{run.process_us:.1f} | {floors} | {run.cpu_share:.0%}"
            kept = f"{run.sent} | {run.sent - run.recorded} | {run.latency_median_ms:.0f} ({run.latency_worst_ms:.0f})"
            print(f"| {count} | {_name(mode)} | {cost} | {kept} |", flush=True)
    print(f"\nSO_RCVBUF granted: {granted:,} bytes\n", flush=True)


def _print_memory() -> None:
    growth = memory.measure(AES256_GCM)
    before, after = growth.before_bytes / 1e6, growth.after_bytes / 1e6
    print(f"memory: {before:.1f} MB after a minute, {after:.1f} MB {growth.speaker_hours:.0f} speaker-hours later:")
    print(f"{growth.megabytes_a_speaker_hour:.2f} MB per speaker-hour", flush=True)


def _print_dealing() -> None:
    print("| performers | s per deal | worst | loop held, ms | own CPU, ms | by the panel | own CPU | idle process |")
    print("|---|---|---|---|---|---|---|---|")
    for count in dealing.CROWDS:
        cost = dealing.measure(count)
        held = " | ".join(f"{one.ms:.0f} | {one.cpu_ms:.0f}" for one in (cost.by_deal, cost.by_panel))
        seconds = f"{cost.median_seconds:.2f} | {cost.worst_seconds:.2f}"
        print(f"| {count} | {seconds} | {held} | {cost.idle.ms:.0f} |", flush=True)


def _name(mode: str) -> str:
    return "AES" if mode == AES256_GCM else "XChaCha"


if __name__ == "__main__":
    sys.exit(main())
