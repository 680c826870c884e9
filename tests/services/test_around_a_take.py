"""What is told around a running take: that it ends soon, to keep it lighter by no one in particular, side-coaching."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.domain import errors
from bot.domain.ids import UserId
from bot.domain.signals import EASED_APART_SECONDS
from bot.live.asked import EASED
from bot.live.journal import read_journal
from bot.live.session import LiveSession
from bot.services.scene import ease_off
from tests.evening import AUDIENCE, BYSTANDER, PERFORMERS, Evening, HeldClock, an_evening, refuse_for_full_disk

LIGHTER = "🪶 **Keep it lighter from here.**"
SOON = "⏳ **Find your ending:**"


async def events(evening: Evening, kind: str) -> list[tuple[Any, ...]]:
    sql = "SELECT take_id, person_id, detail FROM events WHERE kind = ? ORDER BY event_id"
    return [tuple(row) for row in await evening.database.fetch_all(sql, kind)]


async def stored(evening: Evening, session: LiveSession, at: float, user: UserId = PERFORMERS[1]) -> None:
    promise = evening.services.ease_off.ease_now(session, user, at)
    if promise:
        await promise.kept


async def test_half_a_minute_before_the_limit_performers_and_the_panel_are_told_once(evening: Evening):
    session = await evening.on_stage()
    evening.clock = clock = HeldClock()
    await evening.start(session)
    words = await evening.panel_words(session)
    assert SOON not in words
    assert "It began <t:" in words, "Discord counts the time by itself"
    before_the_end = await clock.wait_of(266)
    evening.take.pause(monotonic())
    evening.take.resume(monotonic() + 60)
    evening.services.takes.running.run_clock(session, evening.take)
    before_the_end.set()
    await asyncio.sleep(0.01)
    assert evening.stage.told_of_the_end == [], "the pause moved the limit"
    (await clock.wait_of(326)).set()
    async with asyncio.timeout(5):
        while not await events(evening, "take_neared_end"):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert evening.stage.told_of_the_end == [(user, 30) for user in sorted(PERFORMERS)]
    assert SOON in await evening.panel_words(session)
    assert [json.loads(one[2]) for one in await events(evening, "take_neared_end")] == [{"seconds_left": 30}]
    assert evening.booth.said == [], "nothing is said in a channel that is being recorded"
    evening.services.takes.running.run_clock(session, evening.take)
    await asyncio.sleep(0.01)
    assert len(evening.stage.told_of_the_end) == len(PERFORMERS)


async def test_ease_off_tells_everyone_on_stage_and_no_one_knows_who_pressed(
    evening: Evening, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG, "bot")
    session = await evening.in_a_take()
    await stored(evening, session, evening.take.starts_at + 2.5)
    assert evening.stage.told_to_ease == [sorted(PERFORMERS)], "the presser is told like everyone else"
    assert LIGHTER in await evening.panel_words(session)
    assert evening.take.is_running
    assert evening.booth.said == []
    (event,) = await events(evening, "take_eased")
    assert event == (evening.take.take.take_id, None, '{"after_seconds": 0}')
    assert not [one for one in caplog.records if one.name.startswith("bot.") and str(PERFORMERS[1]) in one.getMessage()]
    with pytest.raises(errors.NotInChannel):
        await stored(evening, session, monotonic(), UserId(999))


async def test_a_second_press_within_a_short_time_sends_and_stores_nothing(evening: Evening):
    session = await evening.in_a_take()
    start = evening.take.starts_at
    await stored(evening, session, start + 1)
    await stored(evening, session, start + 1 + EASED_APART_SECONDS / 2, AUDIENCE)
    await stored(evening, session, start + 1 + EASED_APART_SECONDS, BYSTANDER)
    assert len(evening.stage.told_to_ease) == 2
    assert len(await events(evening, "take_eased")) == 2


async def test_its_moment_is_stored_only_to_ten_seconds_because_a_click_may_be_on_a_track(evening: Evening):
    session = await evening.on_stage()
    await evening.start(session, seconds_ago=20)
    await stored(evening, session, evening.take.starts_at + 17.25)
    (event,) = await events(evening, "take_eased")
    assert json.loads(event[2]) == {"after_seconds": 10}
    happened = datetime.fromisoformat(await evening.value("SELECT happened_at FROM events ORDER BY event_id DESC"))
    started = evening.clock.wall() - timedelta(seconds=monotonic() - evening.take.starts_at)
    assert (happened - started).total_seconds() == pytest.approx(10, abs=0.1)


async def test_the_take_counts_as_any_other_and_the_next_one_is_not_eased(evening: Evening):
    session = await evening.in_a_take()
    evening.everyone_speaks(3.0)
    await stored(evening, session, evening.take.starts_at + 1)
    await evening.services.cuts.cut(session, evening.take.starts_at + 4)
    assert await evening.value("SELECT struck_at IS NULL AND state = 'cut' FROM takes") == 1
    with pytest.raises(errors.NoTakeRunning):
        await stored(evening, session, monotonic())
    await evening.start(session)
    assert LIGHTER not in await evening.panel_words(session)


async def test_what_the_store_does_not_take_yet_is_in_the_journal_without_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with an_evening(tmp_path) as evening:
        await evening.everyone_consents()
        session = await evening.in_a_take()
        monkeypatch.setattr(ease_off, "log_event", refuse_for_full_disk)
        evening.services.ease_off.ease_now(session, PERFORMERS[0], evening.take.starts_at + 1)
        (entry,) = [one for one in read_journal(evening.home.journal) if one.kind == EASED]
        assert entry.facts.keys() == {"session_id", "scene_id", "take_id", "after_seconds", "at"}
        assert str(PERFORMERS[0]) not in evening.home.journal.read_text("latin-1")
    monkeypatch.undo()
    async with an_evening(tmp_path) as after:
        await after.promises.all_kept(lambda one: one.kind == EASED)
        assert await events(after, "take_eased") == [(1, None, '{"after_seconds": 0}')]
        await after.services.ease_off.store(entry.facts)
        assert len(await events(after, "take_eased")) == 1, "storing it twice does no harm"


async def test_side_coaching_reaches_one_performer_and_is_on_the_takes_clock(evening: Evening):
    session = await evening.in_a_take()
    coaching = evening.services.coaching
    await coaching.coach(session, PERFORMERS[2], "  Let her finish. ")
    assert evening.stage.coached == [(PERFORMERS[2], "Let her finish.")]
    sql = (
        "SELECT discord_user_id, text, position_samples FROM side_coachings JOIN castings USING (casting_id) "
        "JOIN people USING (person_id)"
    )
    ((user, text, position),) = [tuple(row) for row in await evening.database.fetch_all(sql)]
    assert (user, text) == (PERFORMERS[2], "Let her finish.")
    assert position == pytest.approx(evening.take.position_samples(monotonic()), abs=48_000)
    assert len(await events(evening, "side_coached")) == 1
    evening.everyone_speaks(3.0)
    await evening.services.cuts.cut(session, evening.take.starts_at + position / 48_000 - 0.5)
    assert await evening.value("SELECT count(*) FROM side_coachings") == 0, "the take was cut before it came"


async def test_side_coaching_that_cannot_be_sent_is_refused_and_leaves_nothing(evening: Evening):
    session = await evening.on_stage()
    coaching = evening.services.coaching
    with pytest.raises(errors.NoTakeRunning):
        await coaching.coach(session, PERFORMERS[0], "Go on.")
    await evening.start(session)
    with pytest.raises(errors.CoachingInvalid):
        await coaching.coach(session, PERFORMERS[0], "Go \u200b on.")
    with pytest.raises(errors.NotOnStage):
        await coaching.coach(session, AUDIENCE, "Go on.")
    evening.stage.deaf.add(PERFORMERS[0])
    with pytest.raises(errors.CoachingUndelivered):
        await coaching.coach(session, PERFORMERS[0], "Go on.")
    await evening.services.pauses.pause(session, monotonic())
    with pytest.raises(errors.SessionPaused):
        await coaching.coach(session, PERFORMERS[1], "Go on.")
    assert evening.stage.coached == []
    assert await evening.value("SELECT count(*) FROM side_coachings") == 0
