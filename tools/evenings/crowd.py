"""Two hundred people press Rate while a take is called and recorded: `make crowd`.

Performers talk, a coordinator calls a take, and everyone in the audience presses Rate within `--seconds` around it,
opens the form and sends it. Measured are when the take begins, how long each rater waits, how often each clip was
encoded, and the frames of the take. The exit code says whether all targets are met.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bot.rehearsal.processes import BotCommand
from tools.evenings.crowd_figures import CrowdFigures, figures_of_crowd
from tools.evenings.crowd_script import crowded_world, let_crowd_consent, play
from tools.evenings.figures import PROBE, Waits

SEED = 31


def measure(raters: int, seconds: float) -> CrowdFigures:
    """Play one evening. The folder is removed afterwards, unless something went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="promptbook-crowd-"))
    home, logs = folder / "home", folder / "home-logs"
    home.mkdir()
    logs.mkdir()
    world = crowded_world(SEED, raters)
    command = BotCommand((sys.executable, "-m", "tools.evenings.crowd_probed", str(logs / PROBE)))

    async def played() -> CrowdFigures:
        await let_crowd_consent(home, world)
        evening = await play(command, world, home, logs, seconds)
        return await asyncio.to_thread(figures_of_crowd, home, logs, evening)

    try:
        figures = asyncio.run(played())
    except BaseException:
        sys.stderr.write(f"The evening was not played to its end. The logs are in {logs}.\n")
        raise
    shutil.rmtree(folder)
    return figures


def sentences_of(figures: CrowdFigures, raters: int, seconds: float) -> str:
    """Return the figures in words."""
    return (
        f"{raters} people press Rate within {seconds:g} s around the call of a take; load {os.getloadavg()[0]:.1f}\n"
        f"- The take began {figures.start_off_ms:+.1f} ms from the press on Start and its countdown.\n"
        f"- Rate, to the clip: {_words(figures.rated)}.\n"
        f"- A sent form, to the first answer: {_words(figures.submitted)}.\n"
        f"- A sent form, to the next clip or the thanks: {_words(figures.stored)}.\n"
        f"- Others have the clips, to this answer: {_words(figures.put_off)}.\n"
        f"- {figures.failed} people got no answer.\n"
        f"- {figures.clips} clips, each encoded {figures.encoded} time(s) at most.\n"
        f"- {figures.lost} of {figures.frames} frames are in no track.\n"
        f"- The bot's loop kept work waiting for {_words(figures.loop)}; an idle process: {_words(figures.idle)}.\n"
    )


def _words(waits: Waits) -> str:
    return f"99th percentile {waits.p99_ms:.0f} ms, worst {waits.worst_ms:.0f} ms ({waits.count})"


def main() -> None:
    """Play, print the figures, and exit with 1 if one misses its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raters", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0, help="time within which everyone presses Rate")
    asked = parser.parse_args()
    figures = measure(asked.raters, asked.seconds)
    sys.stdout.write(sentences_of(figures, asked.raters, asked.seconds))
    sys.stdout.writelines(f"- MISSED: {fault}\n" for fault in figures.faults)
    sys.exit(bool(figures.faults))


if __name__ == "__main__":
    main()
