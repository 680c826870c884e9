"""Scenes from a suggestion, and who knew a prompt when they rated."""

from __future__ import annotations

import pytest

from bot.domain import errors
from bot.domain.consent import TO_RATE
from bot.domain.limits import LimitKind
from bot.domain.suggestions import Suggestion
from bot.ui.texts.card import card_text, prompt_text
from bot.ui.texts.held import held_text
from tests.evening import AUDIENCE, BYSTANDER, GOOD_ANSWERS, PERFORMERS, Evening

KEY = Suggestion("Somebody has found a key that fits every door.", "a launderette", "strangers", frozenset({"death"}))


async def test_a_suggestion_is_dealt_with_roles_and_emotions_and_stored_as_one(evening: Evening):
    session = await evening.open()
    dealt = await evening.services.scenes.suggest(session, KEY)
    assert len(dealt.discord_user_ids) == 3
    (row,) = await evening.database.fetch_all("SELECT * FROM scenes")
    assert (row["prompt_source"], row["prompt_text"], row["place"]) == ("suggestion", KEY.text, "a launderette")
    assert row["prompt_id"].startswith("suggestion-")
    assert row["tags"] == '["death"]'
    card = card_text(await evening.services.cards.read(session, PERFORMERS[0]))
    assert KEY.text in card
    assert "**You feel**" in card
    assert "**You want**" in card
    assert await evening.value("SELECT count(DISTINCT role) FROM castings") == 3
    await evening.services.scenes.redeal(session)
    assert await evening.value("SELECT prompt_source FROM scenes") == "deck"


async def test_it_is_not_dealt_across_a_line_against_the_rules_or_into_a_take(evening: Evening):
    session = await evening.open()
    suggest = evening.services.scenes.suggest
    await evening.services.limit_requests.ask(BYSTANDER, LimitKind.LINE, ["death"], ())
    with pytest.raises(errors.SuggestionUnsuited):
        await suggest(session, KEY)
    with pytest.raises(errors.SuggestionInvalid):
        await suggest(session, Suggestion("Ask <@444444444444444441>."))
    assert await evening.value("SELECT count(*) FROM scenes") == 0
    await suggest(session, Suggestion(KEY.text))
    await evening.start(session)
    with pytest.raises(errors.TakeRunning):
        await suggest(session, Suggestion(KEY.text))


async def test_the_prompt_is_shown_without_anyones_part(evening: Evening):
    session = await evening.open()
    with pytest.raises(errors.NoScene):
        await evening.services.prompting.read(session, AUDIENCE)
    await evening.services.scenes.suggest(session, KEY)
    read = await evening.services.prompting.read(session, AUDIENCE)
    text = prompt_text(read)
    assert KEY.text in text
    assert "strangers" in text
    assert "You can still rate this scene" in text
    roles = [row[0] for row in await evening.database.fetch_all("SELECT role FROM castings")]
    emotions = [row[0] for row in await evening.database.fetch_all("SELECT target_emotion FROM castings")]
    assert not any(secret in text for secret in (*roles, *emotions))
    own = prompt_text(await evening.services.prompting.read(session, PERFORMERS[0]))
    assert "You can still rate" not in own
    assert await evening.value("SELECT count(*) FROM prompts_shown") == 1, "a performer knows it from their card"
    held = await evening.services.held.about(AUDIENCE)
    assert held is not None
    assert "1 prompt read without a part" in held_text(held, str)
    await evening.services.scenes.redeal(session)
    assert await evening.value("SELECT count(*) FROM prompts_shown") == 0, "no one knows the new prompt"


async def test_each_rating_says_whether_its_rater_knew_the_prompt_by_then(evening: Evening):
    await evening.consent(BYSTANDER, TO_RATE)
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    ratings = evening.services.ratings
    for rater in (BYSTANDER, AUDIENCE):
        clip = await ratings.next_clip(session, rater)
        await ratings.record(session, clip.token, rater, GOOD_ANSWERS)
    await evening.services.prompting.read(session, AUDIENCE)
    for rater in (AUDIENCE, PERFORMERS[0]):
        while (clip := await ratings.next_clip(session, rater)).is_own:
            await ratings.record_self(session, clip.token, rater, GOOD_ANSWERS)
        await ratings.record(session, clip.token, rater, GOOD_ANSWERS)
    sql = (
        "SELECT discord_user_id, is_partner, knew_prompt FROM ratings JOIN people ON person_id = rater_id "
        "ORDER BY rating_id"
    )
    assert [tuple(row) for row in await evening.database.fetch_all(sql)] == [
        (BYSTANDER, 0, 0),
        (AUDIENCE, 0, 0),
        (AUDIENCE, 0, 1),
        (PERFORMERS[0], 1, 1),
    ]
