"""What a coordinator directs: retakes, strikes, pauses, cues, notes, parts by hand, settings, lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from evening import AUDIENCE, BYSTANDER, CHANNEL, GOOD_ANSWERS, GUILD, PERFORMERS, Evening, an_evening

from bot.domain import errors
from bot.domain.consent import TO_PERFORM
from bot.domain.show import Phase, Step
from bot.services.cues import give_cue
from bot.services.cuts import cut_take
from bot.services.guild_settings import change_setting, settings_of
from bot.services.lines import my_lines, set_lines
from bot.services.notes import write_note
from bot.services.panel import read_panel
from bot.services.pauses import pause, resume
from bot.services.presence import channel_changed
from bot.services.ratings import next_clip, record_rating
from bot.services.scenes import CastingWish, deal_scene, override_part, redeal_scene
from bot.services.strikes import strike_or_take_back
from bot.services.takes import start_take
from bot.store.sessions import Session, find_session
from bot.ui.texts.panel import panel_texts


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncGenerator[Evening]:
    async with an_evening(tmp_path) as found:
        await found.everybody_consents()
        yield found


async def start(evening: Evening, session: Session, seconds_ago: float = 4.0) -> None:
    """Start a take whose countdown ended a while ago."""
    await start_take(evening.desk, session, monotonic() - evening.desk.settings.countdown_seconds - seconds_ago)


async def one(evening: Evening, sql: str) -> Any:
    return await evening.desk.database.fetch_value(sql)


async def test_a_retake_keeps_the_take_before(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    with pytest.raises(errors.NothingToRetake):
        await start_take(evening.desk, session, monotonic(), is_retake=True)
    for _ in range(2):
        await start(evening, session)
        evening.booth.speak(PERFORMERS[0], 3.0)
        await cut_take(evening.desk, session, evening.booth.started_at + 4.0)
    takes = await evening.desk.database.fetch_all("SELECT number, state FROM takes ORDER BY number")
    assert [tuple(row) for row in takes] == [(1, "cut"), (2, "cut")]
    assert await one(evening, "SELECT count(*) FROM tracks WHERE path LIKE '%scene-01/take-0%'") == 2


async def test_a_struck_take_is_not_rated_until_it_is_taken_back(evening: Evening):
    session = await evening.open()
    with pytest.raises(errors.NoScene):
        await strike_or_take_back(evening.desk, session)
    await evening.play(session)
    take, is_struck = await strike_or_take_back(evening.desk, session)
    assert (take.number, is_struck) == (1, True)
    assert "~~Take 1~~" in str(await words(evening, session))
    with pytest.raises(errors.NothingToRate):
        await next_clip(evening.desk, session, AUDIENCE)
    assert (await read_panel(evening.desk, session.session_id)).counts.takes == 0
    _, is_struck = await strike_or_take_back(evening.desk, session)
    assert not is_struck
    assert await next_clip(evening.desk, session, AUDIENCE)


async def words(evening: Evening, session: Session) -> list[str]:
    return panel_texts(await read_panel(evening.desk, session.session_id))


async def test_nothing_is_recorded_in_a_pause_and_the_take_goes_on_after_it(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start(evening, session)
    live = evening.desk.takes[session.session_id]
    assert evening.booth.order
    assert evening.booth.order.may_record(PERFORMERS[0])
    ends_at = live.ends_at
    await pause(evening.desk, session, evening.booth.started_at + 2.0)
    assert not evening.booth.order.may_record(PERFORMERS[0])
    assert (await read_panel(evening.desk, session.session_id)).phase is Phase.PAUSED
    with pytest.raises(errors.SessionPaused):
        await pause(evening.desk, session, monotonic())
    await resume(evening.desk, session)
    assert evening.booth.order.may_record(PERFORMERS[0])
    assert evening.booth.resumed == 1
    assert live.ends_at > ends_at + 1.0, "the pause does not count towards the time limit"
    cut_at = monotonic()
    await cut_take(evening.desk, session, cut_at)
    (hole,) = await evening.desk.database.fetch_all("SELECT cause, start_samples, end_samples FROM holes")
    assert (hole["cause"], hole["start_samples"]) == ("pause", 96_000)
    assert hole["end_samples"] <= live.position_samples(cut_at)
    with pytest.raises(errors.SessionNotPaused):
        await resume(evening.desk, session)


async def test_a_take_cut_in_a_pause_keeps_what_came_before(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start(evening, session)
    evening.booth.speak(PERFORMERS[0], 1.2)
    await pause(evening.desk, session, evening.booth.started_at + 2.0)
    cut = await cut_take(evening.desk, session, evening.booth.started_at + 4.0)
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
    await pause(evening.desk, session, monotonic())
    assert await one(evening, "SELECT state FROM takes") == "void"
    assert not evening.desk.takes


async def arc_of(evening: Evening) -> Any:
    (row,) = await evening.desk.database.fetch_all(
        "SELECT * FROM castings JOIN people USING (person_id) WHERE second_emotion IS NOT NULL"
    )
    return row


async def test_a_cue_is_told_privately_kept_on_the_clock_and_cuts_the_turn(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await override_part(evening.desk, session, PERFORMERS[0], CastingWish(emotion="joy", second_emotion="anger"))
    with pytest.raises(errors.NoTakeRunning):
        await give_cue(evening.desk, session)
    await start(evening, session)
    assert Step.CUE in (await read_panel(evening.desk, session.session_id)).steps
    evening.booth.speak(PERFORMERS[0], 3.4, after=0.2)
    evening.stage.cue_at = evening.booth.started_at + 1.5
    await give_cue(evening.desk, session)
    assert (PERFORMERS[0], "anger") in evening.stage.cues
    assert Step.CUE not in (await read_panel(evening.desk, session.session_id)).steps
    with pytest.raises(errors.NoCue):
        await give_cue(evening.desk, session)
    await cut_take(evening.desk, session, evening.booth.started_at + 4.0)
    turns = await evening.desk.database.fetch_all(
        "SELECT turns.start_samples, turns.end_samples, turn_targets.target_emotion, is_for_rating FROM turn_targets "
        "JOIN turns USING (turn_id) JOIN people USING (person_id) WHERE discord_user_id = ? ORDER BY start_samples",
        PERFORMERS[0],
    )
    assert [(row["target_emotion"], row["is_for_rating"]) for row in turns] == [("joy", 1), ("anger", 1)]
    assert turns[0]["end_samples"] == turns[1]["start_samples"] == 72_000


async def test_a_performer_who_cannot_be_told_keeps_their_target(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    row = await arc_of(evening)
    evening.stage.deaf.add(row["discord_user_id"])
    await start(evening, session)
    with pytest.raises(errors.CueUndelivered):
        await give_cue(evening.desk, session)
    assert await one(evening, "SELECT count(*) FROM cues") == 0
    evening.stage.deaf.clear()
    assert await give_cue(evening.desk, session) == 1


async def test_cues_by_time_come_by_themselves(evening: Evening):
    await change_setting(evening.desk, GUILD, "cue_policy", "time")
    await change_setting(evening.desk, GUILD, "scene_seconds", 5)
    session = await evening.open()
    await deal_scene(evening.desk, session)
    row = await arc_of(evening)
    assert 2 * 48_000 <= row["cue_after_samples"] <= 3 * 48_000
    await start(evening, session, seconds_ago=3.5)
    live = evening.desk.takes[session.session_id]

    async def is_kept() -> bool:
        return bool(await one(evening, "SELECT count(*) FROM cues"))

    async def is_over() -> bool:
        return not evening.desk.takes

    await until(is_kept)
    assert evening.stage.cues == [(row["discord_user_id"], row["second_emotion"])]
    assert await one(evening, "SELECT cause FROM cues") == "time"
    await until(is_over)
    assert await one(evening, "SELECT cut_reason FROM takes") == "time_limit"
    assert live.cut_at == pytest.approx(live.starts_at + 5)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what comes by itself."""
    async with asyncio.timeout(10):
        while not await holds():  # noqa: ASYNC110 - what comes raises no event for tests
            await asyncio.sleep(0.05)


async def test_nobody_is_dealt_an_arc_where_the_server_wants_none(evening: Evening):
    await change_setting(evening.desk, GUILD, "cue_policy", "none")
    session = await evening.open()
    await deal_scene(evening.desk, session)
    assert await one(evening, "SELECT count(*) FROM castings WHERE second_emotion IS NOT NULL") == 0


async def test_a_note_has_its_moment_on_the_take(evening: Evening):
    session = await evening.open()
    assert (await write_note(evening.desk, session, "Lights too bright.", monotonic())).scene_number is None
    await deal_scene(evening.desk, session)
    await start(evening, session)
    note = await write_note(evening.desk, session, " A laugh. ", evening.booth.started_at + 1.25)
    assert (note.scene_number, note.take_number, note.position_samples) == (1, 1, 60_000)
    assert await one(evening, "SELECT text FROM notes WHERE position_samples = 60000") == "A laugh."
    for text in ("", " ", "x" * 1001):
        with pytest.raises(errors.NoteInvalid):
            await write_note(evening.desk, session, text, monotonic())


async def test_a_performer_who_drops_out_pauses_the_take_until_they_are_back(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start(evening, session)
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
    await start(evening, session)
    await channel_changed(evening.desk, GUILD, PERFORMERS[0], CHANNEL, None)
    assert await one(evening, "SELECT cut_reason FROM takes") == "dropout"
    assert "because a performer left" in "\n".join(await words(evening, session))


async def test_dealing_anew_keeps_the_scene_and_its_number(evening: Evening):
    session = await evening.open()
    first = await deal_scene(evening.desk, session)
    again = await redeal_scene(evening.desk, session)
    assert (again.scene.scene_id, again.scene.number) == (first.scene.scene_id, 1)
    assert again.scene.seed != first.scene.seed
    assert await one(evening, "SELECT count(*) FROM scenes") == 1
    assert await one(evening, "SELECT json_extract(detail, '$.prompt_was') FROM events WHERE kind = 'scene_dealt_anew'")
    await start(evening, session)
    with pytest.raises(errors.TakeRunning):
        await redeal_scene(evening.desk, session)
    await cut_take(evening.desk, session, evening.booth.started_at + 2.0)
    with pytest.raises(errors.SceneHasTakes):
        await redeal_scene(evening.desk, session)


async def test_a_part_changed_by_hand_is_logged_and_its_performer_told(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    before = await one(
        evening,
        f"SELECT target_emotion FROM castings JOIN people USING (person_id) WHERE discord_user_id = {PERFORMERS[1]}",
    )
    wanted = "joy" if before != "joy" else "fear"
    casting = await override_part(evening.desk, session, PERFORMERS[1], CastingWish(emotion=wanted, intensity=3))
    assert (casting.target_emotion, casting.target_intensity, casting.card_seen_at) == (wanted, 3, None)
    assert evening.stage.changed_cards == [PERFORMERS[1]]
    assert (
        await one(
            evening, "SELECT json_extract(detail, '$.target_emotion_was') FROM events WHERE kind = 'casting_overridden'"
        )
        == before
    )
    with pytest.raises(errors.EmotionUnknown):
        await override_part(evening.desk, session, PERFORMERS[1], CastingWish(emotion="hunger"))
    with pytest.raises(errors.NotOnStage):
        await override_part(evening.desk, session, AUDIENCE, CastingWish(emotion="joy"))


async def test_a_press_on_a_panel_that_is_out_of_date_changes_nothing(evening: Evening):
    session = await evening.open()
    await deal_scene(evening.desk, session)
    seen = (await read_panel(evening.desk, session.session_id)).change.event_id
    await start_take(evening.desk, session, monotonic(), seen)
    with pytest.raises(errors.SessionChanged) as caught:
        await deal_scene(evening.desk, session, seen)
    assert caught.value.kind == "take_called"
    assert await one(evening, "SELECT count(*) FROM scenes") == 1
    seen = (await read_panel(evening.desk, session.session_id)).change.event_id
    await cut_take(evening.desk, session, monotonic(), seen=seen)
    with pytest.raises(errors.SessionChanged):
        await cut_take(evening.desk, session, monotonic(), seen=seen)


async def test_lines_are_everybodys_own_and_settings_the_servers(evening: Evening):
    await set_lines(evening.desk, PERFORMERS[0], ["death", "no such topic"])
    assert await my_lines(evening.desk, PERFORMERS[0]) == {"death"}
    assert await my_lines(evening.desk, PERFORMERS[1]) == frozenset()
    await set_lines(evening.desk, PERFORMERS[0], [])
    assert await my_lines(evening.desk, PERFORMERS[0]) == frozenset()
    assert await one(evening, "SELECT count(*) FROM events WHERE kind LIKE '%line%'") == 0
    assert (await settings_of(evening.desk, GUILD)).ratings_wanted == 5
    assert (await change_setting(evening.desk, GUILD, "ratings_wanted", 3)).ratings_wanted == 3
    assert (await settings_of(evening.desk, GUILD + 1)).ratings_wanted == 5
    assert (await change_setting(evening.desk, GUILD, "ratings_wanted", None)).ratings_wanted == 5


async def test_a_clip_that_enough_have_rated_is_not_brought_any_more(evening: Evening):
    await change_setting(evening.desk, GUILD, "ratings_wanted", 1)
    session = await evening.open()
    await evening.play(session)
    while True:
        try:
            clip = await next_clip(evening.desk, session, AUDIENCE)
        except errors.NothingToRate:
            break
        await record_rating(evening.desk, session, clip.turn_id, AUDIENCE, GOOD_ANSWERS)
    clip = await next_clip(evening.desk, session, PERFORMERS[0])
    assert (clip.is_own, clip.remaining) == (True, 1)


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
