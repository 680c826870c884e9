"""Who may be heard: consent is taken back at any moment, also while others are gone through one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from bot.live.check import LiveCheck
from bot.live.take import LiveTake, TakePlan
from bot.store.records import Take
from tests.paper import PaperBooth

ANNA, BERT = 11, 12
NAMES = {ANNA: "quiet-heron", BERT: "brisk-otter"}


def check(folder: Path) -> LiveCheck:
    return LiveCheck(PaperBooth({ANNA, BERT}), folder, NAMES)


def take(folder: Path) -> LiveTake:
    record = Take(1, 1, 1, "countdown", "2026-11-28T20:00:00.000Z", None, None, None, None, None)
    return LiveTake(TakePlan(record, 1, monotonic(), 60.0, folder, NAMES), PaperBooth({ANNA, BERT}), NAMES.keys())


@pytest.mark.parametrize("live", [check, take])
async def test_a_withdrawal_does_not_disturb_who_goes_through_the_others(
    live: Callable[[Path], LiveCheck | LiveTake], tmp_path: Path
) -> None:
    running = live(tmp_path)
    met: set[int] = set()
    for user in running.recordable:
        running.withdraw(ANNA)
        met.add(user)
    assert met == {ANNA, BERT}
    assert running.recordable == {BERT}
    assert not running.may_record(ANNA)


def test_a_take_that_is_cut_in_a_pause_opens_nothing_of_it(tmp_path: Path) -> None:
    """What was said in the pause may still wait for its speaker or key, or on the socket."""
    running = take(tmp_path)
    running.count_down()
    running.begin()
    assert running.may_record(ANNA)
    running.pause(running.starts_at + 1.0)
    running.cut(running.starts_at + 3.0, "coordinator")
    assert not running.may_record(ANNA)
