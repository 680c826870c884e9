"""What people do wrong in Discord, and the sentence that they read; the store does not change and takes still work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.domain.errors import VoiceUnreachable
from bot.domain.ids import UserId
from bot.ui.custom_ids import JUDGE_PEER, CustomId, OfClip, OfTrial
from tests.evening import GOOD_ANSWERS, TABLES
from tests.paper import PaperBooth
from tests.theatre import Theatre, said

COORDINATION = (
    "session start",
    "session pause",
    "session resume",
    "session calibrate",
    "session end",
    "scene deal",
    "scene next",
    "scene redeal",
    "take start",
    "take cue",
    "take cut",
    "take retake",
    "take strike",
)


async def rows(theatre: Theatre) -> dict[str, int]:
    database = theatre.database
    return {table: await database.fetch_value(f"SELECT count(*) FROM {table}") for table in TABLES}


async def test_only_coordinators_coordinate(theatre: Theatre):
    before = await rows(theatre)
    for command in (*COORDINATION, "export", "settings"):
        answer = await theatre.command(theatre.performers[0], command)
        assert answer == "Only coordinators can do this. Ask someone with the coordinator role or Manage Server."
    assert await rows(theatre) == before
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    for label in ("Deal scene", "Pause", "End session", "Note"):
        answer = said(await theatre.press(theatre.audience, label))
        assert answer.startswith("Only coordinators")


async def test_commands_out_of_season(theatre: Theatre):
    before = await rows(theatre)
    for command in COORDINATION[1:]:
        answer = await theatre.command(theatre.coordinator, command)
        assert answer == "No session is open here. A coordinator opens one with `/session start`."
    for command in ("card", "rate"):
        assert (await theatre.command(theatre.performers[0], command)).startswith("No session is open")
    assert await theatre.command(theatre.coordinator, "export") == "There are no sessions here yet."
    lobby = theatre.guild.create_text_channel("lobby")
    answer = said(await theatre.coordinator.slash(lobby, "session start"))
    assert answer == "Join a voice channel first, or name one: `channel:`."
    answer = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage, deck="Nonesuch")
    assert answer.startswith("There is no “Nonesuch” in `decks`. Available: ensemble, everyday")
    assert await rows(theatre) == before


async def test_a_second_session_too_few_performers_and_a_take_without_a_scene(theatre: Theatre):
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    before = await rows(theatre)
    answer = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert answer == f"A session is already open in <#{theatre.stage.id}>. End it first with `/session end`."
    answer = said(await theatre.press(theatre.coordinator, "Deal scene"))
    assert answer.startswith("Too few performers: 2 needed, 0 in the channel can be recorded.")
    answer = await theatre.command(theatre.coordinator, "take start")
    assert answer == "No scene has been dealt yet. A coordinator deals one with `/scene deal`."
    answer = said(await theatre.press(theatre.performers[0], "My card"))
    assert answer.startswith("No scene has been dealt yet.")
    assert await rows(theatre) == before
    await theatre.everyone_consents()
    assert "3 tracks" in await theatre.play()


async def test_double_clicks_and_what_a_rater_must_not_do(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.press(theatre.coordinator, "Deal scene")
    await theatre.press(theatre.coordinator, "Start take")
    before = await rows(theatre)
    answer = await theatre.command(theatre.coordinator, "take start")
    assert answer == "A take is running. Cut it first with **Cut** or `/take cut`."
    assert (await theatre.command(theatre.coordinator, "scene deal")).startswith("A take is running.")
    assert said(await theatre.press(theatre.audience, "My card")).startswith("You are not on stage in this scene")
    assert await rows(theatre) == before
    for performer in theatre.performers:
        theatre.booths[-1].speak(UserId(performer.id), 3.0, after=0.2)
    assert "3 tracks" in await theatre.cut_after(4.0)
    before = await rows(theatre)
    answer = await theatre.command(theatre.coordinator, "take cut")
    assert answer.startswith("No take is running.")
    answer = said(await theatre.press(theatre.bystander, "Rate"))
    assert answer == "This needs your consent to “Rate others and keep my answers”. Give it with `/consent`."
    clip = (await theatre.press(theatre.audience, "Rate")).response
    assert clip is not None
    button = clip.components[0]["components"][0]["custom_id"]
    form = await theatre.audience.click(clip, custom_id=button)
    twice = await theatre.audience.click(clip, custom_id=button)
    answers = {key: [value] if key == "emotion" else value for key, value in GOOD_ANSWERS.items()}
    await theatre.audience.submit_modal(form, answers)
    after_one = await rows(theatre)
    again = await theatre.audience.submit_modal(twice, answers)
    assert [followup.content for followup in again.followups] == [
        "You have already rated this clip. Your first answer counts."
    ]
    assert await rows(theatre) == after_one
    assert after_one["ratings"] == before["ratings"] + 1


async def test_rating_oneself_as_a_peer_is_refused(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    performer = theatre.performers[0]
    before = await rows(theatre)
    # The bot never offers this; a modified client can send any id.
    monkeypatch.setattr("bot.ui.rating_form.JUDGE_SELF", JUDGE_PEER)
    own = (await theatre.press(performer, "Rate")).response
    assert own is not None
    answer = said(await performer.click(own, custom_id=own.components[0]["components"][0]["custom_id"]))
    assert answer == "This is your own turn. Only others can rate it."
    assert await rows(theatre) == before


async def test_buttons_and_forms_of_a_session_that_can_no_longer_be_rated_say_so(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    clip = (await theatre.press(theatre.audience, "Rate")).response
    assert clip is not None
    button = clip.components[0]["components"][0]["custom_id"]
    form = await theatre.audience.click(clip, custom_id=button)
    await theatre.command(theatre.coordinator, "session end")
    theatre.clock.ahead = timedelta(hours=50)  # type: ignore[attr-defined]
    before = await rows(theatre)
    over = "The time for rating this session is over. What was rated is kept."
    assert said(await theatre.audience.click(clip, custom_id=button)) == over
    answers = {key: [value] if key == "emotion" else value for key, value in GOOD_ANSWERS.items()}
    assert said(await theatre.audience.submit_modal(form, answers)) == over
    assert await rows(theatre) == before
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert "3 tracks" in await theatre.play()


async def test_children_and_what_is_about_a_server_in_direct_messages(theatre: Theatre):
    before = await rows(theatre)
    answer = await theatre.consent(theatre.performers[0], ["record", "store_and_review"], adult=False)
    assert answer.startswith("No consent was given: only people aged 18 or over can consent.")
    performer = theatre.performers[0]
    for command in ("card", "rate", "session start", "take cut", "settings", "export"):
        with pytest.raises(simcord.SetupError):
            await performer.user.slash(command)
    assert await rows(theatre) == before


async def test_a_channel_that_cannot_be_joined_leaves_nothing_behind(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    async def refuse(channel: discord.VoiceChannel) -> PaperBooth:
        raise VoiceUnreachable(channel.id)

    before = await rows(theatre)
    monkeypatch.setattr(theatre.bot.services.stage, "_connect", refuse)
    answer = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert answer.startswith(f"Discord did not let the bot into <#{theatre.stage.id}>. Try again")
    assert await rows(theatre) == before
    monkeypatch.undo()
    answer = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert answer.startswith("**Session 1 is open**")


async def test_an_error_of_our_own_is_told_with_a_code(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    async def stumble(*_: object) -> None:
        raise RuntimeError("out of cheese")

    monkeypatch.setattr("bot.services.scene.scenes.Scenes.deal", stumble)
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    answer = said(await theatre.press(theatre.coordinator, "Deal scene"))
    assert answer.startswith("Something went wrong in the bot. Give the operator this code, which is in the log: `")
    assert "cheese" not in answer


async def test_a_panel_works_for_a_bot_that_remembers_nothing(theatre: Theatre):
    """Real restarts are in tests/long/test_kills.py: there the panel from before the kill is pressed."""
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    for session in theatre.bot.services.live:
        session.stand_up()
    assert "was dealt to" in said(await theatre.press(theatre.coordinator, "Deal scene"))
    assert len(theatre.booths) == 2, "the bot must join the channel again"
    assert isinstance(theatre.env, simcord.Env)


async def test_buttons_and_forms_from_before_an_update_say_what_to_press(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    before = await rows(theatre)
    monkeypatch.setattr(CustomId, "build", _of_a_turn)
    clip = (await theatre.press(theatre.audience, "Rate")).response
    assert clip is not None
    for row in clip.components:
        for button in row["components"]:
            answer = said(await theatre.audience.click(clip, custom_id=button["custom_id"]))
            assert answer.endswith("Press **Rate** to go on."), button["custom_id"]
    monkeypatch.undo()
    clip = (await theatre.press(theatre.audience, "Rate")).response
    assert clip is not None
    monkeypatch.setattr(CustomId, "build", _of_a_turn)
    form = await theatre.audience.click(clip, label="Rate this clip")
    answers = {key: [value] if key == "emotion" else value for key, value in GOOD_ANSWERS.items()}
    assert said(await theatre.audience.submit_modal(form, answers)).endswith("Press **Rate** to go on.")
    assert await rows(theatre) == before


_BUILD = CustomId[Any].build


def _of_a_turn(custom_id: CustomId[Any], of: Any) -> str:
    """An id as earlier versions built it: with the number of a turn."""
    now = _BUILD(custom_id, of)
    return now.replace(of.token, "2") if isinstance(of, (OfClip, OfTrial)) else now
