"""What happens around a running take as people see it in Discord: who is told what, and who sees it."""

from __future__ import annotations

import simcord

from bot.ui.texts.signals import EASED, KEEP_IT_LIGHTER
from tests.cogs.test_show_in_discord import labels, open_and_deal
from tests.theatre import Theatre, said


async def in_a_take(theatre: Theatre) -> list[simcord.InteractionResult]:
    """A take is being recorded, and all performers have their cards open; returns these."""
    await open_and_deal(theatre)
    cards = [await theatre.press(performer, "My card") for performer in theatre.performers]
    await theatre.press(theatre.coordinator, "Start take")
    (live,) = (session.take for session in theatre.bot.services.live if session.take)
    live.starts_at -= theatre.settings.countdown_seconds
    live.begin()
    return cards


async def test_ease_off_is_beside_the_x_card_and_everyone_on_stage_reads_the_same(theatre: Theatre):
    cards = await in_a_take(theatre)
    assert labels(theatre.panel())[-2:] == ["Stop (X-card)", "Ease off"]
    assert said(await theatre.press(theatre.performers[0], "Ease off")) == EASED
    assert said(await theatre.press(theatre.audience, "Ease off")) == EASED, "a second one is answered the same"
    assert await theatre.command(theatre.performers[1], "scene ease") == EASED
    assert [[told.content for told in card.followups] for card in cards] == [[KEEP_IT_LIGHTER]] * 3
    assert "Keep it lighter from here" in theatre.panel_text()
    assert len(theatre.stage.history()) == 1, "there is only the panel: nothing was sent to the channel"


async def test_only_coordinators_side_coach_and_only_the_performer_reads_it(theatre: Theatre):
    cards = await in_a_take(theatre)
    target = theatre.performers[1]
    refused = await theatre.command(target, "take coach", performer=target, text="Go on.")
    assert refused.startswith("Only coordinators")
    told = await theatre.command(theatre.coordinator, "take coach", performer=target, text="*Wait* for her.")
    assert told.startswith(f"<@{target.id}> was told so in private.")
    assert [[word.content for word in card.followups] for card in cards] == [
        [],
        ["## 🎬 A word from the director\n> \\*Wait\\* for her."],
        [],
    ]
    assert "Wait" not in theatre.panel_text() + told
    unheard = await theatre.command(theatre.coordinator, "take coach", performer=theatre.audience, text="Go on.")
    assert "is not on stage" in unheard


async def test_a_suggestion_is_typed_into_a_form_and_its_prompt_is_read_from_the_audience(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert "The prompt" not in labels(theatre.panel())
    refused = await theatre.command(theatre.audience, "scene suggest")
    assert refused.startswith("Only coordinators")
    form = await theatre.coordinator.slash(theatre.stage, "scene suggest")
    typed = {"situation": "A key that fits every door.", "place": "a launderette", "topics": ["death"]}
    told = said(await theatre.coordinator.submit_modal(form, typed))
    assert told.startswith("**Scene 1: From a suggestion** was dealt to")
    assert "Place: a launderette." in theatre.panel_text()
    assert "A key" not in theatre.panel_text(), "those who rate learn the prompt only if they ask for it"
    knows = "SELECT discord_user_id FROM prompts_shown JOIN people USING (person_id)"
    assert await theatre.database.fetch_value(knows) == theatre.coordinator.id, "who typed it knows it"
    text = said(await theatre.press(theatre.audience, "The prompt"))
    assert "A key that fits every door." in text
    assert "You can still rate this scene" in text
    assert await theatre.command(theatre.coordinator, "scene prompt") == text
    await theatre.press(theatre.coordinator, "Start take")
    form = await theatre.coordinator.slash(theatre.stage, "scene suggest")
    assert said(form).startswith("A take is running.")
