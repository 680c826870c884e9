"""Pauses, performers who drop out or are not there, and who stands by."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest
from evening import AUDIENCE, BYSTANDER, CHANNEL, GUILD, PERFORMERS, Evening, HeldClock

from bot.domain import errors
from bot.domain.consent import TO_PERFORM
from bot.domain.show import Phase
from bot.services.cuts import cut_take
from bot.services.guild_settings import change_setting
from bot.services.panel import read_panel
from bot.services.pauses import pause, resume
from bot.services.presence import GRACE_SECONDS, channel_changed
from bot.services.scenes import deal_scene
from bot.services.takes import start_take
from bot.store.sessions import Session, find_session
from bot.ui.texts.panel import panel_texts
from bot.ui.texts.replies import called_text


async def words(evening: Evening, session: Session) -> list[str]:
    return panel_texts(await read_panel(evening.desk, session.session_id))


async def test_nothing_is_recorded_in_a_pause_and_the_take_goes_on_after_it(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await evening.start(session)
    live = evening.take
    assert evening.booth.order
    assert evening.booth.order.may_record(PERFORMERS[0])
    ends_at = live.ends_at
    await pause(evening.desk, evening.live, evening.booth.started_at + 2.0)
    assert not evening.booth.order.may_record(PERFORMERS[0])
    assert (await read_panel(evening.desk, session.session_id)).phase is Phase.PAUSED
    with pytest.raises(errors.SessionPaused):
        await pause(evening.desk, evening.live, monotonic())
    await resume(evening.desk, session)
    assert evening.booth.order.may_record(PERFORMERS[0])
    assert evening.booth.resumed == 1
    assert live.ends_at > ends_at + 1.0, "the pause does not count towards the time limit"
    cut_at = monotonic()
    await cut_take(evening.desk, evening.live, cut_at)
    (hole,) = await evening.desk.database.fetch_all("SELECT cause, start_samples, end_samples FROM holes")
    assert (hole["cause"], hole["start_samples"]) == ("pause", 96_000)
    assert hole["end_samples"] <= live.position_samples(cut_at)
    with pytest.raises(errors.SessionNotPaused):
        await resume(evening.desk, session)


async def test_a_take_cut_in_a_pause_keeps_what_came_before(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await evening.start(session)
    evening.booth.speak(PERFORMERS[0], 1.2)
    await pause(evening.desk, evening.live, evening.booth.started_at + 2.0)
    cut = await cut_take(evening.desk, evening.live, evening.booth.started_at + 4.0)
    assert (cut.tracks, cut.duration_samples) == (1, 192_000)
    (hole,) = await evening.desk.database.fetch_all("SELECT cause, start_samples, end_samples FROM holes")
    assert tuple(hole) == ("pause", 96_000, 192_000)
    with pytest.raises(errors.SessionPaused):
        await start_take(evening.desk, session, monotonic())
    with pytest.raises(errors.SessionPaused):
        await deal_scene(evening.desk, session)


async def test_a_pause_in_the_countdown_makes_the_take_void(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic())
    await pause(evening.desk, evening.live, monotonic())
    await evening.no_take()
    assert await evening.value("SELECT state FROM takes") == "void"
    assert not evening.has_take


async def test_a_performer_who_drops_out_pauses_the_take_until_they_are_back(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await evening.start(session)
    await channel_changed(evening.desk, GUILD, AUDIENCE, CHANNEL, None)
    assert (await read_panel(evening.desk, session.session_id)).phase is Phase.RECORDING
    await channel_changed(evening.desk, GUILD, PERFORMERS[0], CHANNEL, None)
    state = await read_panel(evening.desk, session.session_id)
    assert (state.phase, state.missing) == (Phase.PAUSED, (PERFORMERS[0],))
    assert f"<@{PERFORMERS[0]}> dropped out" in "\n".join(await words(evening, session))
    await channel_changed(evening.desk, GUILD, PERFORMERS[0], None, CHANNEL)
    assert (await read_panel(evening.desk, session.session_id)).phase is Phase.RECORDING


async def test_a_performer_who_drops_out_ends_the_take_where_the_server_wants_that(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.services.presence.GRACE_SECONDS", 0.1)
    await change_setting(evening.desk, GUILD, "on_dropout", "end")
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await evening.start(session)
    await channel_changed(evening.desk, GUILD, PERFORMERS[0], CHANNEL, None)
    assert await evening.value("SELECT cut_reason FROM takes") == "dropout"
    assert "because a performer left" in "\n".join(await words(evening, session))


async def test_a_performer_who_leaves_twice_is_waited_for_each_time(evening: Evening):
    await change_setting(evening.desk, GUILD, "on_dropout", "end")
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await evening.start(session)
    evening.desk.clock = clock = HeldClock()

    def leave() -> asyncio.Task[None]:
        return asyncio.create_task(channel_changed(evening.desk, GUILD, PERFORMERS[0], CHANNEL, None))

    absences = [leave()]
    first = await clock.wait_of(GRACE_SECONDS)
    await channel_changed(evening.desk, GUILD, PERFORMERS[0], None, CHANNEL)
    absences.append(leave())
    second = await clock.wait_of(GRACE_SECONDS, 1)
    first.set()
    await absences[0]
    assert evening.has_take, "they came back, and have not been away for as long since"
    second.set()
    await absences[1]
    assert not evening.has_take


async def test_who_holds_a_pause_after_a_dropout_ends_it(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await evening.start(session)
    await channel_changed(evening.desk, GUILD, PERFORMERS[0], CHANNEL, None)
    await pause(evening.desk, evening.live, monotonic())
    assert "until a coordinator presses **Resume**" in "\n".join(await words(evening, session))
    await channel_changed(evening.desk, GUILD, PERFORMERS[0], None, CHANNEL)
    assert (await read_panel(evening.desk, session.session_id)).phase is Phase.PAUSED
    await resume(evening.desk, session)
    assert await evening.value("SELECT count(*) FROM holes") == 1


async def test_who_is_on_stage_and_not_there_is_named_and_recorded_when_they_come(evening: Evening):
    session = await evening.open()
    late = (await deal_scene(evening.desk, session)).discord_user_ids[0]
    evening.stage.channels[CHANNEL].discard(late)
    absent = f"On stage, but not in the channel: <@{late}>."
    assert absent in "\n".join(await words(evening, session))
    called = await start_take(evening.desk, session, monotonic() - evening.desk.settings.countdown_seconds - 4.0)
    assert called.absent_users == {late}
    assert absent in called_text(called)
    assert absent in "\n".join(await words(evening, session))
    evening.stage.channels[CHANNEL].add(late)
    await channel_changed(evening.desk, GUILD, late, None, CHANNEL)
    assert absent not in "\n".join(await words(evening, session))
    evening.booth.speak(late, 1.0)
    assert (await cut_take(evening.desk, evening.live, evening.booth.started_at + 4.0)).tracks == 1


async def test_who_consents_and_is_not_on_stage_stands_by(evening: Evening):
    newcomer = 777_777_777_777_777_777
    session = await evening.open()
    await deal_scene(evening.desk, session)
    evening.stage.channels[CHANNEL].add(newcomer)
    await evening.consent(newcomer, TO_PERFORM)
    state = await read_panel(evening.desk, session.session_id)
    assert state.on_standby == (newcomer,)
    assert set(state.unrecorded_users) == {AUDIENCE, BYSTANDER}
    found = await find_session(evening.desk.database, session.session_id)
    assert found
    assert not found.is_paused
