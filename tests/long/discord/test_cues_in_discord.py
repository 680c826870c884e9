"""The button under a cue and the question after the cut, with real messages and presses."""

from __future__ import annotations

from typing import Any

import pytest
import simcord

from bot.ui.texts.card import CUE_ANSWER_BUTTONS, CUE_SEEN_BUTTON
from tests.cogs.test_show_in_discord import open_and_deal
from tests.theatre import Theatre


async def cued(theatre: Theatre) -> simcord.InteractionResult:
    """The first performer's open card in a take of which 10 s are over, after a cue to shift to joy."""
    await open_and_deal(theatre)
    await theatre.command(
        theatre.coordinator, "scene part", performer=theatre.performers[0], emotion="fear", shift_to="joy"
    )
    card = await theatre.press(theatre.performers[0], "My card")
    await theatre.press(theatre.coordinator, "Start take")
    (live,) = (session.take for session in theatre.bot.services.live if session.take)
    live.starts_at -= theatre.settings.countdown_seconds + 10
    booth = theatre.booths[-1]
    for performer in theatre.performers:
        booth.speak(performer.id, 4, after=0.2)  # type: ignore[arg-type]
    await theatre.command(theatre.coordinator, "take cue")
    return card


async def row(theatre: Theatre) -> Any:
    return await theatre.database.fetch_one(
        "SELECT cues.*, basis FROM cues JOIN cue_shifts USING (cue_id) JOIN castings ON castings.casting_id = "
        "cues.casting_id JOIN people USING (person_id) WHERE discord_user_id = ?",
        theatre.performers[0].id,
    )


async def test_the_button_under_a_cue_acknowledges_it_and_leaves_the_cue(theatre: Theatre):
    card = await cued(theatre)
    [cue] = card.followups
    result = await theatre.performers[0].click(cue, label=CUE_SEEN_BUTTON)
    assert result.acknowledged
    [cue] = card.followups
    assert "**Now:** joy" in cue.content
    assert cue.components == []
    assert (await row(theatre))["basis"] == "acknowledged"
    await theatre.cut_after(5)
    assert len(card.followups) == 1, "who acknowledged is not asked"


@pytest.mark.parametrize(("answer", "label"), list(CUE_ANSWER_BUTTONS.items()), ids=lambda one: str(one))
async def test_the_question_after_the_cut_disappears_with_its_answer(theatre: Theatre, answer: str, label: str):
    card = await cued(theatre)
    await theatre.cut_after(5)
    [_, question] = card.followups
    assert question.content.startswith("In scene 1, take 1, the bot sent you a cue.")
    assert (await row(theatre))["asked_at"]
    await theatre.performers[0].click(question, label=label)
    assert len(card.followups) == 1
    assert (await row(theatre))["answer"] == answer


async def test_a_late_press_under_the_cue_becomes_the_question(theatre: Theatre):
    card = await cued(theatre)
    await theatre.cut_after(5)
    [cue, _] = card.followups
    await theatre.performers[0].click(cue, label=CUE_SEEN_BUTTON)
    [cue, _] = card.followups
    assert "joy" not in cue.content
    assert (await row(theatre))["basis"] == "uncertain"
    await theatre.performers[0].click(cue, label="Yes, I saw it")
    assert (await row(theatre))["basis"] == "remembered"


async def test_the_buttons_of_an_ended_session_say_that_it_is_over(theatre: Theatre):
    card = await cued(theatre)
    await theatre.cut_after(5)
    asked = await theatre.press(theatre.coordinator, "End session")
    assert asked.response is not None
    await theatre.coordinator.click(asked.response, label="End now")
    [_, question] = card.followups
    result = await theatre.performers[0].click(question, label="I am not sure")
    assert result.response is not None
    assert "over" in result.response.content
    assert (await row(theatre))["answer"] is None


async def test_who_could_not_be_asked_is_asked_when_they_open_their_card(theatre: Theatre):
    await cued(theatre)
    whispers = theatre.bot.services.stage._whispers  # type: ignore[attr-defined]
    real, whispers.tell = whispers.tell, nobody
    await theatre.cut_after(5)
    whispers.tell = real
    assert (await row(theatre))["asked_at"] is None
    card = await theatre.press(theatre.performers[0], "My card")
    await theatre.env.settle()
    [question] = card.followups
    await theatre.performers[0].click(question, label="Yes, I saw it")
    assert (await row(theatre))["basis"] == "remembered"


async def nobody(*_: object) -> None:
    """Tell no one: the card cannot be followed up any more, and direct messages are not accepted."""
