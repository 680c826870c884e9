"""A few runs of the kill loop; `make kills` does a hundred."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from kills.kill_loop import MOST_LOST_SECONDS, run_once


@pytest.mark.parametrize(("run", "moment"), [(901, "take"), (902, "countdown")])
async def test_a_killed_bot_loses_next_to_nothing_and_the_show_goes_on(tmp_path: Path, run: int, moment: str):
    outcome = await run_once(run, tmp_path, moment)
    assert outcome.faults == []
    assert outcome.lost_seconds <= MOST_LOST_SECONDS
    assert outcome.tracks == (4 if moment == "take" else 0)


async def test_a_bot_that_is_asked_to_end_keeps_the_take_to_its_last_moment(tmp_path: Path):
    outcome = await run_once(903, tmp_path, "asked to end")
    assert (outcome.faults, outcome.tracks) == ([], 4)
    assert outcome.lost_seconds <= 0.1
    with closing(sqlite3.connect(tmp_path / "home" / "promptbook.sqlite3")) as database:
        reasons = [row[0] for row in database.execute("SELECT cut_reason FROM takes ORDER BY take_id")]
    assert reasons == ["interrupted", "coordinator"]
