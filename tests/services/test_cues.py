"""Cues: told privately at their moment, by the coordinator or by time, and stored on the take's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import pytest

from bot.domain import errors
from bot.domain.show import Step
from bot.live.session import LiveSession
from bot.services.scene.scenes import CastingWish
from bot.ui.texts.card import card_text
from tests.evening import COORDINATOR, GUILD, PERFORMERS, Evening, HeldClock


async def arc_of(evening: Evening) -> Any:
    (row,) = await evening.database.fetch_all(
        "SELECT * FROM castings JOIN people USING (person_id) WHERE second_emotion IS NOT NULL"
    )
    return row


async def test_a_cue_is_told_privately_kept_on_the_clock_and_ends_the_claim_of_the_first_target(evening: Evening):
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger")
    )
    with pytest.raises(errors.NoTakeRunning):
        await evening.services.cues.give(evening.live)
    await evening.start(session)
    assert Step.CUE in (await evening.panel(session)).steps
    evening.booth.speak(PERFORMERS[0], 3.4, after=0.2)
    evening.stage.cue_at = evening.booth.started_at + 1.5
    assert "**You feel** joy" in card_text(await evening.services.cards.read(session, PERFORMERS[0]))
    await evening.services.cues.give(evening.live)
    assert (PERFORMERS[0], "anger") in evening.stage.cues
    card = card_text(await evening.services.cards.read(session, PERFORMERS[0]))
    assert "**You felt** joy" in card
    assert "**Now:** anger" in card
    assert Step.CUE not in (await evening.panel(session)).steps
    with pytest.raises(errors.NoCue):
        await evening.services.cues.give(evening.live)
    await evening.services.cuts.cut(evening.live, evening.booth.started_at + 4.0)
    await evening.services.turns.settled()
    turns = await evening.database.fetch_all(
        "SELECT turns.start_samples, turns.end_samples, target_emotion, target_until_samples FROM turn_targets "
        "JOIN turns USING (turn_id) JOIN people USING (person_id) WHERE discord_user_id = ? ORDER BY start_samples",
        PERFORMERS[0],
    )
    assert [(row["target_emotion"], row["target_until_samples"]) for row in turns] == [("joy", 72_000)]
    assert turns[0]["start_samples"] < 72_000 < turns[0]["end_samples"], "a cue divides no turn"


async def test_a_performer_who_cannot_be_told_keeps_their_target_and_others_are_told(evening: Evening):
    session = await evening.open()
    dealt = await evening.services.scenes.deal(session)
    deaf, *others = dealt.discord_user_ids[:2]
    for user in (deaf, *others):
        await evening.services.scenes.override_part(session, user, CastingWish(emotion="joy", second_emotion="anger"))
    waiting = await evening.value("SELECT count(*) FROM castings WHERE second_emotion IS NOT NULL")
    evening.stage.deaf.add(deaf)
    await evening.start(session)
    with pytest.raises(errors.CueUndelivered) as caught:
        await evening.services.cues.give(evening.live)
    assert (caught.value.discord_user_ids, caught.value.told) == ([deaf], waiting - 1)
    assert set(others) <= {user for user, _ in evening.stage.cues}
    assert await evening.value("SELECT count(*) FROM cues") == waiting - 1
    evening.stage.deaf.clear()
    assert await evening.services.cues.give(evening.live) == 1


async def test_a_cue_that_failed_can_be_given_again(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    await evening.in_a_take()

    async def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patched:
        patched.setattr(evening.stage, "tell_cue", broken)
        with pytest.raises(RuntimeError):
            await evening.services.cues.give(evening.live)
    assert await evening.services.cues.give(evening.live) == 1


async def test_no_cue_is_given_in_a_take_that_is_being_kept_nor_kept_after_its_end(evening: Evening):
    await evening.in_a_take()
    pressed_at = monotonic()
    evening.stage.cue_at = pressed_at + 0.2
    await evening.services.cues.give(evening.live)
    cutting = asyncio.create_task(evening.services.cuts.cut(evening.live, pressed_at))
    while evening.take.cut_at is None:  # noqa: ASYNC110 - nothing signals it
        await asyncio.sleep(0)
    with pytest.raises(errors.NoTakeRunning):
        await evening.services.cues.give(evening.live)
    await cutting
    assert await evening.value("SELECT count(*) FROM cues") == 0


async def test_cues_by_time_come_by_themselves(evening: Evening):
    await evening.services.guilds.change(GUILD, "cue_policy", "time")
    await evening.services.guilds.change(GUILD, "scene_seconds", 5)
    session = await evening.on_stage()
    row = await arc_of(evening)
    assert 2 * 48_000 <= row["cue_after_samples"] <= 3 * 48_000
    await evening.start(session, seconds_ago=3.5)
    live = evening.take

    async def is_kept() -> bool:
        return bool(await evening.value("SELECT count(*) FROM cues"))

    async def is_over() -> bool:
        return not evening.has_take

    await until(is_kept)
    assert evening.stage.cues == [(row["discord_user_id"], row["second_emotion"])]
    assert await evening.value("SELECT cause FROM cues") == "time"
    await until(is_over)
    assert await evening.value("SELECT cut_reason FROM takes") == "time_limit"
    assert live.cut_at == pytest.approx(live.starts_at + 5)


async def by_time(evening: Evening, scene_seconds: int) -> tuple[LiveSession, Any]:
    """A session with a scene whose only arc has a timed cue, and the casting of that arc."""
    await evening.services.guilds.change(GUILD, "cue_policy", "time")
    await evening.services.guilds.change(GUILD, "scene_seconds", scene_seconds)
    session = await evening.on_stage()
    return session, await arc_of(evening)


async def test_no_cue_by_time_outlives_the_time_limit(evening: Evening):
    session, _ = await by_time(evening, 30)
    await evening.services.guilds.change(GUILD, "scene_seconds", 5)
    await evening.start(session, seconds_ago=4.8)

    async def is_over() -> bool:
        return not evening.has_take

    await until(is_over)
    assert evening.stage.cues == []
    assert await evening.value("SELECT duration_samples FROM takes") == 5 * 48_000


async def test_a_cue_by_time_that_could_not_be_told_comes_with_the_card_and_the_coordinator_knows(evening: Evening):
    session, row = await by_time(evening, 60)
    user = row["discord_user_id"]
    evening.stage.deaf.add(user)
    await evening.start(session, seconds_ago=row["cue_after_samples"] / 48_000)

    async def is_missed() -> bool:
        return bool(evening.stage.missed_cues)

    await until(is_missed)
    assert evening.stage.missed_cues == [(COORDINATOR, user)]
    evening.stage.deaf.clear()
    await evening.services.cues.give_late(evening.live, next(other for other in PERFORMERS if other != user))
    assert evening.stage.cues == []
    await evening.services.cues.give_late(evening.live, user)
    await evening.services.cues.give_late(evening.live, user)
    assert evening.stage.cues == [(user, row["second_emotion"])]
    assert await evening.value("SELECT count(*) FROM cues") == 1


async def test_a_performer_who_withdrew_gets_no_timed_cue(evening: Evening):
    session, row = await by_time(evening, 60)
    evening.clock = clock = HeldClock()
    await evening.start(session)
    its_time = await clock.wait_of(row["cue_after_samples"] / 48_000 - 4)
    await evening.consent(row["discord_user_id"], frozenset())
    its_time.set()
    await clock.wait_of(60 - 4)
    await asyncio.sleep(0)
    assert (evening.stage.cues, evening.stage.missed_cues) == ([], [])
    await evening.services.errands.close()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that happens by itself."""
    async with asyncio.timeout(10):
        while not await holds():  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.05)


async def test_no_one_is_dealt_an_arc_if_the_server_wants_none(evening: Evening):
    await evening.services.guilds.change(GUILD, "cue_policy", "none")
    await evening.on_stage()
    assert await evening.value("SELECT count(*) FROM castings WHERE second_emotion IS NOT NULL") == 0


async def test_a_card_shows_the_second_emotion_only_once_its_performer_was_told(evening: Evening):
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger")
    )
    await evening.start(session)
    on_its_way, may_fail = asyncio.Event(), asyncio.Event()

    async def tell(*_: object) -> None:
        on_its_way.set()
        await may_fail.wait()

    evening.services.stage.tell_cue = tell  # type: ignore[method-assign]
    cueing = asyncio.create_task(evening.services.cues.give(evening.live))
    await on_its_way.wait()
    assert "anger" not in card_text(await evening.services.cards.read(session, PERFORMERS[0]))
    may_fail.set()
    with pytest.raises(errors.CueUndelivered):
        await cueing
    assert "anger" not in card_text(await evening.services.cards.read(session, PERFORMERS[0]))


async def test_a_part_does_not_shift_to_what_it_begins_with(evening: Evening):
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger")
    )
    with pytest.raises(errors.ShiftToItself):
        await evening.services.scenes.override_part(session, PERFORMERS[0], CastingWish(second_emotion="joy"))
    assert "anger" in {row[0] for row in await evening.database.fetch_all("SELECT second_emotion FROM castings")}
