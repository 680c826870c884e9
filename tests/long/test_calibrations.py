"""Calibration takes: dealt, read in private, recorded, rated by no one, and no turn on stage."""

from __future__ import annotations

from time import monotonic

import pytest

from bot.domain import errors
from bot.domain.states import CalibrationPart, CalibrationPlace, CalibrationVoice, TakeKind
from bot.live.session import LiveSession
from bot.services.scene.calibrations import PartDealt
from bot.services.scene.scenes import CastingWish
from bot.store.history import history_of, read_played
from bot.store.people import people_among
from bot.ui.texts.card import card_text
from tests.evening import GUILD, PERFORMERS, Evening


async def record(evening: Evening, session: LiveSession, seconds: float = 4.0) -> PartDealt:
    """Deal the next part and record it; those who are in it speak."""
    dealt = await evening.services.calibrations.deal_next(session)
    pressed_at = monotonic() - evening.settings.countdown_seconds - seconds
    await evening.services.takes.start(session, pressed_at)
    for user in dealt.discord_user_ids:
        evening.booth.speak(user, seconds - 1)
    await evening.services.cuts.cut(session, evening.booth.started_at + seconds)
    return dealt


async def test_everyone_reads_and_chats_in_both_voices(evening: Evening):
    session = await evening.open()
    parts: list[PartDealt] = []
    while True:
        try:
            parts.append(await record(evening, session))
        except errors.NothingToCalibrate:
            break
    assert [part.left for part in parts] == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [len(part.discord_user_ids) for part in parts] == [1, 1, 1, 1, 1, 1, 3, 3]
    assert {part.scene.calibration_place for part in parts} == {CalibrationPlace.BEGINNING}
    assert [part.scene.number for part in parts] == list(range(901, 909))
    rows = await evening.database.fetch_all(
        "SELECT calibration_part, calibration_voice, count(*) AS tracks, count(character) AS characters, "
        "count(target_emotion) AS targets FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id) "
        "JOIN castings USING (scene_id, person_id) WHERE kind = 'calibration' AND state = 'cut' GROUP BY 1, 2"
    )
    assert {tuple(row) for row in rows} == {
        ("passage", "own", 3, 0, 0),
        ("passage", "character", 3, 3, 0),
        ("chat", "own", 3, 0, 0),
        ("chat", "character", 3, 3, 0),
    }
    await evening.services.turns.settled([session.session_id])
    assert await evening.value("SELECT count(*) FROM turns") > 0
    assert await evening.value("SELECT count(*) FROM turns WHERE is_for_rating") == 0
    for user in PERFORMERS:
        with pytest.raises(errors.NothingToRate):
            await evening.services.ratings.next_clip(session, user)


async def test_a_card_says_what_to_read_and_in_which_voice(evening: Evening):
    session = await evening.open()
    own = await record(evening, session)
    (reader,) = own.discord_user_ids
    with pytest.raises(errors.NoCard):
        await evening.services.cards.read(session, next(user for user in PERFORMERS if user != reader))
    card = await evening.services.cards.read(session, reader)
    assert own.scene.prompt_text in card_text(card)
    assert "in your own voice" in card_text(card)
    await record(evening, session)
    card = await evening.services.cards.read(session, reader)
    assert card.character is not None
    assert f"**Your voice is {card.character.name}**" in card_text(card)
    assert "You feel" not in card_text(card)
    words = await evening.panel_words(session)
    assert "in the voice of the character" in words
    assert card.character.name not in words


async def test_the_voice_of_a_calibration_is_held_in_the_first_scene_and_it_is_no_turn(evening: Evening):
    session = await evening.open()
    await record(evening, session)
    (reader,) = (await record(evening, session)).discord_user_ids
    (person,) = (await people_among(evening.database, [reader])).values()
    history = history_of(await read_played(evening.database, GUILD, session.session_id), [person])
    held = history.characters[person]
    assert (history.appearances, history.prompts, history.emotions, history.pairs) == ({}, {}, {}, {})
    dealt = await evening.services.scenes.deal(session)
    assert dealt.scene.number == 1
    assert (await evening.services.cards.read(session, reader)).casting.character == held


async def test_after_a_scene_it_is_the_end_of_the_evening(evening: Evening):
    session = await evening.open()
    await record(evening, session)
    await evening.play(session)
    dealt = await evening.services.calibrations.deal_next(session)
    assert dealt.scene.calibration_place is CalibrationPlace.END
    assert (dealt.scene.calibration_part, dealt.scene.calibration_voice) == (
        CalibrationPart.PASSAGE,
        CalibrationVoice.OWN,
    )
    assert (await evening.panel(session)).counts.scenes == 1


async def test_a_struck_part_comes_again_and_a_stopped_one_does_not(evening: Evening):
    session = await evening.open()
    (first,) = (await record(evening, session)).discord_user_ids
    await evening.services.strikes.strike_or_restore(session)
    dealt = await record(evening, session)
    assert (dealt.discord_user_ids, dealt.scene.calibration_voice) == ((first,), CalibrationVoice.OWN)
    dealt = await evening.services.calibrations.deal_next(session)
    assert dealt.scene.calibration_voice is CalibrationVoice.CHARACTER
    await evening.services.x_card.stop(session, first, monotonic())
    (second,) = (await evening.services.calibrations.deal_next(session)).discord_user_ids
    assert second != first


async def test_a_calibration_is_neither_dealt_again_nor_changed(evening: Evening):
    session = await evening.open()
    (reader,) = (await evening.services.calibrations.deal_next(session)).discord_user_ids
    with pytest.raises(errors.NotASceneOfItsOwn):
        await evening.services.scenes.redeal(session)
    with pytest.raises(errors.NotASceneOfItsOwn):
        await evening.services.scenes.override_part(session, reader, CastingWish(emotion="joy"))
    with pytest.raises(errors.NotASceneOfItsOwn):
        await evening.services.voices.deal_another(session, reader)
    scene = (await evening.panel(session)).scene
    assert scene is not None
    assert scene.kind is TakeKind.CALIBRATION
