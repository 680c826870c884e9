"""Cues: told privately at their moment, by the coordinator or by time, and stored on the take's clock."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.domain import errors
from bot.domain.ids import UserId
from bot.domain.show import Step
from bot.domain.states import CueAnswer
from bot.live.session import LiveSession
from bot.services.ports.stage import CueSent
from bot.services.scene.scenes import CastingWish
from bot.services.take.cues import UNACKNOWLEDGED_SECONDS
from bot.ui.texts.card import card_text
from tests.evening import COORDINATOR, GUILD, PERFORMERS, Evening, HeldClock, SetClock, an_evening


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
    session, row = await by_time(evening, 39)  # so short a take has no signal, which would be another wait
    evening.clock = clock = HeldClock()
    await evening.start(session)
    its_time = await clock.wait_of(row["cue_after_samples"] / 48_000 - 4)
    await evening.consent(row["discord_user_id"], frozenset())
    its_time.set()
    await clock.wait_of(39 - 4)
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


async def with_a_cue(evening: Evening) -> HeldClock:
    """A take of 8 s in which the first performer, who speaks all the time, was sent a cue after 2 s; and its clock."""
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger")
    )
    evening.clock = clock = HeldClock()
    await evening.start(session, seconds_ago=3)
    evening.stage.cue_at = evening.booth.started_at + 2
    evening.booth.speak(PERFORMERS[0], 7.5, after=0.2)
    await evening.services.cues.give(evening.live)
    return clock


async def waits_for_messages(evening: Evening, clock: HeldClock) -> list[asyncio.Event]:
    """The waits after which cues come by message: one for each performer with an arc, in any order."""
    arcs = await evening.value("SELECT count(*) FROM castings WHERE second_emotion IS NOT NULL")
    return [await clock.wait_of(2 + UNACKNOWLEDGED_SECONDS - 3, number) for number in range(arcs)]


def let_messages_go(waits: list[asyncio.Event]) -> None:
    for wait in waits:
        wait.set()


async def own_cue(evening: Evening) -> Any:
    (row,) = await evening.database.fetch_all(
        "SELECT * FROM cue_shifts JOIN cues USING (cue_id, take_id, casting_id) JOIN castings USING (casting_id) "
        "JOIN people USING (person_id) WHERE discord_user_id = ?",
        PERFORMERS[0],
    )
    return row


async def cut(evening: Evening, after: float = 8.0) -> None:
    await evening.services.cuts.cut(evening.live, evening.booth.started_at + after)
    await evening.services.turns.settled()


async def asked(evening: Evening) -> list[int]:
    """Who has been asked about their cue so far, once no question is under way."""
    await evening.services.cue_questions.ask(evening.live)
    return [cue.discord_user_id for cue in evening.stage.questions if cue.discord_user_id == PERFORMERS[0]]


def acknowledge(evening: Evening, row: Any, at: float, user: UserId = PERFORMERS[0]) -> bool:
    replies = evening.services.cue_replies
    return replies.acknowledge_now(evening.live, row["take_id"], row["casting_id"], user, at)


async def test_an_acknowledged_cue_counts_from_the_press_and_no_one_is_told_again_or_asked(evening: Evening):
    clock = await with_a_cue(evening)
    waits = await waits_for_messages(evening, clock)
    pressed_at = evening.booth.started_at + 2.9
    row = await own_cue(evening)
    assert not acknowledge(evening, row, pressed_at, PERFORMERS[1]), "of someone else's cue, nothing is taken in"
    assert acknowledge(evening, row, pressed_at)
    assert acknowledge(evening, row, pressed_at + 3), "a second press changes nothing"
    let_messages_go(waits)
    await cut(evening)
    row = await own_cue(evening)
    assert (row["card_sent_samples"], row["dm_sent_samples"]) == (96_000, None)
    assert (row["basis"], row["first_until_samples"], row["second_from_samples"]) == ("acknowledged", 96_000, 139_200)
    assert (await asked(evening), evening.stage.cues_by_message) == ([], [])


async def test_a_cue_that_is_not_acknowledged_comes_by_message_as_well(evening: Evening):
    clock = await with_a_cue(evening)
    let_messages_go(await waits_for_messages(evening, clock))

    async def is_sent() -> bool:
        return (await own_cue(evening))["dm_sent_samples"] is not None

    await until(is_sent)
    assert (PERFORMERS[0], "anger") in evening.stage.cues_by_message
    row = await own_cue(evening)
    assert row["dm_sent_samples"] >= row["card_sent_samples"] == row["position_samples"] == 96_000
    await cut(evening)
    assert await asked(evening) == [PERFORMERS[0]]


async def test_no_message_is_sent_for_a_cue_whose_take_is_over_or_whose_performer_withdrew(evening: Evening):
    clock = await with_a_cue(evening)
    waits = await waits_for_messages(evening, clock)
    await evening.consent(PERFORMERS[0], frozenset())
    await cut(evening)
    let_messages_go(waits)
    await asyncio.sleep(0.05)
    assert evening.stage.cues_by_message == []
    assert await asked(evening) == []


ANSWERS = [
    (CueAnswer.SAW, "remembered", 96_000, 96_000 + 240_000),
    (CueAnswer.NOT_SEEN, "not_seen", None, None),
    (CueAnswer.UNSURE, "uncertain", 96_000, None),
]


@pytest.mark.parametrize(("answer", "basis", "until_samples", "from_samples"), ANSWERS, ids=lambda one: str(one))
async def test_who_did_not_acknowledge_is_asked_once_and_the_first_answer_counts(
    evening: Evening, answer: CueAnswer, basis: str, until_samples: int | None, from_samples: int | None
):
    await with_a_cue(evening)
    await cut(evening)
    assert await asked(evening) == [PERFORMERS[0]]
    assert await asked(evening) == [PERFORMERS[0]], "once"
    row = await own_cue(evening)
    assert row["asked_at"]
    assert row["basis"] == "uncertain", "until there is an answer, nothing is claimed"
    give = evening.services.cue_replies.answer
    await give(evening.live, row["take_id"], row["casting_id"], PERFORMERS[1], CueAnswer.SAW)
    for given in (answer, CueAnswer.NOT_SEEN):
        await give(evening.live, row["take_id"], row["casting_id"], PERFORMERS[0], given)
    row = await own_cue(evening)
    assert (row["answer"], row["basis"]) == (answer, basis)
    assert (row["first_until_samples"], row["second_from_samples"]) == (until_samples, from_samples)
    kinds = [one[0] for one in await evening.database.fetch_all("SELECT kind FROM events WHERE kind LIKE 'cue_%'")]
    assert kinds.count("cue_answered") == 1


async def test_an_answer_takes_as_long_as_it_took_even_if_the_clock_is_set_in_between(evening: Evening):
    await with_a_cue(evening)
    evening.clock = clock = SetClock()
    await cut(evening)
    assert await asked(evening) == [PERFORMERS[0]]
    clock.set_by, clock.later = timedelta(hours=-1), 30.0
    row = await own_cue(evening)
    give = evening.services.cue_replies.answer
    await give(evening.live, row["take_id"], row["casting_id"], PERFORMERS[0], CueAnswer.SAW)
    row = await own_cue(evening)
    took = datetime.fromisoformat(row["answered_at"]) - datetime.fromisoformat(row["asked_at"])
    assert timedelta(seconds=30) <= took < timedelta(minutes=10)
    assert evening.services.cue_questions.asked == {}, "no entry is left behind"


async def test_a_press_under_a_cue_after_the_cut_is_no_acknowledgement_but_opens_the_question(evening: Evening):
    await with_a_cue(evening)
    evening.stage.deaf.add(PERFORMERS[0])
    await cut(evening)
    row, replies = await own_cue(evening), evening.services.cue_replies
    ids = (evening.live, row["take_id"], row["casting_id"], PERFORMERS[0])
    assert not acknowledge(evening, row, monotonic())
    assert await replies.is_open(*ids)
    await replies.answer(*ids, CueAnswer.UNSURE)
    assert not await replies.is_open(*ids)
    assert (await own_cue(evening))["acknowledged_samples"] is None
    evening.stage.deaf.clear()
    assert await asked(evening) == [], "the press was the question"


async def test_who_cannot_be_asked_is_asked_when_they_can_be_told_things_again(evening: Evening):
    await with_a_cue(evening)
    session = evening.live
    evening.stage.deaf.add(PERFORMERS[0])
    await cut(evening)
    assert await asked(evening) == []
    evening.stage.deaf.clear()
    await evening.services.cue_questions.ask(session, only=PERFORMERS[1])
    assert evening.stage.questions == [cue for cue in evening.stage.questions if cue.discord_user_id != PERFORMERS[0]]
    await evening.services.cue_questions.ask(session, only=PERFORMERS[0])
    assert [cue.discord_user_id for cue in evening.stage.questions][-1] == PERFORMERS[0]


async def test_after_an_x_card_no_one_is_asked(evening: Evening):
    await with_a_cue(evening)
    session = evening.live
    stop = evening.services.x_card.stop_now(session, PERFORMERS[1], monotonic())
    await evening.services.x_card.end_dealt_scene(session, stop)
    await evening.no_take()
    assert await asked(evening) == []
    assert evening.stage.questions == []


async def test_the_first_target_ends_when_a_cue_was_first_tried_not_when_discord_answered(evening: Evening):
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger")
    )
    evening.clock = HeldClock()
    await evening.start(session, seconds_ago=4)
    started_at = evening.booth.started_at

    async def tell(*_: object) -> CueSent:
        return CueSent(started_at + 3.5, is_at_card=False, since=started_at + 2)

    evening.services.stage.tell_cue = tell  # type: ignore[method-assign]
    evening.booth.speak(PERFORMERS[0], 7.5, after=0.2)
    await evening.services.cues.give(evening.live)
    await cut(evening)
    row = await own_cue(evening)
    assert (row["first_until_samples"], row["card_sent_samples"], row["dm_sent_samples"]) == (96_000, None, 168_000)
    await evening.services.cue_replies.answer(
        evening.live, row["take_id"], row["casting_id"], PERFORMERS[0], CueAnswer.SAW
    )
    assert (await own_cue(evening))["second_from_samples"] == 168_000 + 240_000


async def test_an_acknowledgement_that_is_faster_than_discords_answer_counts(evening: Evening):
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger")
    )
    evening.clock = HeldClock()
    await evening.start(session, seconds_ago=3)
    real, started_at = evening.stage.tell_cue, evening.booth.started_at

    async def tell(take: Any, casting: Any, emotion: Any, way: Any) -> Any:
        row = {"take_id": take["take_id"], "casting_id": casting.casting_id}
        assert acknowledge(evening, row, started_at + 1.5, casting.discord_user_id)
        evening.stage.cue_at = started_at + 2
        return await real(take, casting, emotion, way)

    evening.services.stage.tell_cue = tell  # type: ignore[method-assign]
    evening.booth.speak(PERFORMERS[0], 7.5, after=0.2)
    await evening.services.cues.give(evening.live)
    await cut(evening)
    row = await own_cue(evening)
    assert (row["position_samples"], row["acknowledged_samples"], row["card_sent_samples"]) == (72_000, 72_000, 96_000)


async def test_an_acknowledgement_waits_until_the_store_accepts_it(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    await with_a_cue(evening)
    row = await own_cue(evening)
    with monkeypatch.context() as patched:
        patched.setattr(type(evening.database), "transaction", full_disk)
        patched.setattr("bot.services.take.cue_replies.LONGEST_PAUSE_SECONDS", 0.05)
        assert acknowledge(evening, row, evening.booth.started_at + 2.5)
        await asyncio.sleep(0.02)

    async def is_stored() -> bool:
        return (await own_cue(evening))["acknowledged_samples"] == 120_000

    await until(is_stored)


@asynccontextmanager
async def full_disk(_: object) -> AsyncGenerator[None]:
    """A transaction that the disk has no room for."""
    raise sqlite3.OperationalError("database or disk is full")
    yield


async def test_what_a_killed_process_left_unasked_is_asked_at_the_next_start(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        await evening.everyone_consents()
        await with_a_cue(evening)
        evening.stage.deaf.add(PERFORMERS[0])
        await cut(evening)
        row = await own_cue(evening)
        assert row["asked_at"] is None
    async with an_evening(tmp_path) as evening:
        await evening.services.starting.take_up()
        await evening.services.cue_questions.ask_left_over()
        assert PERFORMERS[0] in {cue.discord_user_id for cue in evening.stage.questions}
        ids = (evening.live, row["take_id"], row["casting_id"], PERFORMERS[0])
        await evening.services.cue_replies.answer(*ids, CueAnswer.SAW)
        assert (await own_cue(evening))["basis"] == "remembered"
