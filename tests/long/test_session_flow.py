"""An evening at the services: consent, takes, cards, ratings, and everything that must not go wrong in between."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic

import pytest

from bot.audio.sound import duration_samples
from bot.domain import errors
from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.domain.ids import GuildId, TrialToken
from bot.live.session import LiveSession
from bot.services.session.sessions import SessionWishes
from bot.voice.connection.events import ConnectionGivenUp
from tests.evening import (
    AUDIENCE,
    BYSTANDER,
    CHANNEL,
    COORDINATOR,
    GOOD_ANSWERS,
    GUILD,
    PERFORMERS,
    Evening,
)


async def test_an_evening_from_consent_to_ratings(evening: Evening):
    session = await evening.open()
    assert evening.booth.announced == 1
    cut = await evening.play(session)
    assert cut.tracks == 3
    assert cut.duration_samples == 4 * 48_000
    assert cut.unrecorded_users == {BYSTANDER}
    for row in await evening.database.fetch_all("SELECT path, duration_samples FROM tracks"):
        assert abs(duration_samples(evening.home.track(row["path"])) - 4 * 48_000) <= 960

    for user_id in PERFORMERS:
        own = await evening.services.ratings.next_clip(session, user_id)
        assert own.is_own
        assert own.remaining == 3
        await evening.services.ratings.record_self(session, own.token, user_id, GOOD_ANSWERS)
    for user_id in (*PERFORMERS, AUDIENCE):
        for _ in range(3 if user_id == AUDIENCE else 2):
            clip = await evening.services.ratings.next_clip(session, user_id)
            assert not clip.is_own
            await evening.services.ratings.record(session, clip.token, user_id, GOOD_ANSWERS)
        with pytest.raises(errors.NothingToRate):
            await evening.services.ratings.next_clip(session, user_id)
    partners = await evening.database.fetch_value("SELECT sum(is_partner) FROM ratings")
    counts = await evening.services.sessions.end(session)
    assert (counts.scenes, counts.takes, counts.tracks, counts.ratings, counts.self_ratings) == (1, 1, 3, 9, 3)
    assert partners == 6
    assert evening.booth.left


async def test_raters_get_clips_in_orders_of_their_own(evening: Evening):
    orders: set[tuple[int, ...]] = set()
    session = await evening.open()
    for _ in range(3):
        await evening.play(session)
    for user_id in PERFORMERS:
        order: list[int] = []
        while True:
            try:
                clip = await evening.services.ratings.next_clip(session, user_id)
            except errors.NothingToRate:
                break
            ratings = evening.services.ratings
            record = ratings.record_self if clip.is_own else ratings.record
            await record(session, clip.token, user_id, GOOD_ANSWERS)
            if not clip.is_own:
                order.append(clip.turn_id)
        orders.add(tuple(order))
    assert len(orders) == len(PERFORMERS)


async def test_a_rating_tells_when_the_clip_was_given(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    clip = await evening.services.ratings.next_clip(session, AUDIENCE)
    given_at = evening.clock.now()
    await asyncio.sleep(0.05)
    await evening.services.ratings.record(session, clip.token, AUDIENCE, GOOD_ANSWERS)
    second = await evening.services.ratings.next_clip(session, AUDIENCE)
    evening.services.ratings.clips_given.clear()  # as a restart does
    await evening.services.ratings.record(session, second.token, AUDIENCE, GOOD_ANSWERS)
    known, restarted = await evening.database.fetch_all("SELECT * FROM trials ORDER BY number")
    assert known["shown_at"] <= given_at < known["answered_at"]
    assert 50 <= known["response_ms"] < 60_000
    assert given_at < restarted["shown_at"] <= restarted["answered_at"]
    assert restarted["response_ms"] is None, "the clock may have been set"
    own = await evening.services.ratings.next_clip(session, PERFORMERS[0])
    await evening.services.ratings.record_self(session, own.token, PERFORMERS[0], GOOD_ANSWERS)
    assert evening.services.ratings.clips_given == {}, "no entry is left behind"


async def test_a_card_is_dealt_to_performers_only(evening: Evening):
    session = await evening.open()
    with pytest.raises(errors.NoScene):
        await evening.services.cards.read(session, PERFORMERS[0])
    dealt = await evening.services.scenes.deal(session)
    assert set(dealt.discord_user_ids) == set(PERFORMERS)
    cards = [await evening.services.cards.read(session, user) for user in PERFORMERS]
    assert len({card.casting.role for card in cards}) == len(PERFORMERS)
    assert all(card.casting.target_emotion for card in cards)
    for user_id in (AUDIENCE, BYSTANDER):
        with pytest.raises(errors.NoCard):
            await evening.services.cards.read(session, user_id)


async def test_withdrawing_during_a_take_stops_that_track_immediately(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() - 6)
    evening.booth.speak(PERFORMERS[0], 1.0, after=0.0)
    evening.booth.speak(PERFORMERS[1], 3.0, after=0.0)
    await evening.services.consent_requests.ask(GUILD, PERFORMERS[0], frozenset(), is_adult=False)
    evening.booth.speak(PERFORMERS[0], 2.0, after=1.0)
    await evening.services.cuts.cut(evening.live, evening.booth.started_at + 4)
    rows = await evening.database.fetch_all(
        "SELECT discord_user_id, received_frames FROM tracks JOIN people USING (person_id)"
    )
    assert {row["discord_user_id"]: row["received_frames"] for row in rows} == {PERFORMERS[0]: 50, PERFORMERS[1]: 150}
    assert (await evening.services.consents.stored(PERFORMERS[0], GUILD)).here == frozenset()
    waiting = await evening.services.ratings.next_clip(session, AUDIENCE)
    assert waiting.remaining == 1, "no one hears a clip of a person who withdrew consent"


async def test_a_take_cut_in_its_countdown_is_void_and_the_next_one_succeeds(evening: Evening):
    session = await evening.on_stage()
    pressed_at = monotonic()
    await evening.services.takes.start(session, pressed_at)
    cut = await evening.services.cuts.cut(evening.live, pressed_at + 0.3)
    assert (cut.tracks, cut.duration_samples) == (0, 0)
    assert await evening.database.fetch_value("SELECT state FROM takes") == "void"
    assert (await evening.play(session)).tracks == 3


async def test_the_time_limit_cuts_by_itself(evening: Evening):
    session = await evening.open()
    await evening.services.guilds.change(GUILD, "scene_seconds", 5)
    await evening.services.scenes.deal(session)
    await evening.services.takes.start(session, monotonic() - 5.7)
    evening.booth.speak(PERFORMERS[0], 2.0)
    async with asyncio.timeout(5):
        await evening.no_take()
    row = await evening.database.fetch_one("SELECT * FROM takes")
    assert row is not None
    assert (row["state"], row["cut_reason"], row["duration_samples"]) == ("cut", "time_limit", 5 * 48_000)
    started_at, cut_at = (datetime.fromisoformat(row[name]) for name in ("started_at", "cut_at"))
    assert (cut_at - started_at).total_seconds() < 5


async def test_a_take_left_running_by_an_ended_process_is_kept_at_the_next_start(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() - 5)
    for user_id, seconds in zip(PERFORMERS, (3.4, 3.0, 2.6), strict=True):
        evening.booth.speak(user_id, seconds, after=0.2)
    await evening.booth.stop_recording(evening.booth.started_at + 4)
    torn = sorted(evening.home.recordings.rglob("*.opus"))
    for path, cut_off in zip(torn, (1, 700, 40), strict=True):
        path.write_bytes(path.read_bytes()[:-cut_off])
    evening.forget_take()

    assert await evening.services.starting.recovery.recover_takes()
    take = await evening.database.fetch_one("SELECT * FROM takes")
    assert take is not None
    assert (take["state"], take["cut_reason"]) == ("cut", "interrupted")
    tracks = await evening.database.fetch_all("SELECT * FROM tracks")
    assert len(tracks) == 3
    for track in tracks:
        path = evening.home.track(track["path"])
        assert track["duration_samples"] == take["duration_samples"]
        assert abs(duration_samples(path) - track["duration_samples"]) <= 120
    await evening.services.turns.settled()
    assert await evening.database.fetch_value("SELECT count(*) FROM turns WHERE is_for_rating") == 3
    assert await evening.services.starting.recovery.recover_takes()
    assert (await evening.play(session)).tracks == 3


async def test_a_take_interrupted_in_its_countdown_is_void(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic())
    evening.forget_take()
    await evening.booth.stop_recording(monotonic())
    await evening.services.starting.recovery.recover_takes()
    assert await evening.database.fetch_value("SELECT state FROM takes") == "void"
    assert (await evening.play(session)).tracks == 3


async def test_the_panel_tells_nothing_private(evening: Evening):
    session = await evening.on_stage()
    state = await evening.panel(session)
    assert state.unrecorded_users == (AUDIENCE, BYSTANDER)
    assert len(state.castings) == 3


async def expect_refusal(evening: Evening, error: type[errors.PromptbookError], work: object) -> None:
    before = await evening.row_counts()
    with pytest.raises(error):
        await work  # type: ignore[misc]
    assert await evening.row_counts() == before


async def test_bad_input_changes_nothing_and_a_take_succeeds_afterwards(early_evening: Evening):
    evening = early_evening
    services = evening.services
    wishes = SessionWishes
    await expect_refusal(evening, errors.NoVoiceChannel, services.sessions.start(GUILD, None, COORDINATOR, wishes()))
    await expect_refusal(
        evening, errors.VoiceUnreachable, services.sessions.start(GUILD, CHANNEL + 1, COORDINATOR, wishes())
    )
    await expect_refusal(
        evening, errors.DataFileUnknown, services.sessions.start(GUILD, CHANNEL, COORDINATOR, wishes(deck="none"))
    )
    await expect_refusal(
        evening,
        errors.ConsentIncomplete,
        services.consent_requests.ask(GUILD, PERFORMERS[0], TO_PERFORM, is_adult=False),
    )
    session = await evening.open()
    await expect_refusal(evening, errors.SessionAlreadyOpen, evening.open())
    await expect_refusal(evening, errors.TooFewPerformers, services.scenes.deal(session))
    await expect_refusal(evening, errors.NoScene, services.takes.start(session, monotonic()))
    await expect_refusal(evening, errors.NoTakeRunning, services.cuts.cut(evening.live, monotonic()))
    await expect_refusal(evening, errors.ConsentMissing, services.ratings.next_clip(session, BYSTANDER))
    await evening.everyone_consents()
    await services.scenes.deal(session)
    await services.takes.start(session, monotonic())
    await expect_refusal(evening, errors.TakeRunning, services.takes.start(session, monotonic()))
    await expect_refusal(evening, errors.TakeRunning, services.scenes.deal(session))
    await services.cuts.cut(evening.live, monotonic())
    await evening.play(session)
    clip = await services.ratings.next_clip(session, PERFORMERS[0])
    other = await services.ratings.next_clip(session, AUDIENCE)
    assert clip.is_own
    own, performer = clip.token, PERFORMERS[0]
    await expect_refusal(
        evening, errors.SelfRatingAsPeer, services.ratings.record(session, own, performer, GOOD_ANSWERS)
    )
    await expect_refusal(
        evening, errors.SelfRatingOfAnother, services.ratings.record_self(session, other.token, AUDIENCE, GOOD_ANSWERS)
    )
    for record in (services.ratings.record, services.ratings.record_self):
        await expect_refusal(evening, errors.TrialOfAnother, record(session, own, AUDIENCE, GOOD_ANSWERS))
    wrong = {**GOOD_ANSWERS, "emotion": "hunger"}
    await expect_refusal(evening, errors.EmotionUnknown, services.ratings.record(session, other.token, AUDIENCE, wrong))
    await expect_refusal(
        evening, errors.NoSuchTurn, services.ratings.record(session, TrialToken("t" + 20 * "0"), AUDIENCE, GOOD_ANSWERS)
    )
    await services.ratings.record(session, other.token, AUDIENCE, GOOD_ANSWERS)
    await expect_refusal(
        evening, errors.AlreadyRated, services.ratings.record(session, other.token, AUDIENCE, GOOD_ANSWERS)
    )
    await evening.consent(PERFORMERS[1], frozenset({Scope.PEER_RATING}))
    await services.sessions.end(session)
    await expect_refusal(evening, errors.SessionEnded, services.open_sessions.of_panel(session.session_id, GUILD))
    await expect_refusal(
        evening, errors.SessionUnknown, services.open_sessions.of_panel(session.session_id, GuildId(GUILD + 1))
    )
    await evening.consent(PERFORMERS[1], TO_PERFORM | TO_RATE)
    assert (await evening.play(await evening.open())).tracks == 3


async def test_a_cut_at_the_very_end_of_the_countdown_leaves_the_store_usable(evening: Evening):
    session = await evening.open()
    for offset in (-0.002, -0.001, -0.0005, 0.0, 0.0003, 0.0006, 0.001, 0.002):
        await evening.services.scenes.deal(session)
        pressed_at = monotonic()
        await evening.services.takes.start(session, pressed_at)
        await asyncio.sleep(pressed_at + 1 + offset - monotonic())
        await evening.services.cuts.cut(evening.live, monotonic())
    await evening.consent(PERFORMERS[0], frozenset())
    await evening.services.sessions.end(session)
    assert (await evening.services.consents.stored(PERFORMERS[0], GUILD)).here == frozenset()


async def test_a_cancelled_transaction_is_rolled_back_wherever_it_was(early_evening: Evening):
    database = early_evening.database
    for steps in range(12):
        task = asyncio.create_task(early_evening.consent(PERFORMERS[0], TO_PERFORM))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with database.transaction() as tx:
            await tx.insert("events", kind="probed", happened_at="now")


async def test_consent_withdrawn_while_a_take_is_being_started_counts(evening: Evening):
    session = await evening.open()
    for _ in range(5):
        await evening.consent(PERFORMERS[0], TO_PERFORM)
        await evening.services.scenes.deal(session)
        starting = asyncio.create_task(evening.services.takes.start(session, monotonic()))
        await evening.consent(PERFORMERS[0], frozenset())
        await starting
        assert PERFORMERS[0] not in evening.take.recordable
        await evening.services.cuts.cut(evening.live, monotonic())


async def test_ending_a_session_while_a_take_is_started_or_cut_leaves_no_take_behind(evening: Evening):
    services = evening.services
    rivals: list[Callable[[LiveSession], Awaitable[object]]] = [
        lambda session: services.takes.start(session, monotonic()),
        lambda session: services.cuts.cut(session, monotonic()),
        services.scenes.deal,
        services.sessions.end,
    ]
    for number, rival in enumerate(rivals):
        session = await evening.open()
        await services.scenes.deal(session)
        if number == 1:
            await services.takes.start(session, monotonic() - 3)
        await asyncio.gather(rival(session), services.sessions.end(session), return_exceptions=True)
        assert not evening.has_take
        assert evening.booth.left
        assert evening.services.live.in_guild(GUILD) is None
        open_takes = "SELECT count(*) FROM takes WHERE state IN ('countdown', 'recording')"
        assert await evening.database.fetch_value(open_takes) == 0
        assert await evening.database.fetch_value("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0


async def test_recordings_that_cannot_be_written_are_refused_before_anyone_plays(evening: Evening):
    session = await evening.on_stage()
    evening.home.recordings.write_text("in the way")
    with pytest.raises(errors.RecordingImpossible):
        await evening.services.takes.start(session, monotonic())
    evening.home.recordings.unlink()
    assert (await evening.play(session)).tracks == 3


async def test_an_end_that_nobody_waits_for_any_more_ends_the_session_in_memory_as_in_the_store(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.open()
    writer, is_committing = evening.database._writer, asyncio.Event()
    commit = writer.commit

    async def seen() -> None:
        is_committing.set()
        await commit()

    monkeypatch.setattr(writer, "commit", seen)
    ending = asyncio.create_task(evening.services.sessions.end(session))
    await is_committing.wait()
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    async with session.lock:
        assert await evening.value("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0
    assert evening.services.live.in_guild(GUILD) is None
    assert evening.booth.left


async def test_the_connection_is_told_logged_and_ends_a_take_when_it_is_given_up(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() - 4)
    booth = evening.booth
    for user_id in PERFORMERS:
        booth.speak(user_id, 2.0)
    booth.lose_connection(after=1.5, seconds=0.14)
    given_up = ConnectionGivenUp(booth.started_at + 3, "the bot was removed from the voice channel")
    booth.tell_connection(given_up)
    async with asyncio.timeout(5):
        await evening.no_take()
    assert (await evening.panel(session)).connection == given_up
    row = await evening.database.fetch_one("SELECT * FROM takes")
    assert row is not None
    assert (row["state"], row["cut_reason"], row["duration_samples"]) == ("cut", "voice_lost", 3 * 48_000)
    hole = await evening.database.fetch_one("SELECT * FROM holes")
    assert hole is not None
    assert (hole["start_samples"], hole["end_samples"]) == pytest.approx((72_000, 78_720), abs=1)
    async with asyncio.timeout(5):
        while len(kinds := await _logged_of_connection(evening)) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert set(kinds) == {"connection_lost", "connection_restored", "connection_given_up"}
    booth.left = True
    assert (await evening.play(session)).tracks == 3
    assert len(evening.stage.booths) == 2


async def test_holes_of_a_take_in_which_no_one_was_heard_are_kept(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() - 4)
    booth = evening.booth
    booth.lose_connection(after=0.5, seconds=1.0)
    cut = await evening.services.cuts.cut(evening.live, booth.started_at + 3)
    assert (cut.tracks, cut.duration_samples) == (0, 3 * 48_000)
    (hole,) = await evening.database.fetch_all("SELECT * FROM holes")
    assert (hole["take_id"], hole["start_samples"], hole["end_samples"]) == (cut.take.take_id, 24_000, 72_000)


async def test_a_connection_given_up_while_its_take_is_cut_leaves_the_next_take_alone(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() - 4)
    evening.booth.speak(PERFORMERS[0], 1.0)
    async with evening.live.lock:
        waiting = asyncio.create_task(evening.services.cuts.cut(evening.live, evening.booth.started_at + 2))
        await asyncio.sleep(0)
        starting = asyncio.create_task(evening.services.takes.start(session, monotonic()))
        await asyncio.sleep(0)
        evening.booth.tell_connection(ConnectionGivenUp(monotonic(), "the bot was removed from the voice channel"))
        await asyncio.sleep(0)
    await waiting
    second = (await starting).take
    async with asyncio.timeout(5):
        while "connection_given_up" not in await _logged_of_connection(evening):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert evening.take.take.take_id == second.take_id


async def _logged_of_connection(evening: Evening) -> list[str]:
    rows = await evening.database.fetch_all("SELECT kind FROM events WHERE kind LIKE 'connection%'")
    return [row["kind"] for row in rows]
