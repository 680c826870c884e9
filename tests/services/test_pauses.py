"""Pauses, performers who drop out or are absent, and performers on standby."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic

import pytest

from bot.domain import errors
from bot.domain.consent import TO_PERFORM
from bot.domain.ids import UserId
from bot.domain.show import Phase
from bot.live.take import live_take
from bot.services.session.presence import GRACE_SECONDS
from bot.store.sessions import find_session
from bot.ui.texts.replies import called_text
from tests.evening import AUDIENCE, BYSTANDER, CHANNEL, GUILD, PERFORMERS, Evening, HeldClock, SetClock


async def test_nothing_is_recorded_in_a_pause_and_the_take_goes_on_after_it(evening: Evening):
    session = await evening.in_a_take()
    live = evening.take
    assert evening.booth.order
    assert evening.booth.order.may_record(PERFORMERS[0])
    ends_at = live.ends_at
    await evening.services.pauses.pause(evening.live, evening.booth.started_at + 2.0)
    assert not evening.booth.order.may_record(PERFORMERS[0])
    assert (await evening.panel(session)).phase is Phase.PAUSED
    with pytest.raises(errors.SessionPaused):
        await evening.services.pauses.pause(evening.live, monotonic())
    await evening.services.pauses.resume(session)
    assert evening.booth.order.may_record(PERFORMERS[0])
    assert evening.booth.resumed == 1
    assert live.ends_at > ends_at + 1.0, "the pause does not count towards the time limit"
    cut_at = monotonic()
    await evening.services.cuts.cut(evening.live, cut_at)
    (hole,) = await evening.database.fetch_all("SELECT cause, start_samples, end_samples FROM holes")
    assert (hole["cause"], hole["start_samples"]) == ("pause", 96_000)
    assert hole["end_samples"] <= live.position_samples(cut_at)
    with pytest.raises(errors.SessionNotPaused):
        await evening.services.pauses.resume(session)


async def test_a_take_cut_in_a_pause_keeps_what_came_before(evening: Evening):
    session = await evening.in_a_take()
    evening.booth.speak(PERFORMERS[0], 1.2)
    await evening.services.pauses.pause(evening.live, evening.booth.started_at + 2.0)
    cut = await evening.services.cuts.cut(evening.live, evening.booth.started_at + 4.0)
    assert (cut.tracks, cut.duration_samples) == (1, 192_000)
    (hole,) = await evening.database.fetch_all("SELECT cause, start_samples, end_samples FROM holes")
    assert tuple(hole) == ("pause", 96_000, 192_000)
    with pytest.raises(errors.SessionPaused):
        await evening.services.takes.start(session, monotonic())
    with pytest.raises(errors.SessionPaused):
        await evening.services.scenes.deal(session)


async def test_a_take_that_waits_for_too_long_is_cut_where_its_last_pause_began(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(live_take, "PAUSES_AT_MOST_SECONDS", 0.6)
    session = await evening.in_a_take()
    evening.booth.speak(PERFORMERS[0], 1.2)
    take = evening.take
    await evening.services.pauses.pause(evening.live, monotonic())
    assert "paused for 30 min altogether is cut" in await evening.panel_words(session)
    await asyncio.sleep(0.3)
    await evening.services.pauses.resume(session)
    await asyncio.sleep(0.6)
    assert evening.take.is_running, "a resume ends the patience of its pause"
    paused_at = monotonic()
    await evening.services.pauses.pause(evening.live, paused_at)
    await evening.no_take()
    waited = monotonic() - paused_at
    assert 0.2 < waited < 0.6, "pauses add up"
    (row,) = await evening.database.fetch_all("SELECT state, cut_reason, duration_samples FROM takes")
    assert tuple(row) == ("cut", "paused", take.position_samples(paused_at))
    holes = await evening.database.fetch_all("SELECT cause, end_samples FROM holes")
    assert [hole["cause"] for hole in holes] == ["pause"], "the last pause lies behind the end"
    assert "was paused for 30 min" in await evening.panel_words(session)


async def test_a_pause_in_the_countdown_makes_the_take_void(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic())
    await evening.services.pauses.pause(evening.live, monotonic())
    await evening.no_take()
    assert await evening.value("SELECT state FROM takes") == "void"
    assert not evening.has_take


async def test_a_performer_who_drops_out_pauses_the_take_until_they_are_back(evening: Evening):
    session = await evening.in_a_take()
    await evening.services.presence.channel_changed(GUILD, AUDIENCE, CHANNEL, None)
    assert (await evening.panel(session)).phase is Phase.RECORDING
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], CHANNEL, None)
    state = await evening.panel(session)
    assert (state.phase, state.missing) == (Phase.PAUSED, (PERFORMERS[0],))
    assert f"<@{PERFORMERS[0]}> dropped out" in await evening.panel_words(session)
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], None, CHANNEL)
    assert (await evening.panel(session)).phase is Phase.RECORDING


async def test_a_performer_who_drops_out_ends_the_take_if_the_server_wants_that(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.services.session.presence.GRACE_SECONDS", 0.1)
    await evening.services.guilds.change(GUILD, "on_dropout", "end")
    session = await evening.in_a_take()
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], CHANNEL, None)
    assert await evening.value("SELECT cut_reason FROM takes") == "dropout"
    assert "because a performer left" in await evening.panel_words(session)


async def test_a_performer_who_leaves_twice_is_waited_for_each_time(evening: Evening):
    await evening.services.guilds.change(GUILD, "on_dropout", "end")
    await evening.in_a_take()
    evening.clock = clock = HeldClock()

    def leave() -> asyncio.Task[None]:
        return asyncio.create_task(evening.services.presence.channel_changed(GUILD, PERFORMERS[0], CHANNEL, None))

    absences = [leave()]
    first = await clock.wait_of(GRACE_SECONDS)
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], None, CHANNEL)
    absences.append(leave())
    second = await clock.wait_of(GRACE_SECONDS, 1)
    first.set()
    await absences[0]
    assert evening.has_take, "they came back, and have not been away for that long since"
    second.set()
    await absences[1]
    assert not evening.has_take


async def test_a_coordinator_who_pauses_after_a_dropout_has_to_resume(evening: Evening):
    session = await evening.in_a_take()
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], CHANNEL, None)
    await evening.services.pauses.pause(evening.live, monotonic())
    assert "until a coordinator presses **Resume**" in await evening.panel_words(session)
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], None, CHANNEL)
    assert (await evening.panel(session)).phase is Phase.PAUSED
    await evening.services.pauses.resume(session)
    assert await evening.value("SELECT count(*) FROM holes") == 1


async def test_a_performer_who_is_absent_is_named_and_recorded_once_they_come(evening: Evening):
    session = await evening.open()
    late = (await evening.services.scenes.deal(session)).discord_user_ids[0]
    evening.stage.channels[CHANNEL].discard(late)
    absent = f"On stage, but not in the channel: <@{late}>."
    assert absent in await evening.panel_words(session)
    called = await evening.services.takes.start(session, monotonic() - evening.settings.countdown_seconds - 4.0)
    assert called.absent_users == {late}
    assert absent in called_text(called)
    assert absent in await evening.panel_words(session)
    evening.stage.channels[CHANNEL].add(late)
    await evening.services.presence.channel_changed(GUILD, late, None, CHANNEL)
    assert absent not in await evening.panel_words(session)
    evening.booth.speak(late, 1.0)
    assert (await evening.services.cuts.cut(evening.live, evening.booth.started_at + 4.0)).tracks == 1


async def test_a_person_who_consents_and_is_not_on_stage_is_on_standby(evening: Evening):
    newcomer = UserId(777_777_777_777_777_777)
    session = await evening.on_stage()
    evening.stage.channels[CHANNEL].add(newcomer)
    await evening.consent(newcomer, TO_PERFORM)
    state = await evening.panel(session)
    assert state.on_standby == (newcomer,)
    assert set(state.unrecorded_users) == {AUDIENCE, BYSTANDER}
    found = await find_session(evening.database, session.session_id)
    assert found
    assert not found.is_paused


async def test_a_break_says_when_it_ends_and_a_coordinator_ends_it(evening: Evening):
    session = await evening.open()
    evening.clock = clock = SetClock()
    await evening.services.pauses.pause_now(session, clock.monotonic(), minutes=10).kept
    until = round((clock.wall() + timedelta(minutes=10)).timestamp())
    words = await evening.panel_words(session)
    assert any(f"☕ **Break until <t:{until + late}:t>** (<t:{until + late}:R>)" in words for late in (-1, 0))
    clock.later = 11 * 60
    assert session.is_paused
    await evening.services.pauses.resume(session)
    assert "Break" not in await evening.panel_words(session)
    await evening.services.pauses.pause(session, clock.monotonic())
    assert "⏸️ **Paused.**" in await evening.panel_words(session)
