"""The figures that heartbeats and transactions become, and the bench itself on a small scale."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import TO_PERFORM, TO_RATE
from bot.embedded.journal import read_journal
from bot.home.places import Home
from bot.rehearsal.latency import Latency
from bot.rehearsal.world import default_world
from bot.store.database import Database, open_database
from tools.evenings.earlier import Earlier
from tools.evenings.earlier_rows import FEWEST_TURNS
from tools.evenings.export_table import Export, Side, faults_of, table_of
from tools.evenings.exporting import ROOT
from tools.evenings.figures import Figures, Stall, Waits, Window, held_ms, loop_waits, stalls_of, summed_up, write_waits
from tools.evenings.heartbeat import RHYTHM_SECONDS, Heartbeat, Notebook, waits_ms
from tools.evenings.probed import Probe


def steady(since: float, until: float) -> list[float]:
    """Beats that are never late."""
    return [since + number * RHYTHM_SECONDS for number in range(round((until - since) / RHYTHM_SECONDS) + 1)]


def test_a_stall_counts_for_all_that_fell_due_in_it():
    waits = waits_ms([*steady(0, 1), *steady(2, 3)], 0, 3)
    assert max(waits) == pytest.approx(995)
    assert sum(wait > 1 for wait in waits) == 199
    assert len(waits) == 599
    assert summed_up(waits).p99_ms == pytest.approx(970)


def test_a_stall_counts_for_the_window_in_which_it_fell_due():
    beats = [*steady(0, 1), *steady(2, 3)]
    assert max(waits_ms(beats, 0, 0.9), default=0) < 1
    assert max(waits_ms(beats, 1.4975, 3)) == pytest.approx(500)
    assert max(waits_ms(beats, 0, 1.4975)) == pytest.approx(995)


def test_a_loop_that_never_comes_back_stands_still_to_the_end():
    assert max(waits_ms(steady(0, 1), 0, 4)) == pytest.approx(2_995)
    with pytest.raises(ValueError, match="no beat"):
        loop_waits([], Window(0, 4))


@given(st.lists(st.floats(RHYTHM_SECONDS, 0.3), min_size=1, max_size=50))
def test_whatever_falls_due_waits_at_most_for_the_longest_gap(gaps: list[float]):
    beats = [sum(gaps[:number]) for number in range(len(gaps) + 1)]
    waits = waits_ms(beats, 0, beats[-1])
    assert max(waits, default=0) <= (max(gaps) - RHYTHM_SECONDS) * 1_000 + 1e-6
    assert len(waits) <= beats[-1] / RHYTHM_SECONDS + 1


def entry(kind: str, at: float, **fields: object) -> dict[str, object]:
    return {"kind": kind, "t": at, **fields}


def test_a_write_that_is_never_granted_waits_to_the_end():
    log = [
        entry("write_asked", 1.0, number=1),
        entry("write_granted", 1.25, number=1),
        entry("write_asked", 2.0, number=2),
        entry("write_done", 2.25, number=1),
        entry("write_asked", 9.0, number=3),
    ]
    assert write_waits(log, Window(0, 4)) == pytest.approx([250, 2_000])
    assert held_ms(log, Window(0, 4)) == pytest.approx([1_000])
    assert summed_up([]) == Waits(0, 0.0, 0.0)


def test_a_stall_is_told_with_what_was_found_in_it():
    log = [
        *(entry("beat", at) for at in (0.0, 0.005)),
        entry("stood", 0.1, main="bot.store.exporting.read", others=[]),
        entry("garbage", 0.15, ms=30.0, generation=2),
        entry("stood", 0.2, main=None, others=["bot.dataset.rows.turns"]),
        *(entry("beat", at) for at in (0.31, 0.316)),
    ]
    (stall,) = stalls_of(log)
    assert stall.ms == pytest.approx(300)
    assert stall.garbage_ms == 30
    assert stall.places == {"bot.store.exporting.read": 1, "waiting beside bot.dataset.rows.turns": 1}


def test_each_target_that_is_missed_is_told():
    well = Figures(
        loop=Waits(18_000, 2.0, 49.0),
        idle=Waits(18_000, 1.0, 8.0),
        writes=Waits(100, 5.0, 49.0),
        held=Waits(100, 9.0, 20.0),
        garbage=Waits(0, 0.0, 0.0),
        presses=Latency(600, 0, 5.0, 290.0, 900.0),
        frames=4_000,
        lost=0,
        stalls=[Stall(49.0, 0.0, Counter({"bot.store.exporting.read": 4}))],
    )
    side = Side("here", well, well, 90.0, Export(12.5, "Dataset ready", 80), 200.0)
    assert faults_of(side) == []
    assert "| took 12.5 s |" in table_of([side])
    late = replace(well.presses, unanswered=1)
    bad = replace(well, loop=Waits(18_000, 9.0, 51.0), writes=Waits(100, 9.0, 51.0), presses=late, lost=2)
    told = faults_of(replace(side, during=bad, export=Export(None, "No session is here.", 0)))
    assert [fault.split()[0] for fault in told] == ["The", "A", "Of", "2", "Nothing"]
    assert faults_of(replace(side, export=Export(None, "", 0))) == []


async def test_a_blocked_loop_is_seen(tmp_path: Path):
    notebook = Notebook(tmp_path / "beats.jsonl")
    heart = Heartbeat(notebook)
    await asyncio.sleep(0.05)
    began_at = time.monotonic()
    time.sleep(0.2)  # noqa: ASYNC251 - the block that the test looks for
    await asyncio.sleep(0.05)
    heart.stop()
    notebook.close()
    found = loop_waits(read_journal(tmp_path / "beats.jsonl"), Window(began_at - 0.02, began_at + 0.2))
    assert found.worst_ms > 180


async def test_who_waits_for_a_transaction_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for owner, name in ((asyncio.Runner, "run"), (Database, "transaction")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # the probe's replacement is removed again
    probe = Probe(tmp_path / "probe.jsonl")
    probe.install()
    database = await open_database(Home(tmp_path))
    since = time.monotonic()

    async def hold(seconds: float) -> None:
        async with database.transaction():
            await asyncio.sleep(seconds)

    await asyncio.gather(hold(0.2), hold(0.0))
    window = Window(since, time.monotonic())
    await database.close()
    probe.close()
    log = list(read_journal(tmp_path / "probe.jsonl"))
    assert max(write_waits(log, window)) > 190
    assert max(held_ms(log, window)) > 190
    assert len(write_waits(log, window)) == 2


@pytest.mark.slow
def test_what_was_played_before_can_be_exported(tmp_path: Path):
    """With the bot's own command and the probe in it, every turn becomes a clip."""
    world, home = default_world(31, performers=8), tmp_path / "home"
    home.mkdir()
    Earlier(ROOT, world, 2, FEWEST_TURNS + 3).place(home, tmp_path / "cache")
    with closing(sqlite3.connect(home / "promptbook.sqlite3")) as database, database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        people = [person_id for (person_id,) in database.execute("SELECT person_id FROM people")]
        database.executemany(
            "INSERT INTO consent_events (person_id, scope, action, text_version, text_sha256, locale, happened_at) "
            "VALUES (?, ?, 'grant', '1', '', 'en', '2023-01-01T00:00:00.000Z')",
            [(person_id, scope.value) for person_id in people for scope in TO_PERFORM | TO_RATE],
        )
    words = ("-m", "tools.evenings.probed", str(tmp_path / "probe.jsonl"), "export", "--home", str(home), "--json")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        (sys.executable, *words), capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    counts = json.loads(told.stdout)["counts"]
    assert counts["clips"] == counts["turns"] == 2 * (FEWEST_TURNS + 3)
    assert any(read_journal(tmp_path / "probe.jsonl", "beat"))


def test_the_probe_imports_only_what_every_version_of_the_bot_has():
    """It runs in the bot of another checkout, whose modules can lie elsewhere."""
    checked = [ROOT / "tools" / "evenings" / f"{name}.py" for name in ("probed", "heartbeat")]
    needed = {name for path in checked for name in _needed_by(ast.parse(path.read_text("utf-8")))}
    assert {name for name in needed if name.startswith("bot.")} == {"bot.store.database", "bot.__main__"}


def _needed_by(tree: ast.Module) -> set[str]:
    """The modules that are imported at run time."""
    typed = {id(node) for one in tree.body if isinstance(one, ast.If) for node in ast.walk(one)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and id(node) not in typed]
    return {node.module or "" for node in found}
