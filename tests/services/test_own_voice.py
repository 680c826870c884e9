"""What moderators do to the bot itself: it looks at its own voice state before it blames anyone's microphone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.domain import errors
from bot.domain.own_voice import ChannelFault, MutedBy, Ousting, OwnVoice
from bot.domain.show import Phase, Step
from bot.domain.states import PauseCause
from bot.live.take.state import TakeState
from bot.services.booth.booths import UNDEAFENING_SECONDS
from bot.services.session.sessions import SessionWishes
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.panel import panel_texts
from bot.ui.texts.replies import opened_text
from tests.evening import CHANNEL, COORDINATOR, GUILD, PERFORMERS, Evening, HeldClock, an_evening

FOYER = 222_222_222_222_222_999


async def changed(evening: Evening, **own: Any) -> None:
    """Discord tells the bot something about itself."""
    evening.booth.own = replace(evening.booth.own, **own)
    await evening.services.own_voices.look(GUILD)


async def holes(evening: Evening) -> list[tuple[str, int, int]]:
    rows = await evening.database.fetch_all("SELECT cause, start_samples, end_samples FROM holes ORDER BY 2")
    return [tuple(row) for row in rows]


async def events(evening: Evening, *kinds: str) -> list[str]:
    rows = await evening.database.fetch_all("SELECT kind, detail FROM events ORDER BY event_id")
    return [row["detail"] for row in rows if row["kind"] in kinds]


async def words(evening: Evening) -> str:
    return "\n".join(panel_texts(await evening.panel(evening.live)))


async def start(evening: Evening) -> Any:
    return await evening.services.sessions.start(GUILD, CHANNEL, COORDINATOR, SessionWishes())


async def test_a_deafened_bot_opens_no_session_and_waits_to_be_undeafened(evening: Evening):
    evening.clock = clock = HeldClock()
    evening.stage.own = OwnVoice(CHANNEL, is_deafened=True)
    with pytest.raises(errors.BotDeafened):
        await start(evening)
    assert not evening.booth.left, "Discord undeafens only who is in voice"
    assert await evening.database.fetch_value("SELECT count(*) FROM sessions") == 0
    (await clock.wait_of(UNDEAFENING_SECONDS)).set()
    async with asyncio.timeout(5):
        while not evening.booth.left:  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.005)


async def test_an_undeafened_bot_opens_the_session_from_a_place_of_its_own(evening: Evening):
    evening.stage.own = OwnVoice(CHANNEL, is_deafened=True)
    with pytest.raises(errors.BotDeafened):
        await start(evening)
    waiting = evening.booth
    evening.stage.own = None
    session = await start(evening)
    assert waiting.left
    assert session.booth is evening.booth is not waiting


async def test_a_muted_bot_opens_a_session_with_a_warning(evening: Evening):
    evening.stage.own = OwnVoice(CHANNEL, is_muted=True)
    session = await start(evening)
    assert "muted on this server" in opened_text(session)
    assert "Server Mute" in opened_text(session)
    assert "muted on this server" in await words(evening)


async def test_no_one_is_blamed_for_the_time_in_which_the_bot_was_deafened(evening: Evening):
    await evening.in_a_take()
    take = evening.take
    await changed(evening, is_deafened=True)
    assert take.state is TakeState.RECORDING, "a deafened bot goes on"
    assert "Server Deafen" in await words(evening)
    deaf_at = monotonic()
    assert take.listening_since(deaf_at) == deaf_at
    await asyncio.sleep(0.2)
    await changed(evening, is_deafened=False)
    heard_at = monotonic()
    assert deaf_at <= take.listening_since(heard_at) <= heard_at
    assert "was deafened for 0." in await words(evening)
    cut = await evening.services.cuts.cut(evening.live, monotonic() + 0.1)
    ((cause, begin, end),) = await holes(evening)
    assert cause == "deafened"
    assert end - begin == cut.deaf_samples
    assert 0.19 <= (end - begin) / 48_000 <= 1.0
    assert [await events(evening, "bot_obstructed"), await events(evening, "bot_unobstructed")] == [
        ['{"obstacle": "deafened"}'],
        ['{"obstacle": "deafened"}'],
    ]


async def test_a_take_that_is_cut_while_the_bot_is_deafened_has_a_hole_to_its_end(evening: Evening):
    await evening.in_a_take()
    take = evening.take
    await changed(evening, is_deafened=True)
    await evening.services.cuts.cut(evening.live, monotonic() + 0.3)
    ((cause, begin, end),) = await holes(evening)
    assert (cause, end) == ("deafened", take.duration_samples)
    assert begin < end


async def test_no_take_and_no_sound_check_starts_while_the_bot_is_deafened(evening: Evening):
    session = await evening.on_stage()
    evening.booth.own = replace(evening.booth.own, is_deafened=True)
    with pytest.raises(errors.BotDeafened):
        await evening.services.takes.start(session, monotonic())
    with pytest.raises(errors.BotDeafened):
        await evening.services.sound_checks.check(session)
    assert not evening.has_take


async def test_a_take_pauses_while_the_bot_is_in_another_channel_and_goes_on_when_it_is_back(evening: Evening):
    session = await evening.in_a_take()
    take = evening.take
    await changed(evening, channel_id=FOYER)
    assert take.state is TakeState.PAUSED
    panel = await evening.panel(session)
    assert panel.phase is Phase.PAUSED
    assert panel.steps[0] is Step.BRING_BACK
    assert Step.RESUME not in panel.steps
    told = await words(evening)
    assert f"moved to <#{FOYER}>" in told
    assert "by itself when the bot is back" in told
    with pytest.raises(errors.BotMoved):
        await evening.services.pauses.resume(session)

    await evening.services.own_voices.bring_back(session)
    assert take.state is TakeState.RECORDING
    assert evening.booth.waited_to_hear == 1
    assert f"<#{FOYER}>" not in await words(evening)
    await evening.services.cuts.cut(evening.live, monotonic() + 0.1)
    ((cause, begin, end),) = await holes(evening)
    assert cause == "moved"
    assert begin < end


async def test_a_take_goes_on_when_a_moderator_moves_the_bot_back(evening: Evening):
    await evening.in_a_take()
    await changed(evening, channel_id=FOYER)
    await changed(evening, channel_id=CHANNEL)
    assert evening.take.state is TakeState.RECORDING


async def test_a_coordinators_pause_outlasts_the_bots_return(evening: Evening):
    session = await evening.in_a_take()
    await changed(evening, channel_id=FOYER)
    await evening.services.pauses.pause(session, monotonic())
    await changed(evening, channel_id=CHANNEL)
    assert evening.take.state is TakeState.PAUSED
    await evening.services.pauses.resume(session)
    assert evening.take.state is TakeState.RECORDING


async def test_a_moved_bot_and_a_performer_who_left_wait_for_each_other(evening: Evening):
    session = await evening.in_a_take()
    away = PERFORMERS[0]
    for first, second in (("bot", "performer"), ("performer", "bot")):
        await changed(evening, channel_id=FOYER)
        await evening.services.presence.channel_changed(GUILD, away, CHANNEL, None)
        assert evening.take.state is TakeState.PAUSED
        for who in (first, second):
            assert evening.take.state is TakeState.PAUSED
            if who == "bot":
                await changed(evening, channel_id=CHANNEL)
            else:
                await evening.services.presence.channel_changed(GUILD, away, None, CHANNEL)
        assert evening.take.state is TakeState.RECORDING, (first, second)
    assert session.is_paused is False


async def test_no_take_starts_from_a_channel_that_is_not_the_sessions(evening: Evening):
    session = await evening.on_stage()
    await changed(evening, channel_id=FOYER)
    assert not session.is_paused, "only a running take has to wait"
    with pytest.raises(errors.BotMoved) as moved:
        await evening.services.takes.start(session, monotonic())
    assert (moved.value.moved_to_channel_id, moved.value.voice_channel_id) == (FOYER, CHANNEL)
    await evening.services.own_voices.bring_back(session)
    await evening.services.takes.start(session, monotonic())


async def test_a_countdown_from_another_channel_is_called_off(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() + 60)
    await changed(evening, channel_id=FOYER)
    await evening.no_take()
    assert "called off because the bot was moved" in await words(evening)
    await changed(evening, channel_id=CHANNEL)
    assert not session.is_paused


async def test_being_moved_or_deafened_ends_a_sound_check_with_the_reason(evening: Evening):
    for own, error in (({"channel_id": FOYER}, errors.BotMoved), ({"is_deafened": True}, errors.BotDeafened)):
        session = await evening.on_stage() if evening.services.live.in_guild(GUILD) is None else evening.live
        checking = asyncio.create_task(evening.services.sound_checks.check(session, 30))
        async with asyncio.timeout(5):
            while evening.booth.order is None:  # noqa: ASYNC110 - nothing signals it
                await asyncio.sleep(0.005)
        await changed(evening, **own)
        with pytest.raises(error):
            await checking
        await changed(evening, channel_id=CHANNEL, is_deafened=False)


async def test_lost_permissions_are_named_and_what_could_not_be_mended_without_them_is_theirs(evening: Evening):
    await evening.in_a_take()
    await changed(evening, lacking=("view_channel", "connect"))
    assert "View Channel, Connect" in await words(evening)
    assert evening.stage.lost_panels == [COORDINATOR], "the panel cannot be refreshed, so they are told privately"
    assert evening.take.state is TakeState.RECORDING, "the bot is still in the channel and hears"
    evening.booth.lose_connection(0.5, 0.25)
    async with asyncio.timeout(5):
        while not evening.take.deaf:  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.005)
    await evening.services.cuts.cut(evening.live, evening.booth.started_at + 1.0)
    assert await holes(evening) == [("forbidden", 24_000, 36_000)]


@pytest.mark.parametrize("cause", [Ousting.CHANNEL_DELETED, Ousting.KICKED])
async def test_an_ousted_bot_keeps_the_take_ends_the_session_and_says_so(evening: Evening, cause: Ousting):
    session = await evening.in_a_take()
    evening.booth.speak(PERFORMERS[0], 0.1, after=0.0)
    await asyncio.sleep(0.15)
    await evening.services.own_voices.ousted(GUILD, cause, CHANNEL if cause is Ousting.CHANNEL_DELETED else None)
    assert not session.is_open
    take = await evening.database.fetch_all("SELECT state, cut_reason FROM takes")
    assert [tuple(row) for row in take] == [("cut", "ousted")]
    assert evening.stage.lost_sessions == [(COORDINATOR, cause)]
    assert await events(evening, "bot_ousted") == [f'{{"cause": "{cause}"}}']


async def test_another_channel_may_be_deleted(evening: Evening):
    session = await evening.in_a_take()
    await evening.services.own_voices.ousted(GUILD, Ousting.CHANNEL_DELETED, FOYER)
    assert session.is_open
    assert evening.take.is_running


async def test_a_channel_that_was_deleted_while_the_bot_was_away_ends_the_session(evening: Evening):
    session = await evening.on_stage()
    del evening.stage.channels[CHANNEL]
    await evening.services.own_voices.look_everywhere()
    assert not session.is_open
    assert evening.stage.lost_sessions == [(COORDINATOR, Ousting.CHANNEL_DELETED)]


async def test_a_bot_that_was_disconnected_is_brought_back(evening: Evening):
    session = await evening.on_stage()
    evening.booth.left = True
    assert (await evening.panel(session)).steps[0] is Step.BRING_BACK
    before = evening.booth
    await evening.services.own_voices.bring_back(session)
    assert session.booth is evening.booth is not before
    assert Step.BRING_BACK not in (await evening.panel(session)).steps


async def test_idle_people_are_not_told_of_as_gone(evening: Evening):
    session = await evening.in_a_take()
    idle = PERFORMERS[0]
    evening.booth.people.discard(idle)
    evening.booth.idle.add(idle)
    await evening.services.presence.channel_changed(GUILD, idle, CHANNEL, FOYER, is_idle=True)
    assert evening.take.state is TakeState.PAUSED
    told = await words(evening)
    assert f"Discord moved <@{idle}> to the AFK channel, because they were idle" in told
    assert "dropped out" not in told
    assert await events(evening, "performer_dropped_out") == ['{"was_idle": true}']
    evening.booth.idle.clear()
    evening.booth.people.add(idle)
    await evening.services.presence.channel_changed(GUILD, idle, FOYER, CHANNEL)
    assert not session.is_paused


async def test_who_muted_themselves_is_told_as_muted(evening: Evening):
    await evening.in_a_take()
    evening.booth.muted[PERFORMERS[0]] = MutedBy.SELF
    panels = len(evening.stage.panels)
    await evening.services.presence.muting_changed(GUILD, CHANNEL)
    async with asyncio.timeout(5):
        while len(evening.stage.panels) == panels:  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.005)
    assert evening.stage.panels[-1].muted == {PERFORMERS[0]: MutedBy.SELF}
    cut = await evening.services.cuts.cut(evening.live, monotonic() + 0.1)
    assert cut.muted == {PERFORMERS[0]}


def test_each_unsuited_channel_has_its_own_sentence():
    sentences = {sentence_of(errors.ChannelUnsuited(CHANNEL, fault)) for fault in ChannelFault}
    assert len(sentences) == len(ChannelFault)


async def test_a_restart_in_the_wrong_channel_goes_on_in_the_right_one(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        await evening.everyone_consents()
        await evening.in_a_take()
        evening.booth.speak(PERFORMERS[0], 0.2, after=0.0)
        await asyncio.sleep(0.3)
        await changed(evening, channel_id=FOYER)
        await evening.promises.all_kept(lambda _: True)
        await evening.services.sessions.cut_all()
        assert [cause for cause, _, _ in await holes(evening)] == ["moved"]
    async with an_evening(tmp_path) as evening:
        assert evening.live.pause_cause is PauseCause.MOVED
        await evening.services.sessions.rejoin_all()
        await evening.services.own_voices.look_everywhere()
        assert not evening.live.is_paused
        assert await evening.value("SELECT pause_cause FROM sessions") is None
