"""The rules by which a voice connection heals: event in, decision out, with the test as the clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.voice.connection.close_codes import CHANNEL_GONE, REMOVED, reason_for
from bot.voice.connection.reconnection import (
    CREDENTIALS_SECONDS,
    DEADLINE_SECONDS,
    KEY_SECONDS,
    UNREACHABLE_SECONDS,
    Attempt,
    AwaitNews,
    Decision,
    GiveUp,
    Reconnection,
    Step,
)


@pytest.mark.parametrize("code", [None, 1000, 1001, 1006, 4009, 4015, 4020, 4999])
def test_a_closed_session_is_resumed_immediately(code: int | None) -> None:
    rules = Reconnection()
    assert rules.closed(code, 100.0) == Attempt(Step.RESUME, 100.0)
    assert rules.is_lost


def test_a_session_that_is_called_invalid_is_not_resumed_but_replaced_immediately() -> None:
    rules = Reconnection()
    assert rules.closed(4006, 100.0) == Attempt(Step.IDENTIFY, 100.0)
    assert rules.failed(Step.IDENTIFY, 4006, 100.1) == Attempt(Step.REJOIN, 100.1)


def test_a_refused_resume_leads_to_a_new_session_and_that_to_joining_again() -> None:
    rules = Reconnection()
    rules.closed(4015, 100.0)
    assert rules.failed(Step.RESUME, 4006, 100.1) == Attempt(Step.IDENTIFY, 100.1)
    assert rules.failed(Step.IDENTIFY, 4004, 100.2) == Attempt(Step.REJOIN, 100.2)
    again = rules.failed(Step.REJOIN, 4004, 100.3)
    assert isinstance(again, Attempt)
    assert again.step is Step.REJOIN
    assert 100.3 < again.at <= 101.3


@pytest.mark.parametrize("step", [Step.RESUME, Step.IDENTIFY])
def test_a_server_that_cannot_be_reached_is_tried_twice(step: Step) -> None:
    rules = Reconnection()
    rules.closed(4015, 100.0)
    if step is Step.IDENTIFY:
        rules.failed(Step.RESUME, 4006, 100.0)
    assert rules.failed(step, None, 100.0) == Attempt(step, 100.0 + UNREACHABLE_SECONDS)
    assert rules.failed(step, 1006, 100.5) == Attempt(Step.REJOIN, 100.5)


def test_4014_is_decided_by_the_next_voice_state() -> None:
    rules = Reconnection()
    assert rules.closed(4014, 100.0) == AwaitNews()
    assert rules.tick(105.0) is None
    assert rules.state_told(is_there=False, is_moved=False, now=105.0) == GiveUp(
        "the bot was removed from the voice channel"
    )

    moved = Reconnection()
    moved.closed(4014, 100.0)
    assert moved.state_told(is_there=True, is_moved=True, now=100.1) is None
    assert moved.server_told(has_endpoint=True, now=100.2) == Attempt(Step.IDENTIFY, 100.2)


def test_a_move_whose_credentials_do_not_come_is_followed_by_joining() -> None:
    for told_first in (True, False):
        rules = Reconnection()
        if told_first:
            assert rules.state_told(is_there=True, is_moved=True, now=99.9) is None
        assert rules.closed(4014, 100.0) == AwaitNews()
        if not told_first:
            rules.state_told(is_there=True, is_moved=True, now=100.0)
        assert rules.tick(100.0 + CREDENTIALS_SECONDS - 0.1) is None
        assert rules.tick(100.0 + CREDENTIALS_SECONDS) == Attempt(Step.REJOIN, 100.0 + CREDENTIALS_SECONDS)


def test_being_removed_ends_it_even_before_the_websocket_is_closed() -> None:
    assert isinstance(Reconnection().state_told(is_there=False, is_moved=False, now=5.0), GiveUp)


def test_a_call_that_ends_waits_for_the_news_of_another_server_and_is_joined_again_without_any() -> None:
    rules = Reconnection()
    assert rules.closed(4022, 100.0) == AwaitNews()
    assert rules.tick(100.0 + CREDENTIALS_SECONDS - 0.1) is None
    assert rules.tick(100.0 + CREDENTIALS_SECONDS) == Attempt(Step.REJOIN, 100.0 + CREDENTIALS_SECONDS)


def test_the_news_of_another_server_is_followed_immediately_whenever_it_comes() -> None:
    before = Reconnection()
    assert before.server_told(has_endpoint=True, now=99.9) == Attempt(Step.IDENTIFY, 99.9)
    assert before.closed(4022, 100.0) is None, "the attempt under way goes on"
    for later in (100.3, 103.0):
        after = Reconnection()
        after.closed(4022, 100.0)
        after.tick(later)
        assert after.server_told(has_endpoint=True, now=later) == Attempt(Step.IDENTIFY, later)


def test_a_call_that_ends_on_the_server_just_named_is_tried_there_again() -> None:
    rules = Reconnection()
    rules.server_told(has_endpoint=True, now=99.0)
    rules.opened(99.1)
    rules.restored(99.2)
    assert rules.closed(4022, 100.0) == Attempt(Step.IDENTIFY, 100.0)


def test_a_call_without_a_server_is_not_joined_before_there_is_one() -> None:
    rules = Reconnection()
    assert rules.server_told(has_endpoint=False, now=99.0) is None
    assert rules.closed(4022, 100.0) == AwaitNews()
    assert rules.tick(110.0) is None
    assert rules.server_told(has_endpoint=True, now=111.0) == Attempt(Step.IDENTIFY, 111.0)


def test_an_attempt_refused_because_the_call_ended_waits_for_news_too() -> None:
    rules = Reconnection()
    rules.closed(4015, 100.0)
    assert rules.failed(Step.RESUME, 4022, 100.1) == AwaitNews()
    assert rules.tick(100.1 + CREDENTIALS_SECONDS) == Attempt(Step.REJOIN, 100.1 + CREDENTIALS_SECONDS)


def test_only_a_deleted_channel_or_a_removal_ends_it_after_4022() -> None:
    rules = Reconnection()
    rules.closed(4022, 100.0)
    assert rules.channel_deleted(100.1) == GiveUp(CHANNEL_GONE)
    removed = Reconnection()
    removed.closed(4022, 100.0)
    assert removed.state_told(is_there=False, is_moved=False, now=100.1) == GiveUp(REMOVED)


def test_a_rate_limit_ends_it_because_discord_forbids_to_try_again() -> None:
    assert Reconnection().closed(4021, 100.0) == GiveUp(reason_for(4021))
    rules = Reconnection()
    rules.closed(4015, 100.0)
    assert rules.failed(Step.RESUME, 4021, 100.1) == GiveUp(reason_for(4021))
    beside = Reconnection()
    beside.server_told(has_endpoint=True, now=100.0)
    assert beside.failed(Step.IDENTIFY, 4021, 100.1) == GiveUp(reason_for(4021))
    assert "4021" in reason_for(4021)


def test_dead_udp_leads_to_a_new_session() -> None:
    rules = Reconnection()
    assert rules.udp_died(100.0) == Attempt(Step.IDENTIFY, 100.0)
    assert rules.is_lost
    assert rules.udp_died(100.1) is None


def test_a_session_begun_because_sound_is_sealed_is_optional() -> None:
    rules = Reconnection()
    assert rules.sound_sealed(Step.IDENTIFY, 100.0) == Attempt(Step.IDENTIFY, 100.0)
    assert not rules.is_lost
    assert rules.sound_sealed(Step.IDENTIFY, 100.1) is None, "one is under way"
    assert rules.failed(Step.IDENTIFY, 4006, 100.2) == AwaitNews()
    assert rules.is_settled
    rules.closed(4015, 101.0)
    assert rules.sound_sealed(Step.IDENTIFY, 101.1) is None, "an outage has its own ways back"


def test_a_new_voice_server_is_joined_beside_the_old_one() -> None:
    rules = Reconnection()
    assert rules.server_told(has_endpoint=False, now=100.0) is None
    assert rules.server_told(has_endpoint=True, now=101.0) == Attempt(Step.IDENTIFY, 101.0)
    assert not rules.is_lost
    assert rules.closed(4014, 101.1) is None, "the attempt under way replaces the link that ended"
    rules.opened(101.2)
    rules.restored(101.3)
    assert rules.is_settled


def test_a_voice_server_that_is_gone_is_not_called() -> None:
    rules = Reconnection()
    rules.closed(4015, 100.0)
    assert rules.server_told(has_endpoint=False, now=100.1) == AwaitNews()
    assert rules.server_told(has_endpoint=True, now=103.0) == Attempt(Step.IDENTIFY, 103.0)


def test_a_session_without_a_key_is_lost() -> None:
    rules = Reconnection()
    rules.server_told(has_endpoint=True, now=100.0)
    rules.opened(100.1)
    assert rules.tick(100.1 + KEY_SECONDS - 0.1) is None
    assert rules.tick(100.1 + KEY_SECONDS) == Attempt(Step.REJOIN, 100.1 + KEY_SECONDS)
    assert rules.is_lost


def test_a_new_session_of_the_main_gateway_asks_for_new_credentials() -> None:
    rules = Reconnection()
    assert rules.main_session_replaced(99.0) is None
    rules.closed(4014, 100.0)
    assert rules.main_session_replaced(101.0) == Attempt(Step.REJOIN, 101.0)


def test_an_outage_has_a_deadline() -> None:
    rules = Reconnection()
    rules.closed(4014, 100.0)
    assert rules.tick(100.0 + DEADLINE_SECONDS - 0.1) is None
    assert rules.tick(100.0 + DEADLINE_SECONDS) == GiveUp("the connection could not be restored within 20 s")


def test_a_connection_that_does_not_hold_is_tried_with_more_force_and_then_given_up() -> None:
    rules = Reconnection()
    now, decisions = 100.0, list[Decision]()
    while now < 100.0 + DEADLINE_SECONDS:
        decision = rules.closed(4020, now)
        decisions.append(decision)
        assert isinstance(decision, Attempt)
        now = decision.at + 0.1
        rules.opened(now)
        rules.restored(now)
        now += 0.1
    assert [decision.step for decision in decisions[:4] if isinstance(decision, Attempt)] == [
        Step.RESUME,
        Step.RESUME,
        Step.IDENTIFY,
        Step.REJOIN,
    ]
    assert len(decisions) < 12
    rules.closed(4020, now)
    assert isinstance(rules.tick(now), GiveUp)


def test_a_connection_that_held_starts_again_with_all_attempts() -> None:
    rules = Reconnection()
    for now in (100.0, 110.0, 120.0, 130.0):
        assert rules.closed(4015, now) == Attempt(Step.RESUME, now)
        rules.opened(now + 0.1)
        rules.restored(now + 0.1)
        assert rules.tick(now + 1.0) is None


EVENTS = st.sampled_from(
    ["closed", "gone", "there", "moved", "server", "no server", "failed", "main", "opened", "udp", "sealed"]
)
CODES = st.sampled_from([None, 1006, 4004, 4006, 4014, 4015, 4021, 4022])


@given(st.lists(st.tuples(EVENTS, CODES, st.floats(0.01, 3.0)), max_size=40))
def test_whatever_happens_an_outage_ends(story: list[tuple[str, int | None, float]]) -> None:
    """It is restored, or given up by its deadline: while it is lost, something is always awaited."""
    rules, now, step = Reconnection(), 1_000.0, None
    decision: Decision = None
    for event, code, passed in story:
        now += passed
        match event:
            case "closed":
                decision = rules.closed(code, now)
            case "gone":
                decision = rules.state_told(is_there=False, is_moved=False, now=now)
            case "there" | "moved":
                decision = rules.state_told(is_there=True, is_moved=event == "moved", now=now)
            case "server" | "no server":
                decision = rules.server_told(has_endpoint=event == "server", now=now)
            case "failed" if step:
                decision = rules.failed(step, code, now)
            case "main":
                decision = rules.main_session_replaced(now)
            case "udp":
                decision = rules.udp_died(now)
            case "sealed":
                decision = rules.sound_sealed(Step.IDENTIFY, now)
            case "opened" if step:
                rules.opened(now)
                rules.restored(now)
                decision, step = None, None
                assert rules.is_settled
            case _:
                decision = rules.tick(now)
        if isinstance(decision, GiveUp):
            return
        if isinstance(decision, Attempt):
            assert decision.at >= now
            step = decision.step
        elif isinstance(decision, AwaitNews):
            step = None
    if rules.is_lost:
        assert isinstance(rules.tick(now + DEADLINE_SECONDS), GiveUp)
