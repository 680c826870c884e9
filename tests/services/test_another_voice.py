"""Another voice: a performer gets a different character, and no one else learns of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain import errors
from bot.services.scene.scenes import CastingWish
from bot.ui.texts.card import card_text
from tests.evening import AUDIENCE, GUILD, PERFORMERS, Evening

PERFORMER = PERFORMERS[0]


async def characters(evening: Evening) -> dict[int, str]:
    """The character of each account, in the newest scene."""
    rows = await evening.database.fetch_all(
        "SELECT discord_user_id, character FROM castings JOIN people USING (person_id) "
        "WHERE scene_id = (SELECT max(scene_id) FROM scenes)"
    )
    return {row[0]: row[1] for row in rows}


def line(card: str, mark: str) -> str:
    """The line of a card that begins with a mark."""
    return next(one for one in card.splitlines() if one.startswith(mark))


async def test_a_voice_that_was_read_in_an_earlier_scene_is_one_line_and_can_be_read_in_full(evening: Evening):
    session = await evening.on_stage()
    first = await evening.services.cards.read(session, PERFORMER)
    assert first.character is not None
    assert "> Placement: " in card_text(first)
    await evening.start(session)
    await evening.services.cuts.cut(session, evening.booth.started_at + 4)
    await evening.services.scenes.deal(session)
    second = await evening.services.cards.read(session, PERFORMER)
    assert second.character == first.character
    assert line(card_text(second), "**Your voice") == (
        f"**Your voice is {first.character.name}**, as before. What stays: {first.character.voice['stays']}."
    )
    assert "> Placement: " not in card_text(second)
    assert "> Placement: " in card_text(second, whole_voice=True)


async def test_another_voice_is_dealt_to_one_performer_and_kept_from_everyone_else(evening: Evening):
    session = await evening.on_stage()
    before, change = await characters(evening), session.change
    card = await evening.services.cards.read(session, PERFORMER)
    assert card.may_change_voice
    panel = await evening.panel_words(session)
    await evening.services.voices.deal_another(session, PERFORMER)
    after = await characters(evening)
    assert {user for user in after if after[user] != before[user]} == {PERFORMER}
    assert after[PERFORMER] not in before.values()
    now = await evening.services.cards.read(session, PERFORMER)
    assert now.character is not None
    assert now.character.key == after[PERFORMER]
    assert f"**Your voice is {now.character.name}**" in card_text(now)
    for mark in ("**You are**", "**You want**", "**You feel**"):
        assert line(card_text(card), mark) == line(card_text(now), mark)
    assert session.change == change, "buttons of the panel stay valid"
    # Meanwhile, the store may have noted that the card was read.
    assert (await evening.panel_words(session)).replace("✉️", "✅") == panel.replace("✉️", "✅")
    event = await evening.database.fetch_one("SELECT * FROM events WHERE kind = 'voice_changed'")
    assert event is not None
    assert event["person_id"] is None
    assert json.loads(event["detail"])["character_was"] == before[PERFORMER]


async def test_what_was_given_up_does_not_come_back_and_the_new_voice_is_kept(evening: Evening):
    session = await evening.on_stage()
    seen = [(await characters(evening))[PERFORMER]]
    for _ in range(4):
        await evening.services.voices.deal_another(session, PERFORMER)
        seen.append((await characters(evening))[PERFORMER])
    assert len(set(seen)) == 5
    await evening.services.scenes.redeal(session)
    assert (await characters(evening)).get(PERFORMER, seen[-1]) == seen[-1], "a re-deal keeps it"
    await evening.play(session)
    await evening.services.scenes.deal(session)
    assert (await characters(evening)).get(PERFORMER, seen[-1]) == seen[-1], "the next scene keeps it"


async def test_a_voice_does_not_change_once_its_scene_is_played(evening: Evening):
    session = await evening.on_stage()
    before = await characters(evening)
    await evening.start(session)
    assert not (await evening.services.cards.read(session, PERFORMER)).may_change_voice
    with pytest.raises(errors.VoiceRecorded):
        await evening.services.voices.deal_another(session, PERFORMER)
    evening.everyone_speaks(1.0)
    await evening.services.cuts.cut(session, evening.booth.started_at + 1.5)
    with pytest.raises(errors.VoiceRecorded):
        await evening.services.voices.deal_another(session, PERFORMER)
    assert await characters(evening) == before


async def test_only_people_on_stage_can_ask_and_only_while_a_voice_is_free(evening: Evening):
    session = await evening.open()
    with pytest.raises(errors.NoScene):
        await evening.services.voices.deal_another(session, PERFORMER)
    await evening.services.scenes.deal(session)
    with pytest.raises(errors.NoCard):
        await evening.services.voices.deal_another(session, AUDIENCE)
    before = await characters(evening)
    whole = evening.services.library.character_set("core")
    library: Any = evening.services.library
    taken = type(whole)("core", "C", tuple(one for one in whole.characters if one.key in before.values()))
    library.character_set = lambda _: taken
    with pytest.raises(errors.NoOtherVoice):
        await evening.services.voices.deal_another(session, PERFORMER)


async def test_the_evening_deals_some_emotions_of_a_large_set_and_raters_choose_from_all(evening: Evening):
    await evening.services.guilds.change(GUILD, "emotion_set", "categories-27")
    session = await evening.on_stage()
    stored = json.loads(await evening.value("SELECT dealt_emotions FROM sessions"))
    assert tuple(stored) == session.dealt_emotions
    assert 6 <= len(stored) <= 8
    assert [one.key for one in evening.services.dealt.tonight(session)] == stored
    for _ in range(4):
        await evening.services.scenes.redeal(session)
        castings = await evening.database.fetch_all("SELECT target_emotion, second_emotion FROM castings")
        assert {key for row in castings for key in row if key} <= set(stored)
    scene_id = session.scene_id
    assert scene_id is not None
    assert len((await evening.services.dealt.emotions(session, scene_id)).emotions) == 28
    rare = next(
        one.key for one in evening.services.library.emotion_set("categories-27").emotions if one.key not in stored
    )
    await evening.services.scenes.override_part(session, PERFORMER, CastingWish(emotion=rare))


async def test_a_small_set_is_dealt_whole(evening: Evening):
    session = await evening.on_stage()
    assert session.dealt_emotions == ()
    assert await evening.value("SELECT dealt_emotions FROM sessions") is None
    assert evening.services.dealt.tonight(session) == []
