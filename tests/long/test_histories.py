"""A few random histories of consent; `make histories` plays hundreds."""

from __future__ import annotations

from pathlib import Path

from tools.histories.__main__ import Tally, play_many
from tools.histories.history import open_theatre, run
from tools.histories.story import Act, Kind


def test_nothing_is_recorded_or_exported_that_was_not_permitted(tmp_path: Path):
    tally = Tally()
    play_many(open_theatre(tmp_path), 6, 7, tally)
    assert tally.wrong == []
    assert tally.histories >= 6
    assert tally.counts["talks"]


def test_what_is_suspended_and_left_out_of_a_form_cannot_be_resumed(tmp_path: Path):
    consents = [Act(Kind.FORM, who, 0, 1) for who in range(3)]
    take = [Act(Kind.TAKE), Act(Kind.TALK, 0), Act(Kind.TALK, 1), Act(Kind.CUT)]
    held = [Act(Kind.SUSPEND, 0, 0, 1), Act(Kind.FORM, 0, 0, 0), Act(Kind.RESUME, 0, 0, 1)]
    judged = run(open_theatre(tmp_path), [*consents, *take, *held])
    assert judged.wrong == []
    assert judged.counts["exported sounds"] == 6 + 4, "two people to keep, one of them for the training of recognition"


def test_the_judge_finds_what_an_oracle_of_another_history_would_not_permit(tmp_path: Path):
    """A history in which everyone consents leaves frames and exports: without these, the judge would see nothing."""
    consents = [Act(Kind.FORM, who, 0, 1) for who in range(3)]
    talks = [Act(Kind.TALK, who, 0) for who in range(4)]
    judged = run(open_theatre(tmp_path), [*consents, Act(Kind.TAKE), *talks, Act(Kind.CUT), Act(Kind.ERASE, 2)])
    assert judged.wrong == []
    assert judged.counts["talks"] == 4
    assert judged.counts["talks permitted"] == 3
    assert judged.counts["talks on disk"] == 2, "one was erased, one never consented"
    assert judged.counts["exports"] == 2
    assert judged.counts["exported sounds"] >= 8, "a track and a clip of each of two, mix and dialogue, twice"
    assert judged.counts["erased people looked for"] == 1
