"""What a coordinator directs: retakes, strikes, notes, parts that are changed by hand, settings; and lines."""

from __future__ import annotations

from time import monotonic

import pytest

from bot.domain import errors
from bot.domain.ids import GuildId, UserId
from bot.domain.limits import LimitKind, Limits
from bot.live.session import LiveSession
from bot.services.scene.scenes import CastingWish
from bot.services.take.notes import NoteWritten
from bot.ui.texts.replies import overridden_text
from tests.evening import AUDIENCE, BYSTANDER, GOOD_ANSWERS, GUILD, PERFORMERS, Evening


async def test_a_retake_keeps_the_earlier_take(evening: Evening):
    session = await evening.on_stage()
    with pytest.raises(errors.NothingToRetake):
        await evening.services.takes.start(session, monotonic(), is_retake=True)
    for _ in range(2):
        await evening.start(session)
        evening.booth.speak(PERFORMERS[0], 3.0)
        await evening.services.cuts.cut(evening.live, evening.booth.started_at + 4.0)
    takes = await evening.database.fetch_all("SELECT number, state FROM takes ORDER BY number")
    assert [tuple(row) for row in takes] == [(1, "cut"), (2, "cut")]
    assert await evening.value("SELECT count(*) FROM tracks WHERE path LIKE '%scene-01/take-0%'") == 2


async def test_a_struck_take_is_not_rated_until_it_is_restored(evening: Evening):
    session = await evening.open()
    with pytest.raises(errors.NoScene):
        await evening.services.strikes.strike_or_restore(session)
    await evening.play(session)
    take, is_struck = await evening.services.strikes.strike_or_restore(session)
    assert (take.number, is_struck) == (1, True)
    assert "~~Take 1~~" in await evening.panel_words(session)
    with pytest.raises(errors.NothingToRate):
        await evening.services.ratings.next_clip(session, AUDIENCE)
    assert (await evening.panel(session)).counts.takes == 0
    _, is_struck = await evening.services.strikes.strike_or_restore(session)
    assert not is_struck
    assert await evening.services.ratings.next_clip(session, AUDIENCE)


async def note(evening: Evening, session: LiveSession, text: str, at: float) -> NoteWritten:
    """Write a note about the moment `at`."""
    return await evening.services.notes.write(
        session.session_id, text, await evening.services.notes.moment_at(session, at)
    )


async def test_a_note_has_its_moment_on_the_take(evening: Evening):
    session = await evening.open()
    assert (await note(evening, session, "Lights too bright.", monotonic())).scene_number is None
    await evening.services.scenes.deal(session)
    await evening.start(session)
    written = await note(evening, session, " A laugh. ", evening.booth.started_at + 1.25)
    assert (written.scene_number, written.take_number, written.position_samples) == (1, 1, 60_000)
    assert await evening.value("SELECT text FROM notes WHERE position_samples = 60000") == "A laugh."
    for text in ("", " ", "x" * 1001):
        with pytest.raises(errors.NoteInvalid):
            await note(evening, session, text, monotonic())


async def test_a_note_belongs_to_its_own_session(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    began = await evening.services.notes.moment_at(session, monotonic())
    await evening.services.sessions.end(session)
    after = await evening.open()
    assert (await evening.services.notes.write(session.session_id, "It was late.", began)).scene_number == 1
    with pytest.raises(errors.SessionUnknown):
        await evening.services.notes.write(after.session_id, "It was late.", began)


async def test_a_note_keeps_the_moment_of_the_press_however_long_it_is_typed(evening: Evening):
    session = await evening.in_a_take()
    began = await evening.services.notes.moment_at(session, evening.booth.started_at + 1.5)
    await evening.services.cuts.cut(evening.live, evening.booth.started_at + 3.0)
    await evening.services.scenes.deal(session)
    written = await evening.services.notes.write(session.session_id, "The pause before the answer.", began)
    assert (written.scene_number, written.take_number, written.position_samples) == (1, 1, 72_000)


async def test_a_scene_with_only_a_void_take_can_be_dealt_again_and_changed(evening: Evening):
    session = await evening.open()
    dealt = await evening.services.scenes.deal(session)
    await evening.services.takes.start(session, monotonic())
    await evening.services.cuts.cut(evening.live, monotonic())
    await evening.services.scenes.override_part(session, dealt.discord_user_ids[0], CastingWish(intensity=1))
    await evening.services.scenes.redeal(session)
    assert await evening.value("SELECT count(*) FROM scenes") == 1


async def test_dealing_again_keeps_the_scene_and_its_number(evening: Evening):
    session = await evening.open()
    first = await evening.services.scenes.deal(session)
    again = await evening.services.scenes.redeal(session)
    assert (again.scene.scene_id, again.scene.number) == (first.scene.scene_id, 1)
    assert again.scene.seed != first.scene.seed
    assert await evening.value("SELECT count(*) FROM scenes") == 1
    assert await evening.value("SELECT json_extract(detail, '$.prompt_was') FROM events WHERE kind = 'scene_redealt'")
    await evening.start(session)
    with pytest.raises(errors.TakeRunning):
        await evening.services.scenes.redeal(session)
    await evening.services.cuts.cut(evening.live, evening.booth.started_at + 2.0)
    with pytest.raises(errors.SceneHasTakes):
        await evening.services.scenes.redeal(session)


async def test_a_part_changed_by_hand_is_logged_and_its_performer_told(evening: Evening):
    session = await evening.on_stage()
    before = await evening.value(
        f"SELECT target_emotion FROM castings JOIN people USING (person_id) WHERE discord_user_id = {PERFORMERS[1]}",
    )
    wanted = "joy" if before != "joy" else "fear"
    casting = await evening.services.scenes.override_part(
        session, PERFORMERS[1], CastingWish(emotion=wanted, intensity=3)
    )
    assert (casting.target_emotion, casting.target_intensity, casting.card_seen_at) == (wanted, 3, None)
    assert evening.stage.changed_cards == [PERFORMERS[1]]
    assert (
        await evening.value(
            "SELECT json_extract(detail, '$.target_emotion_was') FROM events WHERE kind = 'casting_overridden'"
        )
        == before
    )
    with pytest.raises(errors.EmotionUnknown):
        await evening.services.scenes.override_part(session, PERFORMERS[1], CastingWish(emotion="hunger"))
    with pytest.raises(errors.NotOnStage):
        await evening.services.scenes.override_part(session, AUDIENCE, CastingWish(emotion="joy"))


async def test_a_part_is_changed_neither_by_an_empty_wish_nor_to_a_voice_that_is_taken(evening: Evening):
    session = await evening.on_stage()
    rows = await evening.database.fetch_all(
        "SELECT discord_user_id, character FROM castings JOIN people USING (person_id)"
    )
    user, taken = rows[0]["discord_user_id"], rows[1]["character"]
    for wish, error in (
        (CastingWish(), errors.WishEmpty),
        (CastingWish(character="Lantern"), errors.CharacterUnknown),
        (CastingWish(character=""), errors.CharacterUnknown),
        (CastingWish(character=taken), errors.CharacterTaken),
    ):
        with pytest.raises(error):
            await evening.services.scenes.override_part(session, user, wish)
    assert await evening.value("SELECT sum(is_overridden) FROM castings") == 0
    assert evening.stage.changed_cards == []


def test_a_coordinator_reads_what_they_asked_for_and_nothing_of_what_was_dealt(evening: Evening):
    emotions = evening.services.library.emotion_set("basic")
    told = overridden_text(UserId(1), CastingWish(intensity=2), emotions)
    assert told.startswith("Changed for <@1>: intensity “act on it”. They have been asked")
    assert not [emotion.label for emotion in emotions.emotions if emotion.label.lower() in told.lower()]


async def test_a_press_on_a_panel_that_is_out_of_date_changes_nothing(evening: Evening):
    session = await evening.on_stage()
    seen = (await evening.panel(session)).change.event_id
    await evening.services.takes.start(session, monotonic(), seen)
    with pytest.raises(errors.SessionChanged) as caught:
        await evening.services.scenes.deal(session, seen)
    assert caught.value.kind == "take_called"
    assert await evening.value("SELECT count(*) FROM scenes") == 1
    seen = (await evening.panel(session)).change.event_id
    await evening.services.cuts.cut(evening.live, monotonic(), seen=seen)
    with pytest.raises(errors.SessionChanged):
        await evening.services.cuts.cut(evening.live, monotonic(), seen=seen)


async def test_lines_belong_to_a_person_and_settings_to_a_server(evening: Evening):
    await evening.services.limit_requests.ask(PERFORMERS[0], LimitKind.LINE, ["death"], ())
    assert (await evening.services.limits.of(PERFORMERS[0])).lines == {"death"}
    assert await evening.services.limits.of(PERFORMERS[1]) == Limits()
    await evening.services.limit_requests.ask(PERFORMERS[0], LimitKind.LINE, [], ["death"])
    assert await evening.services.limits.of(PERFORMERS[0]) == Limits()
    assert await evening.value("SELECT count(*) FROM events WHERE kind LIKE '%line%'") == 0
    assert (await evening.services.guilds.settings_of(GUILD)).ratings_wanted == 5
    assert (await evening.services.guilds.change(GUILD, "ratings_wanted", 3)).ratings_wanted == 3
    assert (await evening.services.guilds.settings_of(GuildId(GUILD + 1))).ratings_wanted == 5
    assert (await evening.services.guilds.change(GUILD, "ratings_wanted", None)).ratings_wanted == 5


async def test_a_topic_at_which_anyone_in_the_channel_drew_a_line_is_not_dealt(evening: Evening):
    session = await evening.open()
    topics = evening.services.library.topics().keys
    await evening.services.limit_requests.ask(BYSTANDER, LimitKind.LINE, topics, ())
    tags = {prompt.prompt_id: prompt.tags for prompt in evening.services.library.deck(session.deck).prompts}
    assert any(tags.values())
    for _ in range(6):
        assert not tags[(await evening.services.scenes.deal(session)).scene.prompt_id]


async def test_a_clip_with_enough_ratings_is_not_offered_again(evening: Evening):
    await evening.services.guilds.change(GUILD, "ratings_wanted", 1)
    session = await evening.open()
    await evening.play(session)
    while True:
        try:
            clip = await evening.services.ratings.next_clip(session, AUDIENCE)
        except errors.NothingToRate:
            break
        await evening.services.ratings.record(session, clip.token, AUDIENCE, GOOD_ANSWERS)
    clip = await evening.services.ratings.next_clip(session, PERFORMERS[0])
    assert (clip.is_own, clip.remaining) == (True, 1)
