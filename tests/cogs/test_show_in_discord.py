"""A coordinator's evening with the panel's buttons and with commands, under simcord."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.domain.ids import GuildId, UserId
from bot.domain.show import Step
from bot.services.facts.library import Library
from bot.ui.texts.panel import LABELS
from tests.theatre import Theatre, said


async def open_and_deal(theatre: Theatre) -> None:
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.press(theatre.coordinator, "Deal scene")


def labels(message: discord.Message, style: discord.ButtonStyle | None = None) -> list[str]:
    """The labels of a message's buttons: all, or those of one style."""
    found: list[str] = []

    def walk(items: Any) -> None:
        for item in items:
            if isinstance(item, discord.Button) and item.label and style in (None, item.style):
                found.append(item.label)
            walk(getattr(item, "children", []))

    walk(message.components)
    return found


async def test_the_panel_shows_what_comes_next_and_nothing_that_is_out_of_place(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert labels(theatre.panel())[:6] == ["Consent", "Lines", "My card", "Rate", "Sound check", "Deal scene"]
    assert "Cut" not in labels(theatre.panel())
    await theatre.press(theatre.coordinator, "Deal scene")
    own = ["My card", "The prompt", "Rate", "Lines", "Consent"]
    assert labels(theatre.panel())[:7] == [*own, "Start take", "Re-deal"]
    assert "✉️" in theatre.panel_text()
    await theatre.press(theatre.performers[0], "My card")
    assert "✅" in theatre.panel_text()
    await theatre.press(theatre.coordinator, "Start take")
    assert labels(theatre.panel()) == ["Cut", "Pause", *own, "Stop (X-card)", "Ease off"]
    assert labels(theatre.panel(), discord.ButtonStyle.danger) == ["Stop (X-card)"], "nothing else may be red"
    await theatre.press(theatre.coordinator, "Pause")
    assert "⏸️ **Paused.**" in theatre.panel_text()
    assert labels(theatre.panel())[0] == "Resume"
    await theatre.press(theatre.coordinator, "Resume")
    assert labels(theatre.panel())[5] == "Start take"


async def test_a_played_scene_is_struck_restored_retaken_and_left(theatre: Theatre):
    await open_and_deal(theatre)
    await theatre.press(theatre.coordinator, "Start take")
    for performer in theatre.performers:
        theatre.booths[-1].speak(UserId(performer.id), 3.0, after=0.2)
    await theatre.cut_after(4.0)
    assert labels(theatre.panel()) == [
        *("Rate", "My card", "Lines", "Consent"),
        *("Next scene", "Play again", "Play another way", "Discard"),
        *("Calibrate", "Note", "Pause", "Debrief", "End session"),
        "Stop (X-card)",
    ]
    assert said(await theatre.press(theatre.coordinator, "Discard")).startswith("Take 1 is discarded")
    assert (
        said(await theatre.press(theatre.coordinator, "Restore"))
        == "Take 1 has been restored: it will be rated and exported again."
    )
    assert "Take 2 starts" in said(await theatre.press(theatre.coordinator, "Play again"))
    assert "cut during its countdown" in await theatre.command(theatre.coordinator, "take cut")
    assert "**Scene 2" in said(await theatre.press(theatre.coordinator, "Next scene"))


async def test_notes_are_written_on_the_panel_and_read_by_command(theatre: Theatre):
    await open_and_deal(theatre)
    form = await theatre.press(theatre.coordinator, "Note")
    assert said(await theatre.coordinator.submit_modal(form, {"text": "Check the lights"})) == "Noted for scene 1."
    assert await theatre.command(theatre.coordinator, "session note", text="And the door") == "Noted for scene 1."
    told = await theatre.command(theatre.coordinator, "session notes")
    assert told == "**Notes, newest first**\n- scene 1: And the door\n- scene 1: Check the lights"


async def test_the_x_card_works_for_everyone_in_the_channel(theatre: Theatre):
    await open_and_deal(theatre)
    told = said(await theatre.press(theatre.performers[1], "Stop (X-card)"))
    assert told.startswith("The scene is stopped. No one is told who pressed")
    assert "✋ **The scene was stopped.**" in theatre.panel_text()
    assert (await theatre.command(theatre.performers[0], "scene stop")) == told


async def test_lines_are_drawn_privately(theatre: Theatre):
    form = await theatre.performers[0].slash(theatre.stage, "lines")
    told = said(await theatre.performers[0].submit_modal(form, {"topics": ["death"]}))
    assert told.startswith("Saved: 1 line, visible only to you.")
    again = await theatre.performers[0].slash(theatre.stage, "lines")
    assert said(await theatre.performers[0].submit_modal(again, {"topics": []})).startswith("Saved: you have no lines.")


async def test_feelings_are_vetoed_and_opted_into_on_the_same_form(theatre: Theatre):
    performer = theatre.performers[0]
    form = await performer.slash(theatre.stage, "lines")
    chosen = {"topics": [], "vetoes-1": ["joy"], "vetoes-2": ["fear", "horror"], "opt_ins": ["desire"]}
    told = said(await performer.submit_modal(form, chosen))
    assert told.startswith("Saved: 3 vetoed feelings and 1 opt-in, visible only to you.")
    assert "3 vetoed feelings and 1 opt-in" in said(await performer.slash(theatre.stage, "held"))
    again = await performer.slash(theatre.stage, "lines")
    assert said(await performer.submit_modal(again, {"topics": ["death"]})).startswith("Saved: 1 line, visible only")


async def test_a_form_from_before_the_files_changed_changes_nothing(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    performer = theatre.performers[0]
    form = await performer.slash(theatre.stage, "lines")
    await performer.submit_modal(form, {"vetoes-1": ["joy"]})
    form = await performer.slash(theatre.stage, "lines")
    monkeypatch.setattr(Library, "all_emotions", lambda _: theatre.bot.services.library.emotion_set("basic").emotions)
    told = said(await performer.submit_modal(form, {"vetoes-1": []}))
    assert told == "This form is out of date. Open it again."
    assert (await theatre.bot.services.limits.of(UserId(performer.id))).vetoes == {"joy"}


async def test_a_server_opts_into_kinds_of_feelings_in_its_settings(theatre: Theatre):
    shown = await theatre.coordinator.slash(theatre.stage, "settings")
    assert shown.response is not None
    for chosen in (["desire", "bodily-disgust"], ["desire"], []):
        await theatre.coordinator.select(shown.response, chosen, custom_id="pb:set-opt-ins")
        settings = await theatre.bot.services.guilds.settings_of(GuildId(theatre.guild.id))
        assert settings.opt_ins == set(chosen)


async def test_a_part_changed_by_command_is_told_to_its_performer(theatre: Theatre):
    await open_and_deal(theatre)
    performer = theatre.performers[0]
    await theatre.press(performer, "My card")
    told = await theatre.command(
        theatre.coordinator, "scene part", performer=performer, emotion="fear", intensity=3, shift_to="joy"
    )
    changed = "emotion fear, intensity “it steers you”, emotion after the cue joy"
    assert told.startswith(f"Changed for <@{performer.id}>: {changed}. They have been asked")
    card = said(await theatre.press(performer, "My card"))
    assert "**You feel** fear: it steers you." in card
    assert "joy" not in card.lower().split("**you feel**")[1], "the second emotion is told at the cue, not earlier"


def voice_on(card: str) -> str:
    return card.split("**Your voice is ")[1].split("**")[0]


async def test_another_voice_is_dealt_under_the_card_until_the_scene_is_played(theatre: Theatre):
    await open_and_deal(theatre)
    performer, panel = theatre.performers[0], theatre.panel_text()
    shown = (await theatre.press(performer, "My card")).response
    assert shown is not None
    before = voice_on(shown.content)
    changed = (await performer.click(shown, label="Another voice, please")).response
    assert changed is not None
    assert changed.id == shown.id, "the card itself changes"
    after = voice_on(said(await theatre.press(performer, "My card")))
    assert after == voice_on(changed.content) != before
    assert theatre.panel_text().replace("✉️", "✅") == panel.replace("✉️", "✅")
    await theatre.press(theatre.coordinator, "Start take")
    refused = await performer.click(shown, label="Another voice, please")
    assert refused.followups[0].content.startswith("This scene is recorded in the voice that you have.")
    card = await theatre.press(performer, "My card")
    assert voice_on(said(card)) == after
    assert card.response is not None
    (row,) = card.response.components
    assert [button["label"] for button in row["components"]] == ["Hear it"]


async def test_ending_by_the_panel_asks_first(theatre: Theatre):
    await open_and_deal(theatre)
    asked = await theatre.press(theatre.coordinator, "End session")
    assert asked.response is not None
    assert said(asked).startswith("End session 1?")
    assert "**Session 1 is over.**" in said(await theatre.coordinator.click(asked.response, label="End now"))


async def test_settings_are_chosen_in_menus_and_apply_immediately(theatre: Theatre):
    shown = await theatre.coordinator.slash(theatre.stage, "settings")
    assert shown.response is not None
    await theatre.coordinator.select(shown.response, ["none"], custom_id="pb:set-cue-policy")
    await theatre.coordinator.select(shown.response, ["3"], custom_id="pb:set-ratings-wanted")
    chosen = await theatre.database.fetch_one("SELECT cue_policy, ratings_wanted FROM guild_settings")
    assert chosen is not None
    assert tuple(chosen) == ("none", 3)


def test_every_step_has_a_label():
    assert set(LABELS) == set(Step)
