"""A few stormy evenings hold, and a bot that does not do what was asked is found; `make storms` plays 200."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.domain.states import CutReason
from bot.live.asked import PAUSED
from bot.live.promises import Promise
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.take.live_take import LiveTake
from bot.services.session.pauses import Pauses
from bot.store.exporting import NOTHING_PENDING
from tools.storms import __main__ as program
from tools.storms import exports
from tools.storms.evenings import play_evening
from tools.storms.story import draw_story

HELD = range(1, 6)
SEARCHED = range(40)


@pytest.mark.parametrize("seed", HELD)
def test_what_people_asked_for_holds_in_a_storm(seed: int):
    outcome = play_evening(seed)
    assert outcome.broken is None, str(outcome)
    assert len(outcome.played) == len(draw_story(seed))


def test_the_same_seed_brings_the_same_story():
    assert draw_story(1) == draw_story(1)
    assert draw_story(1) != draw_story(2)


def first_broken() -> str:
    broken = (play_evening(seed).broken for seed in SEARCHED)
    return next((what for what in broken if what is not None), "nothing")


def pause_later(
    pauses: Pauses, session: LiveSession, at: float, seen: object = None, *, cause: str = "coordinator"
) -> Promise:
    """The store gets the pause, and memory does not."""
    facts = {"session": session.session_id, "cause": cause, "at": pauses.clock.now(), "take": None}
    return pauses.promises.make(PAUSED, facts)


def cut_only(take: LiveTake, at: float) -> None:
    """What is under way when an X-card is shown still arrives."""
    take.cut(at, CutReason.X_CARD)


def tell_no_one(sessions: LiveSessions, user: UserId, asked: object) -> None:
    """What runs does not hear of a consent form."""


@pytest.mark.parametrize(
    ("owner", "name", "instead", "said"),
    [
        (Pauses, "pause_now", pause_later, "a pause that no one ended is over"),
        (LiveTake, "stop", cut_only, "people can be heard after an X-card"),
        (LiveSessions, "ask", tell_no_one, "people can be heard without their consent"),
        (exports, "pending_in", lambda _: NOTHING_PENDING, "an export has"),
    ],
    ids=["pause", "x_card", "consent", "export"],
)
def test_a_promise_that_is_not_kept_is_found(
    owner: Any, name: str, instead: Any, said: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(owner, name, instead)
    assert said in first_broken()


def test_the_program_prints_the_broken_evening_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(Pauses, "pause_now", pause_later)
    monkeypatch.setattr(sys, "argv", ["storms", "--evenings", "2", "--seed", "0"])
    assert program.main() == 1
    seed, told, *story, summary = capsys.readouterr().out.splitlines()
    assert seed == "seed 0"
    assert told in {f"seed {number}: a pause that no one ended is over" for number in (0, 1)}
    assert any("pause on" in press for press in story)
    assert summary.startswith("2 evenings, ")
    assert summary.endswith(" broken promises")


def test_the_program_exits_with_0_if_all_holds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys, "argv", ["storms", "--evenings", "1", "--seed", "1"])
    assert program.main() == 0
    presses = len(draw_story(1))
    assert capsys.readouterr().out == f"seed 1\n1 evenings, {presses} presses, 0 broken promises\n"
