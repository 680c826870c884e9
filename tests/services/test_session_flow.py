import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic

import pytest
from evening import (
    AUDIENCE,
    BYSTANDER,
    CHANNEL,
    COORDINATOR,
    GOOD_ANSWERS,
    GUILD,
    PERFORMERS,
    Evening,
    an_evening,
)

from bot.audio.sound import duration_samples
from bot.domain import errors
from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.services.cards import read_card
from bot.services.consents import set_consents
from bot.services.cuts import cut_take
from bot.services.panel import read_panel
from bot.services.ratings import next_clip, record_rating, record_self_rating
from bot.services.recovery import recover_takes
from bot.services.scenes import deal_scene
from bot.services.sessions import SessionWishes, end_session, start_session
from bot.services.takes import start_take
from bot.store.consents import consents_of
from bot.voice.reconnection import ConnectionGivenUp


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncGenerator[Evening]:
    async with an_evening(tmp_path) as found:
        yield found


async def test_an_evening_from_consent_to_ratings(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    assert evening.booth.announced == 1
    cut = await evening.play(session)
    assert (cut.tracks, cut.turns_for_rating) == (3, 3)
    assert cut.duration_samples == 4 * 48_000
    assert cut.unrecorded_users == {BYSTANDER}
    for row in await evening.desk.database.fetch_all("SELECT path, duration_samples FROM tracks"):
        assert abs(duration_samples(evening.desk.settings.home.track(row["path"])) - 4 * 48_000) <= 960

    for user_id in PERFORMERS:
        own = await next_clip(evening.desk, session, user_id)
        assert own.is_own
        assert own.remaining == 3
        await record_self_rating(evening.desk, session, own.turn_id, user_id, GOOD_ANSWERS)
    for user_id in (*PERFORMERS, AUDIENCE):
        for _ in range(3 if user_id == AUDIENCE else 2):
            clip = await next_clip(evening.desk, session, user_id)
            assert not clip.is_own
            await record_rating(evening.desk, session, clip.turn_id, user_id, GOOD_ANSWERS)
        with pytest.raises(errors.NothingToRate):
            await next_clip(evening.desk, session, user_id)
    partners = await evening.desk.database.fetch_value("SELECT sum(is_partner) FROM ratings")
    counts = await end_session(evening.desk, session)
    assert (counts.scenes, counts.takes, counts.tracks, counts.ratings, counts.self_ratings) == (1, 1, 3, 9, 3)
    assert partners == 6
    assert evening.booth.left


async def test_raters_get_clips_in_orders_of_their_own(evening: Evening):
    await evening.everybody_consents()
    orders: set[tuple[int, ...]] = set()
    session = await evening.open()
    for _ in range(3):
        await evening.play(session)
    for user_id in PERFORMERS:
        order: list[int] = []
        while True:
            try:
                clip = await next_clip(evening.desk, session, user_id)
            except errors.NothingToRate:
                break
            record = record_self_rating if clip.is_own else record_rating
            await record(evening.desk, session, clip.turn_id, user_id, GOOD_ANSWERS)
            if not clip.is_own:
                order.append(clip.turn_id)
        orders.add(tuple(order))
    assert len(orders) == len(PERFORMERS)


async def test_a_rating_tells_when_the_clip_was_given(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await evening.play(session)
    clip = await next_clip(evening.desk, session, AUDIENCE)
    given_at = evening.desk.now()
    await asyncio.sleep(0.05)
    await record_rating(evening.desk, session, clip.turn_id, AUDIENCE, GOOD_ANSWERS)
    second = await next_clip(evening.desk, session, AUDIENCE)
    evening.desk.clips_given.clear()  # as a restart does
    await record_rating(evening.desk, session, second.turn_id, AUDIENCE, GOOD_ANSWERS)
    known, unknown = await evening.desk.database.fetch_all("SELECT * FROM ratings ORDER BY rating_id")
    assert known["asked_at"] <= given_at < known["answered_at"]
    assert unknown["asked_at"] is None
    own = await next_clip(evening.desk, session, PERFORMERS[0])
    await record_self_rating(evening.desk, session, own.turn_id, PERFORMERS[0], GOOD_ANSWERS)
    assert evening.desk.clips_given == {}, "nothing piles up"


async def test_a_card_is_dealt_to_performers_only(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    with pytest.raises(errors.NoScene):
        await read_card(evening.desk, session, PERFORMERS[0])
    dealt = await deal_scene(evening.desk, session)
    assert set(dealt.discord_user_ids) == set(PERFORMERS)
    emotions = {(await read_card(evening.desk, session, user)).emotion.key for user in PERFORMERS}
    assert len(emotions) == len(PERFORMERS)
    for user_id in (AUDIENCE, BYSTANDER):
        with pytest.raises(errors.NoCard):
            await read_card(evening.desk, session, user_id)


async def test_withdrawing_during_a_take_stops_that_track_at_once(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic() - 6)
    evening.booth.speak(PERFORMERS[0], 1.0, after=0.0)
    evening.booth.speak(PERFORMERS[1], 3.0, after=0.0)
    await set_consents(evening.desk, GUILD, PERFORMERS[0], frozenset(), is_adult=False)
    evening.booth.speak(PERFORMERS[0], 2.0, after=1.0)
    await cut_take(evening.desk, evening.live, evening.booth.started_at + 4)
    rows = await evening.desk.database.fetch_all(
        "SELECT discord_user_id, received_frames FROM tracks JOIN people USING (person_id)"
    )
    assert {row["discord_user_id"]: row["received_frames"] for row in rows} == {PERFORMERS[0]: 50, PERFORMERS[1]: 150}
    assert (await consents_of(evening.desk.database, PERFORMERS[0], GUILD)).here == frozenset()
    waiting = await next_clip(evening.desk, session, AUDIENCE)
    assert waiting.remaining == 1, "a clip of someone who took back consent is played to nobody"


async def test_a_take_cut_in_its_countdown_is_void_and_the_next_one_succeeds(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    pressed_at = monotonic()
    await start_take(evening.desk, session, pressed_at)
    cut = await cut_take(evening.desk, evening.live, pressed_at + 0.3)
    assert (cut.tracks, cut.duration_samples) == (0, 0)
    assert await evening.desk.database.fetch_value("SELECT state FROM takes") == "void"
    assert (await evening.play(session)).tracks == 3


async def test_the_time_limit_cuts_by_itself(evening: Evening):
    evening.desk.settings = replace(evening.desk.settings, take_limit_seconds=5)
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic() - 5.7)
    evening.booth.speak(PERFORMERS[0], 2.0)
    async with asyncio.timeout(5):
        await evening.no_take()
    row = await evening.desk.database.fetch_one("SELECT * FROM takes")
    assert row is not None
    assert (row["state"], row["cut_reason"], row["duration_samples"]) == ("cut", "time_limit", 5 * 48_000)
    started_at, cut_at = (datetime.fromisoformat(row[name]) for name in ("started_at", "cut_at"))
    assert (cut_at - started_at).total_seconds() < 5


async def test_a_take_left_running_by_an_ended_process_is_kept_at_the_next_start(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic() - 5)
    for user_id, seconds in zip(PERFORMERS, (3.4, 3.0, 2.6), strict=True):
        evening.booth.speak(user_id, seconds, after=0.2)
    await evening.booth.stop_recording(evening.booth.started_at + 4)
    torn = sorted(evening.desk.settings.home.recordings.rglob("*.opus"))
    for path, cut_off in zip(torn, (1, 700, 40), strict=True):
        path.write_bytes(path.read_bytes()[:-cut_off])
    evening.forget_take()

    assert await recover_takes(evening.desk)
    take = await evening.desk.database.fetch_one("SELECT * FROM takes")
    assert take is not None
    assert (take["state"], take["cut_reason"]) == ("cut", "interrupted")
    tracks = await evening.desk.database.fetch_all("SELECT * FROM tracks")
    assert len(tracks) == 3
    for track in tracks:
        path = evening.desk.settings.home.track(track["path"])
        assert track["duration_samples"] == take["duration_samples"]
        assert abs(duration_samples(path) - track["duration_samples"]) <= 120
    assert await evening.desk.database.fetch_value("SELECT count(*) FROM turns WHERE is_for_rating") == 3
    assert await recover_takes(evening.desk)
    assert (await evening.play(session)).tracks == 3


async def test_a_take_interrupted_in_its_countdown_is_void(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic())
    evening.forget_take()
    await evening.booth.stop_recording(monotonic())
    await recover_takes(evening.desk)
    assert await evening.desk.database.fetch_value("SELECT state FROM takes") == "void"
    assert (await evening.play(session)).tracks == 3


async def test_the_panel_tells_nothing_private(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    state = await read_panel(evening.desk, session.session_id)
    assert state.unrecorded_users == (AUDIENCE, BYSTANDER)
    assert len(state.castings) == 3


async def expect_refusal(evening: Evening, error: type[errors.PromptbookError], work: object) -> None:
    before = await evening.row_counts()
    with pytest.raises(error):
        await work  # type: ignore[misc]
    assert await evening.row_counts() == before


async def test_bad_input_changes_nothing_and_a_take_succeeds_afterwards(evening: Evening):
    desk = evening.desk
    wishes = SessionWishes
    await expect_refusal(evening, errors.NoVoiceChannel, start_session(desk, GUILD, None, COORDINATOR, wishes()))
    await expect_refusal(
        evening, errors.VoiceUnreachable, start_session(desk, GUILD, CHANNEL + 1, COORDINATOR, wishes())
    )
    await expect_refusal(
        evening, errors.DataFileUnknown, start_session(desk, GUILD, CHANNEL, COORDINATOR, wishes(deck="none"))
    )
    await expect_refusal(
        evening,
        errors.ConsentIncomplete,
        set_consents(desk, GUILD, PERFORMERS[0], TO_PERFORM, is_adult=False),
    )
    session = await evening.open()
    await expect_refusal(evening, errors.SessionAlreadyOpen, evening.open())
    await expect_refusal(evening, errors.TooFewPerformers, deal_scene(desk, session))
    await expect_refusal(evening, errors.NoScene, start_take(desk, session, monotonic()))
    await expect_refusal(evening, errors.NoTakeRunning, cut_take(desk, evening.live, monotonic()))
    await expect_refusal(evening, errors.ConsentMissing, next_clip(desk, session, BYSTANDER))
    await evening.everybody_consents()
    await deal_scene(desk, session)
    await start_take(desk, session, monotonic())
    await expect_refusal(evening, errors.TakeRunning, start_take(desk, session, monotonic()))
    await expect_refusal(evening, errors.TakeRunning, deal_scene(desk, session))
    await cut_take(desk, evening.live, monotonic())
    await evening.play(session)
    clip = await next_clip(desk, session, PERFORMERS[0])
    other = await next_clip(desk, session, AUDIENCE)
    assert clip.is_own
    own, somebody = clip.turn_id, PERFORMERS[0]
    await expect_refusal(evening, errors.SelfRatingAsPeer, record_rating(desk, session, own, somebody, GOOD_ANSWERS))
    await expect_refusal(
        evening, errors.SelfRatingOfAnother, record_self_rating(desk, session, own, AUDIENCE, GOOD_ANSWERS)
    )
    wrong = {**GOOD_ANSWERS, "emotion": "hunger"}
    await expect_refusal(evening, errors.EmotionUnknown, record_rating(desk, session, other.turn_id, AUDIENCE, wrong))
    await expect_refusal(evening, errors.NoSuchTurn, record_rating(desk, session, 12345, AUDIENCE, GOOD_ANSWERS))
    await record_rating(desk, session, other.turn_id, AUDIENCE, GOOD_ANSWERS)
    await expect_refusal(
        evening, errors.AlreadyRated, record_rating(desk, session, other.turn_id, AUDIENCE, GOOD_ANSWERS)
    )
    await evening.consent(PERFORMERS[1], frozenset({Scope.PEER_RATING}))
    await end_session(desk, session)
    await expect_refusal(evening, errors.SessionEnded, desk.session_of_button(session.session_id, GUILD))
    await expect_refusal(evening, errors.SessionUnknown, desk.session_of_button(session.session_id, GUILD + 1))
    await evening.consent(PERFORMERS[1], TO_PERFORM | TO_RATE)
    assert (await evening.play(await evening.open())).tracks == 3


async def test_a_cut_at_the_very_end_of_the_countdown_leaves_the_store_usable(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    for offset in (-0.002, -0.001, -0.0005, 0.0, 0.0003, 0.0006, 0.001, 0.002):
        await deal_scene(evening.desk, session)
        pressed_at = monotonic()
        await start_take(evening.desk, session, pressed_at)
        await asyncio.sleep(pressed_at + 1 + offset - monotonic())
        await cut_take(evening.desk, evening.live, monotonic())
    await evening.consent(PERFORMERS[0], frozenset())
    await end_session(evening.desk, session)
    assert (await consents_of(evening.desk.database, PERFORMERS[0], GUILD)).here == frozenset()


async def test_a_cancelled_transaction_is_rolled_back_wherever_it_was(evening: Evening):
    database = evening.desk.database
    for steps in range(12):
        task = asyncio.create_task(evening.consent(PERFORMERS[0], TO_PERFORM))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.transaction() as tx:
            await tx.insert("events", kind="probed", happened_at="now")


async def test_consent_withdrawn_while_a_take_is_being_started_counts(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    for _ in range(5):
        await evening.consent(PERFORMERS[0], TO_PERFORM)
        await deal_scene(evening.desk, session)
        starting = asyncio.create_task(start_take(evening.desk, session, monotonic()))
        await evening.consent(PERFORMERS[0], frozenset())
        await starting
        assert PERFORMERS[0] not in evening.take.recordable
        await cut_take(evening.desk, evening.live, monotonic())


async def test_ending_a_session_and_starting_or_cutting_at_once_leaves_no_take_behind(evening: Evening):
    await evening.everybody_consents()
    for rival in (start_take, cut_take, deal_scene, end_session):
        session = await evening.open()
        await deal_scene(evening.desk, session)
        if rival is cut_take:
            await start_take(evening.desk, session, monotonic() - 3)
        both = [end_session(evening.desk, session)]
        both.insert(0, rival(evening.desk, session, *([monotonic()] if rival in (start_take, cut_take) else [])))  # type: ignore[operator]
        await asyncio.gather(*both, return_exceptions=True)
        assert not evening.has_take
        assert evening.booth.left
        assert evening.desk.live.in_guild(GUILD) is None
        open_takes = "SELECT count(*) FROM takes WHERE state IN ('countdown', 'recording')"
        assert await evening.desk.database.fetch_value(open_takes) == 0
        assert await evening.desk.database.fetch_value("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0


async def test_recordings_that_cannot_be_written_are_refused_before_anybody_plays(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    evening.desk.settings.home.recordings.write_text("in the way")
    with pytest.raises(errors.RecordingImpossible):
        await start_take(evening.desk, session, monotonic())
    evening.desk.settings.home.recordings.unlink()
    assert (await evening.play(session)).tracks == 3


async def test_the_connection_is_told_logged_and_ends_a_take_when_it_is_given_up(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic() - 4)
    booth = evening.booth
    for user_id in PERFORMERS:
        booth.speak(user_id, 2.0)
    booth.lose_connection(after=1.5, seconds=0.14)
    given_up = ConnectionGivenUp(booth.started_at + 3, "removed from the voice channel")
    booth.tell_connection(given_up)
    async with asyncio.timeout(5):
        await evening.no_take()
    assert (await read_panel(evening.desk, session.session_id)).connection == given_up
    row = await evening.desk.database.fetch_one("SELECT * FROM takes")
    assert row is not None
    assert (row["state"], row["cut_reason"], row["duration_samples"]) == ("cut", "voice_lost", 3 * 48_000)
    hole = await evening.desk.database.fetch_one("SELECT * FROM holes")
    assert hole is not None
    assert (hole["start_samples"], hole["end_samples"]) == pytest.approx((72_000, 78_720), abs=1)
    async with asyncio.timeout(5):
        while len(kinds := await _logged_of_connection(evening)) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert set(kinds) == {"connection_lost", "connection_restored", "connection_given_up"}
    booth.left = True
    assert (await evening.play(session)).tracks == 3
    assert len(evening.stage.booths) == 2


async def test_holes_of_a_take_in_which_nobody_was_heard_are_kept(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic() - 4)
    booth = evening.booth
    booth.lose_connection(after=0.5, seconds=1.0)
    cut = await cut_take(evening.desk, evening.live, booth.started_at + 3)
    assert (cut.tracks, cut.duration_samples) == (0, 3 * 48_000)
    (hole,) = await evening.desk.database.fetch_all("SELECT * FROM holes")
    assert (hole["take_id"], hole["start_samples"], hole["end_samples"]) == (cut.take.take_id, 24_000, 72_000)


async def test_a_connection_given_up_while_its_take_is_cut_leaves_the_next_take_alone(evening: Evening):
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    await start_take(evening.desk, session, monotonic() - 4)
    evening.booth.speak(PERFORMERS[0], 1.0)
    async with evening.live.lock:
        waiting = asyncio.create_task(cut_take(evening.desk, evening.live, evening.booth.started_at + 2))
        await asyncio.sleep(0)
        starting = asyncio.create_task(start_take(evening.desk, session, monotonic()))
        await asyncio.sleep(0)
        evening.booth.tell_connection(ConnectionGivenUp(monotonic(), "removed from the voice channel"))
        await asyncio.sleep(0)
    await waiting
    second = (await starting).take
    async with asyncio.timeout(5):
        while "connection_given_up" not in await _logged_of_connection(evening):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert evening.take.take.take_id == second.take_id


async def _logged_of_connection(evening: Evening) -> list[str]:
    rows = await evening.desk.database.fetch_all("SELECT kind FROM events WHERE kind LIKE 'connection%'")
    return [row["kind"] for row in rows]
