"""The parts of `make stops` that need no evening: the choice of cells, reading store and disk, and the lock."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from subprocess import PIPE, Popen

import numpy as np
import pytest

from bot.audio.sound import write_ogg_opus
from tools.ground_truth import ogg_packets
from tools.small_disk import small_disk as short_of_room
from tools.stops import locking
from tools.stops.cells import CELLS, chosen
from tools.stops.disks import NoSmallDisk, fill, is_filled, make_room, small_disk
from tools.stops.earlier import (
    DATABASE,
    FIRST_USER_ID,
    NOW,
    PERFORMERS,
    SCOPES,
    TAKE_SECONDS,
    TAKES,
    write_earlier_sessions,
)
from tools.stops.evidence import exported_of, recorded
from tools.stops.judging import Figures
from tools.stops.others import Answered
from tools.stops.store import Kept, disagreements, session_label, unmarked_seconds
from tools.stops.tables import HEAD, row

GUILD_ID = 712_345_678_901_234_567
STARTED = datetime.fromisoformat(NOW).timestamp()
ENDED = STARTED + TAKE_SECONDS
RATE_HZ = 48_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A store with two ended sessions, whose newest take was cut by the coordinator after six seconds."""
    write_earlier_sessions(tmp_path, GUILD_ID, 2)
    return tmp_path


def change(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as database, database:
        for statement in statements:
            database.execute(statement)


def found(home: Path, stop: str, wall: float = ENDED, *, was_killed: bool = False) -> list[str]:
    return disagreements(stop, Kept.read(home, FIRST_USER_ID), wall, was_killed=was_killed)


def test_the_table_has_every_fault_and_stop_with_and_without_a_kill():
    assert len(CELLS) == len({cell.name for cell in CELLS}) == len({cell.seed for cell in CELLS}) == 48
    assert chosen([]) == list(CELLS)


@pytest.mark.parametrize(
    ("selections", "cells"),
    [(["locked/x_card/killed"], 1), (["killed/locked"], 4), (["pause"], 12), (["pause", "none"], 18)],
)
def test_cells_are_chosen_by_any_part_of_their_names(selections: list[str], cells: int):
    assert len(chosen(selections)) == cells


@pytest.mark.parametrize("selection", ["lockd", "locked/full", "locked/"])
def test_a_selection_that_no_cell_has_is_refused(selection: str):
    with pytest.raises(ValueError, match=r"\.$"):
        chosen([selection])


def test_earlier_sessions_are_whole(home: Path):
    with closing(sqlite3.connect(home / DATABASE)) as database:
        paths = [path for (path,) in database.execute("SELECT path FROM tracks")]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(paths) == 2 * TAKES * PERFORMERS
    assert all((home / path).is_file() for path in paths)


def test_after_an_x_card_the_scene_is_over_and_struck(home: Path):
    assert found(home, "x_card") == ["a take of it is not struck"]
    change(home, "UPDATE takes SET struck_at = called_at", "UPDATE scenes SET ended_at = NULL")
    assert found(home, "x_card") == ["the scene has not ended"]
    change(home, "UPDATE scenes SET ended_at = dealt_at")
    assert found(home, "x_card") == []
    change(home, "UPDATE takes SET state = 'recording'")
    assert found(home, "x_card") == ["a take of it still runs"]


def log_again(home: Path, action: str, *scopes: str) -> None:
    """The people who gave consent log another action, for these scopes."""
    columns = "text_version, text_sha256, locale, happened_at"
    change(
        home,
        *(
            f"INSERT INTO consent_events (person_id, scope, action, {columns}) "
            f"SELECT person_id, scope, '{action}', {columns} FROM consent_events "
            f"WHERE scope = '{scope}' AND action = 'grant'"
            for scope in scopes
        ),
    )


def test_a_withdrawal_is_the_newest_event_of_every_scope(home: Path):
    assert found(home, "withdrawal") == [f"consent is still in force for {', '.join(sorted(SCOPES))}"]
    log_again(home, "withdraw", *SCOPES)
    assert found(home, "withdrawal") == []
    log_again(home, "grant", "record")
    assert found(home, "withdrawal") == ["consent is still in force for record"]


def test_a_paused_session_says_so(home: Path):
    assert found(home, "pause") == ["the session is not paused"]
    change(home, "UPDATE sessions SET paused_at = started_at")
    assert found(home, "pause") == []


@pytest.mark.parametrize(
    ("late_seconds", "was_killed", "is_right"),
    [(0.09, False, True), (0.2, False, False), (-0.2, False, False), (-0.2, True, True), (0.2, True, False)],
)
def test_a_cut_ends_the_take_where_it_was_pressed(home: Path, late_seconds: float, was_killed: bool, is_right: bool):
    assert (found(home, "cut", ENDED - late_seconds, was_killed=was_killed) == []) is is_right


def test_a_take_that_was_interrupted_was_not_cut(home: Path):
    change(home, "UPDATE takes SET cut_reason = 'interrupted'")
    assert found(home, "cut") == ["the take is cut (interrupted)"]
    change(home, "UPDATE takes SET state = 'recording', duration_samples = NULL")
    assert found(home, "cut") == ["the take is recording (interrupted)", "the take has no length"]


def hole(start_seconds: float, end_seconds: float) -> str:
    take = f"(SELECT min(take_id) FROM takes WHERE scene_id > {TAKES})"
    samples = f"{round(start_seconds * RATE_HZ)}, {round(end_seconds * RATE_HZ)}"
    return f"INSERT INTO holes (take_id, start_samples, end_samples, cause) VALUES ({take}, {samples}, 'pause')"


@pytest.mark.parametrize(
    ("holes", "resumed_seconds", "unmarked"),
    [
        ([], 5.0, 2.9),
        ([], None, 3.9),
        ([(2.0, 5.0)], 5.0, 0.0),
        ([(2.0, 4.0)], 5.0, 1.0),
        ([(2.0, 3.0), (4.0, 6.0)], None, 1.0),
        ([(2.0, 6.0)], 9.0, 0.0),
    ],
)
def test_a_pause_is_a_hole_from_the_press_to_its_end(
    home: Path, holes: list[tuple[float, float]], resumed_seconds: float | None, unmarked: float
):
    change(home, *(hole(*one) for one in holes))
    resumed = None if resumed_seconds is None else STARTED + resumed_seconds
    assert unmarked_seconds(Kept.read(home, FIRST_USER_ID), STARTED + 2, resumed) == pytest.approx(unmarked)


def test_of_a_take_that_ended_with_the_pause_nothing_is_unmarked(home: Path):
    assert unmarked_seconds(Kept.read(home, FIRST_USER_ID), ENDED, None) == 0


@pytest.fixture
def spoken(tmp_path: Path) -> tuple[Path, Path, int]:
    """Two seconds of noise in a track, and the journal of its sender for the second before and after a press at 0."""
    home, logs = tmp_path / "home", tmp_path / "logs"
    home.mkdir()
    logs.mkdir()
    noise = np.random.default_rng(3).normal(0, 0.1, 2 * RATE_HZ).astype(np.float32)
    write_ogg_opus(home / "one.opus", noise)
    packets = list(ogg_packets((home / "one.opus").read_bytes()))[2:102]
    entries = [
        {"kind": "frame_sent", "user_id": 1, "silence": False, "opus": packet.hex(), "t": place * 0.02 - 0.99}
        for place, packet in enumerate(packets)
    ]
    (logs / "cast.jsonl").write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return home, logs, len(packets)


def test_frames_kept_are_found_with_the_moment_they_were_sent(spoken: tuple[Path, Path, int]):
    home, logs, packets = spoken
    told = recorded(logs, home, {1}, 0.0, None)
    assert packets == 100
    assert told.latest_ms == pytest.approx(990)
    assert (told.late_frames, told.sent_after, told.kept_before) == (45, 45, 50)
    assert recorded(logs, home, {1}, 0.0, 0.5).late_frames == 20
    assert recorded(logs, home, {2}, 0.0, None).latest_ms is None


def test_a_torn_track_is_read_as_far_as_it_is_whole(spoken: tuple[Path, Path, int]):
    home, logs, _ = spoken
    whole = (home / "one.opus").read_bytes()
    (home / "one.opus").write_bytes(whole[: whole.rindex(b"OggS") + 20])
    told = recorded(logs, home, {1}, 0.0, None)
    assert told.latest_ms is not None
    assert told.latest_ms < 990


def test_tracks_of_a_session_are_found_in_an_export(home: Path):
    tables = home / "exports" / "session-0002" / "tables"
    tables.mkdir(parents=True)
    rows = [{"session": f"S000{number}", "file": f"tracks/{number}.flac"} for number in (1, 2)]
    (tables / "tracks.json").write_text(json.dumps(rows))
    assert exported_of(home, session_label(Kept.read(home, FIRST_USER_ID))) == ["tracks/2.flac"]


def test_a_disk_is_filled_to_its_last_byte_and_emptied_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.write", short_of_room(3_000_001))
    fill(tmp_path)
    assert is_filled(tmp_path)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [3_000_001]
    make_room(tmp_path)
    assert not is_filled(tmp_path)


def test_where_nothing_can_be_mounted_a_large_disk_is_not_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "mount").write_text("#!/bin/sh\necho 'not permitted' >&2\nexit 32\n")
    (tmp_path / "mount").chmod(0o755)
    with pytest.raises(NoSmallDisk, match=r"not permitted.*--home-on"), small_disk(tmp_path):
        pass


@pytest.fixture
def locker(home: Path) -> Iterator[Popen[str]]:
    words = [sys.executable, str(locking.__file__), str(home / DATABASE), "30"]
    with Popen(words, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def test_while_the_lock_is_held_no_one_else_writes(home: Path, locker: Popen[str]):
    assert locker.stdin
    assert locker.stdout
    assert locker.stdout.readline() == "ready\n"
    change(home, "UPDATE sessions SET seed = 1")
    locker.stdin.write("\n")
    locker.stdin.flush()
    assert locker.stdout.readline() == "held\n"
    with closing(sqlite3.connect(home / DATABASE, timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        locker.stdin.close()
        assert locker.stdout.readline() == "released\n"
        other.execute("BEGIN IMMEDIATE")


def test_figures_travel_and_are_a_row():
    figures = Figures("locked/cut/lived", -12.3, 4, 5.6, panel=Answered(7.0, None), wrong=["the take is void"])
    assert Figures.from_json(figures.as_json()) == figures
    told = row(figures)
    assert told.count("|") == HEAD.splitlines()[0].count("|")
    assert "| -12 | 4 | 6 | – | 7, – | – |" in told
    assert told.endswith("the take is void |")
