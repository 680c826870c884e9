"""The X-card in a real evening: it stops the take immediately, and nothing that is stored says who pressed it."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.rehearsal.acts import until
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import Plan, open_house
from bot.rehearsal.panel import press
from bot.rehearsal.world import default_world
from tools.ground_truth import SILENCES, ogg_packets, read_lines

STOPPED_WITHIN_SECONDS = 0.3


async def test_the_x_card_stops_the_take_and_nothing_says_who_pressed(tmp_path: Path):
    home, logs = tmp_path / "home", tmp_path / "home-logs"
    home.mkdir()
    logs.mkdir()
    plan = Plan(41, scenes=1, take_seconds=5.0, countdown_seconds=2)
    async with open_house(home, logs, default_world(41), plan) as house:
        evening = Evening(house, lambda *_: None)
        await evening.open_session()
        await evening.deal(1)
        async with evening.talking():
            called_at = await evening.call_take(1)
            await until(called_at + plan.countdown_seconds + plan.take_seconds)
            await evening.cut_take(1, time.monotonic())
        await evening.deal(2)
        async with evening.talking():
            called_at = await evening.call_take(2)
            await until(called_at + plan.countdown_seconds + 3.0)
            presser = evening.on_stage[-1]
            pressed = await press(presser.person, "Stop (X-card)")
            assert "No one is told who pressed" in pressed.reply.text
        house.journal.flush()
        await evening.rate()
        await evening.end()
    presser_id = str(presser.profile.user_id)

    with closing(sqlite3.connect(home / "promptbook.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        person, pseudonym = database.execute(
            "SELECT person_id, pseudonym FROM people WHERE discord_user_id = ?", (presser_id,)
        ).fetchone()
        (take,) = database.execute("SELECT * FROM takes WHERE cut_reason = 'x_card'").fetchall()
        assert take["struck_at"] is not None
        assert 2.5 * 48_000 <= take["duration_samples"] <= 3.5 * 48_000
        stopping = database.execute(
            "SELECT * FROM events WHERE kind = 'scene_stopped' OR (kind = 'take_cut' AND take_id = ?)",
            (take["take_id"],),
        ).fetchall()
        assert len(stopping) == 2
        assert not [row for row in stopping if row["person_id"] is not None or presser_id in row["detail"]]
        tracks = database.execute(
            "SELECT path, discord_user_id FROM tracks JOIN people USING (person_id) WHERE take_id = ?",
            (take["take_id"],),
        ).fetchall()
    assert len(tracks) == 4
    assert person

    late = pressed.at + STOPPED_WITHIN_SECONDS
    sent = [entry for entry in read_lines(logs / "cast.jsonl") if entry["kind"] == "frame_sent"]
    after = {bytes.fromhex(one["opus"]) for one in sent if one["t"] > late} - set(SILENCES)
    assert len(after) > 50, "people must go on talking after the press"
    for track in tracks:
        kept = set(list(ogg_packets((home / track["path"]).read_bytes()))[2:])
        assert not kept & after

    assert presser_id not in (logs / "bot.log").read_text("utf-8")
    exported = home / "exports" / "session-0001"
    for row in json.loads((exported / "tables" / "events.json").read_text("utf-8")):
        if row["event"] == "scene_stopped" or (row["event"], row["take"]) == ("take_cut", take["number"]):
            assert pseudonym not in json.dumps(row)
    texts = [path for path in exported.rglob("*") if path.is_file() and path.suffix not in (".flac", ".parquet")]
    assert not [path for path in texts if presser_id in path.read_text("utf-8")]
