"""The simulated companies of `make splits`, on a small scale: the rule moves no one, and the earlier rule did."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bot.domain.splits import Split
from tools.splits.__main__ import followed, never_mixing
from tools.splits.company import AN_EVENING, NEVER, PEOPLE, SOMETIMES, Release, cumulative
from tools.splits.measures import Followed, can_be_within, follow
from tools.splits.tables import tables, write

OURS, OURS_WITHOUT_LEAVING, EARLIER, EARLIER_WITHOUT_LEAVING = range(4)


@pytest.fixture(scope="module")
def runs() -> list[list[Followed]]:
    return list(followed(companies=6).values())


def test_companies_grow_and_their_people_come_and_go():
    steady = list(cumulative(Random(1), 30, NEVER))
    assert [len(release.sessions) for release in steady] == list(range(1, 31))
    assert all(len(members) == AN_EVENING for members in steady[-1].sessions.values())
    assert len(steady[-1].clips) in range(PEOPLE - 4, PEOPLE + 1)
    releases = list(cumulative(Random(1), 30, SOMETIMES))
    left = [one.clips.keys() - later.clips.keys() for one, later in pairwise(releases)]
    assert sum(map(len, left)) >= 5
    assert any(left[before] & releases[-1].clips.keys() for before in range(20)), "someone came back"


def test_no_one_is_moved_and_shares_hold(runs: list[list[Followed]]):
    assert sum(company.moves.total() for number in (OURS, OURS_WITHOUT_LEAVING) for company in runs[number]) == 0
    for company in runs[OURS_WITHOUT_LEAVING]:
        assert len(company.counted) >= 28
        assert all(one.is_within(Split.TEST, Split.VALIDATION) for one in company.counted)
    for company in runs[OURS]:
        assert all(one.is_within(Split.TEST, Split.VALIDATION) for one in company.chances if one in company.counted)


def test_the_earlier_rule_moved_people_from_test_to_train(runs: list[list[Followed]]):
    for number in (EARLIER, EARLIER_WITHOUT_LEAVING):
        assert sum(company.moves["test", "train"] for company in runs[number]) >= 10


def test_a_move_is_counted_and_a_chance_is_seen():
    releases = [Release(dict.fromkeys(names, 1), {"S0001": list(names)}) for names in ("ab", "a", "ab")]
    sides = [{"a": "train", "b": "test"}, {"a": "test"}, {"a": "test", "b": "train"}]
    company = follow(releases, lambda _last, _release: sides.pop(0))
    assert company.moves == {("train", "test"): 1, ("test", "train"): 1}
    ten = Release(dict.fromkeys("abcdefghij", 1), {"S0001": list("abcdefghij")})
    assert can_be_within(dict.fromkeys("abcdef", "train"), ten)
    assert not can_be_within(dict.fromkeys("abcdefgh", "train"), ten)


def test_troupes_that_never_mix_stay_whole_unless_they_are_exported_one_by_one():
    found = {name: measured[0] for name, measured in never_mixing(seeds=1).items()}
    assert {one.sessions_across for name, one in found.items() if "together" in name} == {0}
    assert {one.sessions_across for name, one in found.items() if "alone" in name} == {100}


def test_tables_are_written_between_their_marks(runs: list[list[Followed]], tmp_path: Path):
    page = tmp_path / "data.md"
    page.write_text("before\n<!-- make splits: begin -->\nold\n<!-- make splits: end -->\nafter\n", "utf-8")
    text = tables({"a": runs[OURS], "b": runs[EARLIER]}, never_mixing(seeds=1))
    write(text, page)
    written = page.read_text("utf-8")
    assert written == f"before\n<!-- make splits: begin -->\n{text}\n<!-- make splits: end -->\nafter\n"
    assert "6 companies of 40, 8 an evening, with a cumulative release after each: 180 releases." in text
    assert "In 0 of them, a different assignment" in text
