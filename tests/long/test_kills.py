"""A few runs of the kill loop; `make kills` does 100."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.kills.loop import MOST_LOST_SECONDS, run_once


@pytest.mark.parametrize(("run", "moment"), [(901, "take"), (902, "countdown")])
async def test_a_killed_bot_loses_next_to_nothing_and_the_show_goes_on(tmp_path: Path, run: int, moment: str):
    outcome = await run_once(run, tmp_path, moment)
    assert outcome.faults == []
    assert outcome.lost_seconds <= MOST_LOST_SECONDS
    assert outcome.tracks == (4 if moment == "take" else 0)
