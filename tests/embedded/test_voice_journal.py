"""The journal: complete entries, in order, soon on disk."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from bot.embedded.journal import Journal, read_journal


def test_entries_have_kind_and_both_times_and_are_read_by_kind(tmp_path: Path) -> None:
    before = time.monotonic(), time.time()
    with Journal(tmp_path / "deep" / "journal.jsonl") as journal:
        journal.write("frame_sent", user_id=1, opus="f8fffe")
        journal.write("voice_left", name="Ärzte\n")
        journal.write("frame_sent", t=1.5)
    entries = list(read_journal(journal.path))
    assert [entry["kind"] for entry in entries] == ["frame_sent", "voice_left", "frame_sent"]
    assert before[0] <= entries[0]["t"] <= time.monotonic()
    assert before[1] <= entries[0]["wall"] <= time.time()
    assert entries[1]["name"] == "Ärzte\n"
    assert entries[2]["t"] == 1.5
    assert len(list(read_journal(journal.path, "frame_sent"))) == 2


def test_an_entry_is_on_disk_within_half_a_second(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.write("something")
        time.sleep(0.5)
        assert len(list(read_journal(journal.path))) == 1


def test_two_journals_on_one_file_keep_each_others_entries_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"

    def write(who: int) -> None:
        with Journal(path) as journal:
            for number in range(2000):
                journal.write("entry", who=who, number=number, filling="x" * (number % 300))
                if number % 50 == 0:
                    journal.flush()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = list(read_journal(path))
    for who in range(3):
        assert [entry["number"] for entry in entries if entry["who"] == who] == list(range(2000))


def test_an_unfinished_last_entry_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text('{"kind":"a"}\n{"kind":"b"', encoding="utf-8")
    assert [entry["kind"] for entry in read_journal(path)] == ["a"]


def test_what_comes_after_closing_is_refused(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.close()
    journal.close()
    with pytest.raises(ValueError, match="closed"):
        journal.write("late")


def test_what_is_no_json_is_refused_immediately(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal, pytest.raises(TypeError):
        journal.write("frame_sent", opus=b"\xf8")


def test_four_hundred_entries_a_second_cost_next_to_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        start = time.thread_time()
        for number in range(4000):
            journal.write("frame_sent", user_id=11, ssrc=1, sequence=number, timestamp=number, opus="ab" * 160)
        assert time.thread_time() - start < 0.5
    assert sum(1 for _ in json.loads("[" + ",".join(journal.path.read_text().splitlines()) + "]")) == 4000
