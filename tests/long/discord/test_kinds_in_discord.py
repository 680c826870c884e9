"""Calibrations and replays with the panel's buttons and with commands, under simcord."""

from __future__ import annotations

import pytest

from bot.audio.speech import has_voices
from bot.domain.ids import UserId
from tests.cogs.test_show_in_discord import labels
from tests.theatre import Theatre, said


async def test_a_calibration_is_dealt_part_by_part_and_read_in_private(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    told = said(await theatre.press(theatre.coordinator, "Calibrate"))
    assert told.startswith("**The passage**, in their own voice: <@")
    assert "more parts for those here" in told
    (reader,) = [one for one in theatre.performers if f"<@{one.id}>" in told]
    card = said(await theatre.press(reader, "My card"))
    assert "The path begins beside the old stone bridge" in card
    assert "in your own voice" in card
    assert "The path begins" not in theatre.panel_text()
    for other in theatre.performers:
        if other is not reader:
            assert said(await theatre.press(other, "My card")).startswith("You are not on stage")
    assert "Re-deal" not in labels(theatre.panel())
    await theatre.press(theatre.coordinator, "Start take")
    theatre.booths[-1].speak(UserId(reader.id), 3.0, after=0.2)
    await theatre.cut_after(4.0)
    assert labels(theatre.panel())[4:8] == ["Next part", "Play again", "Discard", "Next scene"]
    assert "No one rates a calibration" in theatre.panel_text()
    told = said(await theatre.press(theatre.coordinator, "Next part"))
    assert told.startswith(f"**The passage**, in the voice of the character: <@{reader.id}>")
    assert "Your voice is" in said(await theatre.press(reader, "My card"))
    assert "**Scene 1" in said(await theatre.press(theatre.coordinator, "Next scene"))
    assert (await theatre.command(theatre.coordinator, "session calibrate")).startswith("**The passage**")


async def test_a_scene_is_played_again_in_one_of_three_ways(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    asked = await theatre.press(theatre.coordinator, "Play another way")
    assert "What is different?" in said(asked)
    assert asked.response is not None
    row = asked.response.components[0]["components"]
    buttons = {button["label"]: button["custom_id"] for button in row}
    assert list(buttons) == ["Other emotions", "In gibberish", "With one line"]
    told = said(await theatre.coordinator.click(asked.response, custom_id=buttons["In gibberish"]))
    assert "**Scene 2" in told
    assert "in gibberish" in theatre.panel_text()
    assert "make up the words" in said(await theatre.press(theatre.performers[0], "My card"))
    # The question was about the scene that it was asked about.
    late = said(await theatre.coordinator.click(asked.response, custom_id=buttons["With one line"]))
    assert "so your press changed nothing" in late
    told = await theatre.command(theatre.coordinator, "scene replay", mode="line")
    assert told.startswith("There is no take of a scene to play again.")


async def test_an_evening_begins_and_ends_unrecorded(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    told = said(await theatre.press(theatre.coordinator, "Warm-up"))
    assert told == "“Breathe and hum” is on the panel. Nothing is recorded until you press **Finish**."
    own = ["My card", "Rate", "Lines", "Consent", "Stop (X-card)"]
    assert labels(theatre.panel()) == ["Next exercise", "Try voices", "Finish", "Pause", "End session", *own]
    await theatre.press(theatre.coordinator, "Next exercise")
    assert "**Lips and tongue** (2 of 4)" in theatre.panel_text()
    assert "There are no cards in a warm-up" in said(await theatre.press(theatre.performers[0], "My card"))
    assert (await theatre.command(theatre.coordinator, "scene deal")) == (
        "Nothing is recorded in a warm-up. End it first with **Finish**."
    )
    await theatre.press(theatre.coordinator, "Try voices")
    shown = await theatre.press(theatre.performers[0], "My card")
    assert "**Your voice tonight is " in said(shown)
    assert shown.response is not None
    button = shown.response.components[0]["components"][0]
    assert button["label"] == "Another voice, please"
    await theatre.performers[0].click(shown.response, custom_id=button["custom_id"])
    assert said(await theatre.press(theatre.audience, "My card")).startswith("This needs your consent")
    assert said(await theatre.press(theatre.coordinator, "Finish")).startswith("Finished.")
    await theatre.play()
    told = said(await theatre.press(theatre.coordinator, "Debrief"))
    assert told == "Debrief is on the panel. Nothing is recorded until you press **Finish**."
    assert "Say your own name" in theatre.panel_text()
    prompt = said(await theatre.press(theatre.performers[0], "My card"))
    assert "No one asks for an answer" in prompt
    assert "You feel" not in prompt
    assert said(await theatre.press(theatre.performers[1], "Stop (X-card)")).startswith("The scene is stopped.")
    assert labels(theatre.panel())[4] == "Next scene"


async def test_a_performer_hears_their_own_card(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.press(theatre.coordinator, "Calibrate")
    names = [said(await theatre.press(one, "My card")) for one in theatre.performers]
    reader = theatre.performers[["The path" in name for name in names].index(True)]
    card = await theatre.press(reader, "My card")
    assert card.response is not None
    heard = await reader.click(card.response, label="Hear it")
    if has_voices():
        assert said(heard).startswith("Your card, read aloud.")
        assert heard.response is not None
        (file,) = heard.response.attachments
        assert file.filename == "card.mp3"
    monkeypatch.setattr("bot.audio.reading.has_voices", lambda: False)
    assert "no voice that reads this language" in said(await reader.click(card.response, label="Hear it"))
