"""Who may be heard: consent can be withdrawn at any moment, even during an iteration over the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

from bot.domain.consent import TO_PERFORM, Asked, Consented, Scope
from bot.domain.ids import GuildId, SceneId, SessionId, TakeId, UserId
from bot.domain.states import CutReason, TakeStatus
from bot.live.check import LiveCheck
from bot.live.take.live_take import LiveTake
from bot.live.take.plan import TakePlan
from bot.store.records import Take
from tests.paper import PaperBooth

ANNA, BERT = UserId(11), UserId(12)
NAMES = {ANNA: "quiet-heron", BERT: "brisk-otter"}
HERE, ELSEWHERE = GuildId(5), GuildId(6)
CONSENTS = {ANNA: Consented(TO_PERFORM, TO_PERFORM), BERT: Consented(TO_PERFORM, frozenset())}
"""ANNA consents on every server, BERT only on this one."""

NONE = frozenset[Scope]()


def check(folder: Path) -> LiveCheck:
    return LiveCheck(PaperBooth({ANNA, BERT}), folder, NAMES, CONSENTS)


def take(folder: Path) -> LiveTake:
    record = Take(
        TakeId(1), SceneId(1), 1, TakeStatus.COUNTDOWN, "2026-11-28T20:00:00.000Z", None, None, None, None, None, None
    )
    return LiveTake(
        TakePlan(record, SessionId(1), monotonic(), 60.0, folder, NAMES), PaperBooth({ANNA, BERT}), CONSENTS
    )


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


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [
        (Asked(ELSEWHERE, NONE, everywhere=False), {BERT}),
        (Asked(ELSEWHERE, NONE, everywhere=True), {BERT}),
        (Asked(ELSEWHERE, TO_PERFORM, everywhere=False), {BERT}),
        (Asked(ELSEWHERE, TO_PERFORM, everywhere=True), {ANNA, BERT}),
        (Asked(HERE, TO_PERFORM, everywhere=False), {ANNA, BERT}),
        (Asked(HERE, TO_PERFORM, everywhere=False, grants=False), {BERT}),
        (Asked(HERE, frozenset({Scope.RECORD}), everywhere=True), set[UserId]()),
    ],
)
@pytest.mark.parametrize("live", [check, take])
async def test_what_a_form_withdraws_counts_wherever_it_was_sent(
    live: Callable[[Path], LiveCheck | LiveTake], asked: Asked, recorded: set[UserId], tmp_path: Path
) -> None:
    running = live(tmp_path)
    for user in (ANNA, BERT):
        running.ask(user, asked, HERE)
    assert running.recordable == recorded


async def test_a_request_that_narrows_consent_to_this_server_outlives_the_next_elsewhere(tmp_path: Path) -> None:
    running = take(tmp_path)
    running.ask(ANNA, Asked(HERE, TO_PERFORM, everywhere=False), HERE)
    running.ask(ANNA, Asked(ELSEWHERE, NONE, everywhere=False), HERE)
    assert ANNA in running.recordable


async def test_the_store_adds_no_one(tmp_path: Path) -> None:
    running = take(tmp_path)
    running.withdraw(ANNA)
    running.consents_are(ANNA, Consented(TO_PERFORM, TO_PERFORM))
    running.consents_are(BERT, Consented(frozenset({Scope.RECORD}), NONE))
    assert running.recordable == set[UserId]()


def test_a_take_that_is_cut_in_a_pause_opens_nothing_of_it(tmp_path: Path) -> None:
    """Packets of the pause may still wait for their speaker or key, or in the socket."""
    running = take(tmp_path)
    running.count_down()
    running.begin()
    assert running.may_record(ANNA)
    running.pause(running.starts_at + 1.0)
    running.cut(running.starts_at + 3.0, CutReason.COORDINATOR)
    assert not running.may_record(ANNA)
