"""The journal on a real file: an entry is there after any end of the process, until it is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.live.journal import SLOT_BYTES, SLOTS, Journal, JournalFull, read_journal


def test_what_was_put_is_there_again_in_its_order_until_it_is_done(tmp_path: Path):
    path = tmp_path / "journal"
    journal = Journal(path)
    first, second = journal.put("cut", {"take": 1}), journal.put("pause", {"session": 2})
    journal.close()
    again = Journal(path)
    assert again.waiting() == [first, second] == read_journal(path)
    again.done(first)
    again.done(first)
    third = again.put("cut", {"take": 3})
    assert third.number == second.number + 1
    again.close()
    assert read_journal(path) == [second, third]


def test_a_journal_takes_all_its_room_when_it_is_made(tmp_path: Path):
    path = tmp_path / "journal"
    Journal(path).close()
    taken = path.stat()
    assert (taken.st_size, taken.st_mode & 0o777) == (SLOTS * SLOT_BYTES, 0o600)
    assert taken.st_blocks * 512 >= SLOTS * SLOT_BYTES


def test_a_torn_entry_is_no_entry_and_those_around_it_stay(tmp_path: Path):
    path = tmp_path / "journal"
    journal = Journal(path)
    entries = [journal.put("cut", {"take": number}) for number in range(3)]
    journal.close()
    with path.open("r+b") as file:
        file.seek(SLOT_BYTES + 30)
        file.write(b"\xff\xff")
    assert read_journal(path) == [entries[0], entries[2]]


def test_a_full_journal_says_so_and_loses_nothing(tmp_path: Path):
    journal = Journal(tmp_path / "journal")
    entries = [journal.put("cut", {"take": number}) for number in range(SLOTS)]
    with pytest.raises(JournalFull):
        journal.put("cut", {})
    journal.done(entries[7])
    journal.put("cut", {"take": -1})
    with pytest.raises(JournalFull):
        journal.put("long", {"text": "x" * SLOT_BYTES})
    assert len(read_journal(tmp_path / "journal")) == SLOTS
    journal.close()


def test_an_entry_survives_a_process_that_is_killed_with_the_next_instruction(tmp_path: Path):
    path = tmp_path / "journal"
    code = (
        "import os, signal, sys; from pathlib import Path; from bot.live.journal import Journal;"
        "Journal(Path(sys.argv[1])).put('cut', {'take': 9}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode < 0
    assert [entry.facts for entry in read_journal(path)] == [{"take": 9}]


def test_a_journal_without_any_room_is_an_error_of_the_disk(tmp_path: Path):
    with pytest.raises(OSError, match="No space"):
        Journal(Path("/dev/full"))


@given(st.lists(st.one_of(st.none(), st.integers(0, 20)), max_size=60))
@settings(deadline=None, max_examples=50)
def test_whatever_is_put_and_done_the_rest_waits_in_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int | None]
):
    path = tmp_path_factory.mktemp("journal") / "journal"
    journal, waiting = Journal(path), []
    for step in steps:
        if step is None:
            journal.close()
            journal = Journal(path)
        elif waiting and step < 10:
            journal.done(waiting.pop(step % len(waiting)))
        else:
            waiting.append(journal.put("asked", {"step": step}))
        assert journal.waiting() == waiting == read_journal(path)
    journal.close()
    os.unlink(path)
