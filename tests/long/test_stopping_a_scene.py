"""The X-card: it waits for no lock, everything recorded of the scene stays out, and no one is named."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.domain import errors
from bot.domain.ids import UserId
from bot.domain.show import Phase
from bot.live.session import LiveSession
from bot.services.consent.consent_requests import ConsentWish
from bot.services.rating import ratings
from bot.services.scene import scenes, x_card
from bot.services.scene.scenes import CastingWish
from bot.services.take import strikes
from bot.services.turns.clips import Clips
from bot.store.database import Database
from bot.store.ratings import RateableTurn
from bot.store.scenes import casting_of
from bot.store.transaction import Transaction
from bot.ui.texts.channel import SCENE_STOPPED
from tests.evening import (
    AUDIENCE,
    BYSTANDER,
    GOOD_ANSWERS,
    GUILD,
    PERFORMERS,
    Evening,
    an_evening,
    refuse_for_full_disk,
)

STOPPED = "✋ **The scene was stopped.**"


async def start(evening: Evening, session: LiveSession) -> None:
    """Start a take whose countdown ended four seconds ago, in which everyone has spoken."""
    await evening.services.takes.start(session, monotonic() - evening.settings.countdown_seconds - 4.0)
    evening.everyone_speaks(2.0)


async def press(evening: Evening, session: LiveSession, at: float | None = None, user: UserId = PERFORMERS[1]) -> None:
    """Press the X-card, and wait until the store has everything that it stops."""
    await evening.services.x_card.stop(evening.live, user, monotonic() if at is None else at)
    await evening.no_take()


async def rows(evening: Evening, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await evening.database.fetch_all(sql)]


async def takes(evening: Evening) -> list[tuple[Any, ...]]:
    """Scene, number, state, reason and whether it is struck, of every take."""
    sql = (
        "SELECT scenes.number, takes.number, state, cut_reason, struck_at IS NOT NULL FROM takes "
        "JOIN scenes USING (scene_id) ORDER BY take_id"
    )
    return await rows(evening, sql)


async def test_it_stops_immediately_and_nothing_says_who(evening: Evening):
    session = await evening.on_stage()
    await start(evening, session)
    order = evening.booth.order
    assert order
    # Another change holds the session's lock: recording stops and the panel shows it all the same.
    async with evening.live.lock:
        await evening.services.x_card.stop(evening.live, PERFORMERS[1], evening.booth.started_at + 2.0)
        assert not order.may_record(PERFORMERS[0])
        assert STOPPED in await evening.panel_words(session)
        assert (await evening.panel(session)).phase is Phase.GATHERING
        await asyncio.sleep(0)
        assert evening.booth.said == [SCENE_STOPPED]
    await evening.no_take()
    assert await takes(evening) == [(1, 1, "cut", "x_card", 1)]
    assert await rows(evening, "SELECT duration_samples FROM takes") == [(96_000,)]
    assert await rows(evening, "SELECT person_id, detail FROM events WHERE kind = 'scene_stopped'") == [(None, "{}")]
    assert STOPPED in await evening.panel_words(session)
    with pytest.raises(errors.NotInChannel):
        await press(evening, session, user=UserId(999))


async def test_a_person_who_presses_second_is_answered_as_if_they_were_first(evening: Evening):
    session = await evening.open()
    with pytest.raises(errors.NoScene):
        await press(evening, session)
    await evening.services.scenes.deal(session)
    await start(evening, session)
    await asyncio.gather(press(evening, session), press(evening, session, user=AUDIENCE))
    await press(evening, session, user=BYSTANDER)
    assert await rows(evening, "SELECT count(*) FROM events WHERE kind = 'scene_stopped'") == [(1,)]
    assert len(evening.booth.said) == 1


@pytest.mark.parametrize("others", ["cut", "end", "deal", "retake"])
async def test_it_is_first_whatever_the_coordinator_pressed_a_moment_before(evening: Evening, others: str):
    session = await evening.open()
    if others in ("deal", "retake"):
        await evening.play(session)
    else:
        await evening.services.scenes.deal(session)
        await start(evening, session)
    pressed_at = monotonic()
    doing = {
        "cut": lambda: evening.services.cuts.cut(evening.live, pressed_at),
        "end": lambda: evening.services.sessions.end(session),
        "deal": lambda: evening.services.scenes.deal(session),
        "retake": lambda: evening.services.takes.start(session, pressed_at),
    }
    async with evening.live.lock:
        done = asyncio.create_task(doing[others]())
        await asyncio.sleep(0.01)
    for _ in range(3):
        await asyncio.sleep(0)
    await asyncio.gather(press(evening, session), done, return_exceptions=True)
    assert [row for row in await takes(evening) if row[2] == "cut" and not row[4]] == []
    await evening.no_take()
    with pytest.raises(errors.PromptbookError):
        await evening.services.ratings.next_clip(session, AUDIENCE)
    if others == "deal":
        assert await rows(evening, "SELECT number FROM scenes WHERE ended_at IS NULL") == [(2,)], "the next scene stays"


async def test_after_the_cut_and_in_a_retake_all_that_was_recorded_of_the_scene_stays_out(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    await start(evening, session)
    await press(evening, session)
    await evening.play(session)
    await press(evening, session)
    assert await takes(evening) == [
        (1, 1, "cut", "coordinator", 1),
        (1, 2, "cut", "x_card", 1),
        (2, 1, "cut", "coordinator", 1),
    ]
    with pytest.raises(errors.NothingToRate):
        await evening.services.ratings.next_clip(session, AUDIENCE)


async def test_in_the_countdown_the_take_is_void_and_its_tones_end(evening: Evening):
    session = await evening.on_stage()
    ended: list[bool] = []

    async def count_down(until: float) -> None:
        try:
            await asyncio.sleep(until - monotonic())
        except asyncio.CancelledError:
            ended.append(True)
            raise

    evening.booth.count_down = count_down
    await evening.services.takes.start(session, monotonic())
    await asyncio.sleep(0.01)
    async with evening.live.lock:
        await evening.services.x_card.stop(evening.live, PERFORMERS[0], monotonic())
        assert ended == [True], "the tones end although the session's lock is held"
    await evening.no_take()
    assert await takes(evening) == [(1, 1, "void", "x_card", 1)]


async def test_if_the_store_refuses_it_is_said_all_the_same_and_struck_later(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    await start(evening, session)

    with monkeypatch.context() as patched:
        patched.setattr("bot.services.scene.x_card.end_scene", refuse_for_full_disk)
        patched.setattr("bot.services.ending.kept_takes.close_take", refuse_for_full_disk)
        promise = evening.services.x_card.stop_now(evening.live, PERFORMERS[1], monotonic()).promise
        assert promise
        await asyncio.sleep(0.5)
        assert evening.booth.order is None, "the tracks are closed all the same"
        assert evening.booth.said == [SCENE_STOPPED]
        assert STOPPED in await evening.panel_words(session)
        assert not promise.kept.done()
    await promise.kept
    await evening.no_take()
    assert STOPPED in await evening.panel_words(session)
    assert await takes(evening) == [(1, 1, "cut", "x_card", 1)]


async def test_if_the_store_only_refuses_to_strike_the_take_it_is_kept_and_struck_later(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    await start(evening, session)
    execute = Transaction.execute
    refused: list[str] = []

    async def refused_once(tx: Transaction, sql: str, *values: object, **named: object) -> int:
        if not refused and "SET struck_at" in sql and await tx.fetch_value("SELECT count(*) FROM tracks"):
            refused.append(sql)
            await refuse_for_full_disk()
        return await execute(tx, sql, *values, **named)

    monkeypatch.setattr(Transaction, "execute", refused_once)
    await press(evening, session)
    assert refused
    assert await takes(evening) == [(1, 1, "cut", "x_card", 1)]
    assert await rows(evening, "SELECT count(*) FROM tracks") == [(3,)]
    await evening.play(session)
    assert (await evening.services.sessions.end(session)).takes == 1


async def test_while_the_store_cannot_be_read_it_ends_the_scene_that_was_dealt_all_the_same(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()

    async def locked(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "_fetch", locked)
        stop = evening.services.x_card.stop_now(session, PERFORMERS[0], monotonic())
        assert await evening.services.x_card.end_dealt_scene(session, stop) is stop.promise
    assert stop.promise
    await stop.promise.kept
    with pytest.raises(errors.NoScene):
        await evening.services.takes.start(session, monotonic())
    assert await rows(evening, "SELECT count(*) FROM scenes WHERE ended_at IS NULL") == [(0,)]
    assert evening.booth.said == [SCENE_STOPPED]


async def test_what_was_dealt_before_a_restart_is_ended_without_a_look_at_the_store(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        await evening.everyone_consents()
        await evening.services.scenes.deal(await evening.open())
    async with an_evening(tmp_path) as evening:
        assert evening.services.x_card.stop_now(evening.live, PERFORMERS[0], monotonic()).promise
        again = evening.services.x_card.stop_now(evening.live, PERFORMERS[1], monotonic())
        assert again.promise is None, "one press is enough"
        assert await evening.services.x_card.end_dealt_scene(evening.live, again) is None


async def test_what_it_stopped_is_measured_in_the_background(evening: Evening):
    session = await evening.on_stage()
    await start(evening, session)
    await press(evening, session)
    async with asyncio.timeout(10):
        while (None,) in await rows(evening, "SELECT peak_dbfs FROM tracks"):  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.02)
    assert await rows(evening, "SELECT count(*) FROM tracks") == [(3,)]


async def test_a_take_that_is_being_restored_stays_struck(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    session = await evening.open()
    await evening.play(session)
    await evening.services.strikes.strike_or_restore(session)
    real = strikes.scene_of

    async def crossed(*which: Any) -> Any:
        scene = await real(*which)
        monkeypatch.setattr(strikes, "scene_of", real)
        await evening.services.x_card.stop(evening.live, PERFORMERS[0], monotonic())
        return scene

    monkeypatch.setattr(strikes, "scene_of", crossed)
    with pytest.raises(errors.NoScene):
        await evening.services.strikes.strike_or_restore(session)
    assert await evening.value("SELECT count(*) FROM takes WHERE struck_at IS NULL") == 0


async def test_a_take_that_is_called_while_the_scene_is_looked_for_is_stopped(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.open()
    # The store has the scene, but the press that dealt it has not told memory yet.
    with monkeypatch.context() as patched:
        patched.setattr(LiveSession, "scene_is", lambda *_: None)
        await evening.services.scenes.deal(session)
    real = x_card.scene_of

    async def crossed(*which: Any) -> Any:
        scene = await real(*which)
        monkeypatch.setattr(x_card, "scene_of", real)
        await start(evening, session)
        return scene

    monkeypatch.setattr(x_card, "scene_of", crossed)
    await press(evening, session)
    order = evening.booth.order
    assert order is None or not order.may_record(PERFORMERS[0])
    await evening.no_take()
    assert [row[2:] for row in await takes(evening)] == [("cut", "x_card", 1)]


async def test_what_it_ends_is_not_dealt_again(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    session = await evening.open()
    before = (await evening.services.scenes.deal(session)).scene
    real = scenes.redeal_scene

    async def crossed(*which: Any) -> Any:
        stop = evening.services.x_card.stop_now(evening.live, PERFORMERS[0], monotonic())
        await evening.services.x_card.end_dealt_scene(evening.live, stop)
        return await real(*which)

    monkeypatch.setattr(scenes, "redeal_scene", crossed)
    with pytest.raises(errors.NoScene):
        await evening.services.scenes.redeal(session)
    await evening.promises.all_kept()
    assert await rows(evening, "SELECT seed, ended_at IS NOT NULL FROM scenes") == [(before.seed, 1)]


async def test_a_part_of_what_it_ends_is_not_changed(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    session = await evening.on_stage()
    real = scenes.override_casting

    async def crossed(*which: Any) -> None:
        stop = evening.services.x_card.stop_now(evening.live, PERFORMERS[0], monotonic())
        await evening.services.x_card.end_dealt_scene(evening.live, stop)
        await real(*which)

    monkeypatch.setattr(scenes, "override_casting", crossed)
    with pytest.raises(errors.NoScene):
        await evening.services.scenes.override_part(session, PERFORMERS[0], CastingWish(intensity=1))
    assert await rows(evening, "SELECT count(*) FROM castings WHERE is_overridden") == [(0,)]


@pytest.mark.parametrize("by", ["x_card", "withdrawal"])
async def test_a_clip_that_is_removed_while_it_is_cut_is_given_to_no_one(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, by: str
):
    session = await evening.open()
    await evening.play(session)
    real = Clips.of

    async def crossed(clips: Clips, turn: RateableTurn) -> Path:
        path = await real(clips, turn)
        if by == "x_card":
            await evening.services.x_card.stop(session, PERFORMERS[0], monotonic())
        else:
            for user in PERFORMERS:
                evening.services.consent_requests.ask_now(GUILD, user, ConsentWish(frozenset(), is_adult=False))
        return path

    monkeypatch.setattr(Clips, "of", crossed)
    with pytest.raises(errors.NothingToRate):
        await evening.services.ratings.next_clip(session, AUDIENCE)
    assert not evening.services.ratings.clips_given


async def test_if_a_performer_withdraws_while_their_clip_is_cut_another_one_is_given(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.open()
    await evening.play(session)
    real = Clips.of
    withdrawn: list[int] = []

    async def crossed(clips: Clips, turn: RateableTurn) -> Path:
        if not withdrawn:
            withdrawn.append(turn.performer_id)
            user = await evening.value(f"SELECT discord_user_id FROM people WHERE person_id = {turn.performer_id}")
            evening.services.consent_requests.ask_now(GUILD, user, ConsentWish(frozenset(), is_adult=False))
        return await real(clips, turn)

    monkeypatch.setattr(Clips, "of", crossed)
    clip = await evening.services.ratings.next_clip(session, AUDIENCE)
    assert clip.remaining == len(PERFORMERS) - 1
    performers = "SELECT person_id FROM turns JOIN tracks USING (track_id) WHERE turn_id = "
    assert await evening.value(f"{performers}{clip.turn_id}") not in withdrawn


@pytest.mark.parametrize("whose", ["own", "anothers"])
async def test_nothing_of_what_it_stops_is_judged_any_more(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, whose: str
):
    session = await evening.open()
    await evening.play(session)
    rater = PERFORMERS[0] if whose == "own" else AUDIENCE
    clip = await evening.services.ratings.next_clip(session, rater)
    record = evening.services.ratings.record_self if whose == "own" else evening.services.ratings.record
    real = ratings.read_answers

    def crossed(*which: Any) -> Any:
        evening.services.x_card.stop_now(evening.live, PERFORMERS[0], monotonic())
        return real(*which)

    monkeypatch.setattr(ratings, "read_answers", crossed)
    with pytest.raises(errors.NoSuchTurn):
        await record(session, clip.token, rater, GOOD_ANSWERS)


async def test_before_it_is_cut_the_stopped_take_has_no_cues_and_no_notes_any_more(evening: Evening):
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger")
    )
    await start(evening, session)
    live = evening.take
    casting = await casting_of(evening.database, live.take.scene_id, PERFORMERS[0])
    assert casting is not None
    async with evening.live.lock:
        await evening.services.x_card.stop(evening.live, AUDIENCE, monotonic())
        await evening.services.cues.tell_and_keep(evening.live, live, casting)
        assert (await evening.services.notes.moment_at(session, monotonic())).take_id is None
    await evening.no_take()
    assert evening.stage.cues == []
