"""`make fuzz`: a million hostile packets and some thousand torn files, with the readers' coverage."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import coverage

from bot.wire.transport import MODES

COVERED_PACKETS = 60_000
PACKET_PATH = ("rtp", "transport", "receiver", "ssrc_stream", "dave", "ogg", "recovery")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--packets", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        from tools.fuzz.wire import torn_files, under_fire

        folder = Path(name)
        for number, (mode, forged) in enumerate((mode, forged) for mode in MODES for forged in (False, True)):
            fire = under_fire(mode, chosen.packets // 4, chosen.seed + number, folder, forged=forged)
            heard = f"{fire.heard} of {fire.said} valid frames heard"
            sys.stdout.write(f"{mode}: {dict(fire.packets)}; {heard}; {len(fire.faults)} faults\n")
            faults += fire.faults
        files = max(chosen.packets // 100, 10)
        torn = torn_files(files, chosen.seed, folder)
        sys.stdout.write(f"{files} torn files; {len(torn)} faults\n")
        _cover(folder, chosen.seed)
    sys.stdout.write("\n".join(faults + torn))
    sys.exit(bool(faults + torn))


def _cover(folder: Path, seed: int) -> None:
    """Repeat it with fewer packets, in a fresh import of the wire modules under coverage."""
    for module in [module for module in sys.modules if module.startswith(("bot.", "tools.bench.", "tools.fuzz.wire"))]:
        del sys.modules[module]
    measured = coverage.Coverage(
        include=[f"*/bot/**/{module}.py" for module in PACKET_PATH], branch=True, data_file=None
    )
    measured.start()
    from tools.fuzz.wire import torn_files, under_fire

    for forged in (False, True):
        under_fire(MODES[0], COVERED_PACKETS // 2, seed, folder, forged=forged)
    torn_files(300, seed, folder)
    measured.stop()
    measured.report(file=sys.stdout, show_missing=True)


if __name__ == "__main__":
    main()
