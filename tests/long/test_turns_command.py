"""`promptbook turns`, as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from bot.audio.sound import write_ogg_opus
from bot.domain.consent import TO_PERFORM
from bot.samples import SAMPLE_RATE_HZ
from tests import ctrl_c
from tools.synthetic.session import Troupe, open_troupe, play_evening

MINUTES, PERFORMERS = 3, 8


async def unsearched(folder: Path) -> Troupe:
    """A home folder with takes that it takes a while to search, whose turns no one has looked for yet."""
    troupe = await open_troupe(folder)
    await play_evening(troupe, [await troupe.add_person(*TO_PERFORM) for _ in range(PERFORMERS)], [])
    hiss = np.random.default_rng(1).normal(0, 0.01, MINUTES * 60 * SAMPLE_RATE_HZ).astype(np.float32)
    write_ogg_opus(folder / "long.opus", hiss)
    for row in await troupe.database.fetch_all("SELECT path FROM tracks"):
        track = troupe.home.track(row["path"])
        track.unlink()
        track.hardlink_to(folder / "long.opus")
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE tracks SET turns_method = NULL")
    return troupe


async def test_ctrl_c_ends_a_search_within_seconds_and_stores_nothing_half(tmp_path: Path):
    troupe = await unsearched(tmp_path)
    command = [sys.executable, "-m", "bot", "turns", "--home", str(tmp_path)]
    with ctrl_c.heard():
        search = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: ASYNC220
    time.sleep(4)  # noqa: ASYNC251
    search.send_signal(signal.SIGINT)
    interrupted_at = time.monotonic()
    output, _ = search.communicate(timeout=120)
    waited = time.monotonic() - interrupted_at
    assert waited < 5
    assert search.returncode not in (0, None)
    assert b"Traceback" not in output
    assert await troupe.database.fetch_value("SELECT count(*) FROM tracks WHERE turns_method IS NOT NULL") == 0
    await troupe.database.close()
