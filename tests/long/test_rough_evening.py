"""A small rough evening, of two scenes; `make rough` plays all of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bot.rehearsal.checking.checker import ROUGH_CHECKS

ROOT = Path(__file__).parents[2]


def test_everything_is_kept_or_in_a_hole_and_the_panel_says_so(tmp_path: Path):
    words = ("rehearse", "--home", str(tmp_path / "home"), "--rough", "--performers", "4", "--scenes", "2", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stderr
    claims = json.loads(done.stdout)["claims"]
    assert len(claims) == len(ROUGH_CHECKS) + 1
    assert all(claim["is_true"] and claim["checked"] for claim in claims)
