"""An evening whose bot is watched: what held its event loop, and for how long. `make held` plays eight performers.

The rehearsal's journal of the probe has every callback that held the loop for 20 ms (`held`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.embedded.journal import read_journal
from bot.rehearsal.processes import BotCommand
from bot.rehearsal.rehearse import RehearsalSummary, rehearse_session

ROOT = Path(__file__).parents[2]
PROBE = "probe.jsonl"
MOST_MS = 50.0
"""What is noticed: two and a half frames of sound wait for so long, and so does a press."""

TOO_LONG = 3
"""The exit code if something held the loop for longer."""


def play(home: Path, *, seed: int, performers: int, scenes: int) -> tuple[RehearsalSummary, list[dict[str, Any]]]:
    """Play an evening; return its summary, and what held the loop from the first press on, the longest first.

    Raises RehearsalFailed.
    """
    probe = home.with_name(PROBE)
    words = (sys.executable, "-m", "tools.evenings.probed", str(probe))
    command = BotCommand(words, ROOT, {"PROMPTBOOK_DATA": str(ROOT / "data")})
    playing = rehearse_session(
        home, seed=seed, performers=performers, scenes=scenes, progress=lambda *_: None, command=command
    )
    summary = asyncio.run(playing)
    log = home.with_name(f"{home.name}-logs") / "discord.jsonl"
    started = next(read_journal(log, "interaction_created"))["t"]
    held = [one for one in read_journal(probe, "held") if one["t"] >= started]
    return summary, sorted(held, key=lambda one: -one["ms"])


def main() -> None:
    """Print what held the loop longest, or everything as JSON. The exit code says whether it is too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--performers", type=int, default=8)
    parser.add_argument("--scenes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write summary and holds to this file")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="promptbook-held-"))
    home = folder / "home"
    summary, held = play(home, seed=chosen.seed, performers=chosen.performers, scenes=chosen.scenes)
    if chosen.json:
        chosen.json.write_text(json.dumps({**summary.as_json(), "held": held}), "utf-8")
    sys.stdout.write(f"{len(held)} callbacks held the loop for 20 ms or more.\n")
    for one in held[:10]:
        sys.stdout.write(f"{one['ms']:6.1f} ms ({one['cpu_ms']:.1f} ms computing): {one['by']}\n")
    shutil.rmtree(folder)
    sys.exit(TOO_LONG if held and held[0]["ms"] > MOST_MS else 0)


if __name__ == "__main__":
    main()
