"""A bot that is asked to end during a take, as systemd and Docker do, keeps all of it and continues after a restart."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tools.kills.loop import run_once


async def test_a_bot_that_is_asked_to_end_keeps_the_take_to_its_last_moment(tmp_path: Path):
    outcome = await run_once(903, tmp_path, "asked to end")
    assert (outcome.faults, outcome.tracks) == ([], 4)
    assert outcome.lost_seconds <= 0.1
    with closing(sqlite3.connect(tmp_path / "home" / "promptbook.sqlite3")) as database:
        reasons = [row[0] for row in database.execute("SELECT cut_reason FROM takes ORDER BY take_id")]
    assert reasons == ["interrupted", "coordinator"]
