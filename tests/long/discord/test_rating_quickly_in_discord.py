"""Rating quickly: two interactions per trial, one if nothing can be judged, and nothing that was entered is lost."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord

from bot.services.rating import ratings
from tests.evening import GOOD_ANSWERS
from tests.theatre import Theatre

FORM = {key: value if key != "emotion" else [value] for key, value in GOOD_ANSWERS.items()}
KEPT = "What you entered is kept until the bot restarts: press the button below the clip to go on."


async def clip_for(theatre: Theatre, person: simcord.MemberActor, **wishes: str) -> simcord.ResponseMessage:
    """The first clip of a session with one take of three turns."""
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage, **wishes)
    await theatre.play()
    shown = (await theatre.press(person, "Rate")).response
    assert shown is not None
    return shown


def labels(message: simcord.ResponseMessage) -> list[str]:
    return [button["label"] for row in message.components for button in row["components"]]  # type: ignore[index]


def fields(form: Any) -> dict[str, Any]:
    return {label["component"]["custom_id"]: label["component"] for label in form.modal["components"]}


async def test_two_interactions_per_trial_until_nothing_is_left(theatre: Theatre):
    shown = await clip_for(theatre, theatre.audience)
    for left in ("3 clips left, including this one.", "2 clips left, including this one.", "This is the last one."):
        assert shown.content.endswith(left)
        form = await theatre.audience.click(shown, label="Rate this clip")
        await theatre.audience.submit_modal(form, FORM)
    assert shown.content == "Thank you, that was the last clip for now."
    trials = await theatre.database.fetch_all("SELECT * FROM trials ORDER BY number")
    assert [row["number"] for row in trials] == [1, 2, 3]
    assert all(row["response_ms"] is not None and row["instrument_sha256"] for row in trials)
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 3


async def test_one_interaction_says_that_the_sound_is_bad_and_two_tell_the_coordinator(theatre: Theatre):
    shown = await clip_for(theatre, theatre.audience)
    assert labels(shown) == ["Rate this clip", "I cannot judge this", "The sound is bad"]
    while shown.components:
        await theatre.audience.click(shown, label="The sound is bad")
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 0
    assert not list(theatre.coordinator.user.dm_channel.history())
    second = (await theatre.press(theatre.performers[0], "Rate")).response
    assert second is not None
    own = await theatre.performers[0].click(second, label="Say what I felt")
    await theatre.performers[0].submit_modal(own, FORM)
    while second.components:
        await theatre.performers[0].click(second, label="The sound is bad")
    told = [message.content for message in theatre.coordinator.user.dm_channel.history()]
    assert len(told) == 2
    assert all(
        one.startswith("Raters say that the sound of <@") and "in a clip of scene 1, take 1." in one for one in told
    )


async def test_what_could_not_be_stored_is_filled_in_again(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    shown = await clip_for(theatre, theatre.audience)
    form = await theatre.audience.click(shown, label="Rate this clip")

    async def locked(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(ratings, "answer_trial", locked)
    failed = await theatre.audience.submit_modal(form, FORM)
    assert KEPT in [one.content for one in failed.followups]
    monkeypatch.undo()
    again = await theatre.audience.click(shown, label="Rate this clip")
    found = fields(again)
    for item, component in found.items():
        assert [one["value"] for one in component["options"] if one.get("default")] == [GOOD_ANSWERS[item]]
    await theatre.audience.submit_modal(again, FORM)
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 1


async def test_whoever_got_no_answer_goes_on_by_the_same_button(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    shown = await clip_for(theatre, theatre.audience)
    form = await theatre.audience.click(shown, label="Rate this clip")

    async def refuse(*_: object, **__: object) -> None:
        response: Any = SimpleNamespace(status=404, reason="Not Found")
        raise discord.NotFound(response, {"code": 10062, "message": "Unknown interaction"})

    monkeypatch.setattr(discord.InteractionResponse, "defer", refuse)
    await theatre.audience.submit_modal(form, FORM)
    monkeypatch.undo()
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 1
    assert shown.content.endswith("3 clips left, including this one.")
    await theatre.audience.click(shown, label="Rate this clip")
    assert shown.content.startswith(
        "You have already rated this clip. Your first answer counts.\n**Listen, then rate.**"
    )
    assert shown.content.endswith("2 clips left, including this one.")


async def test_items_rotate_over_raters_and_a_form_stays_as_it_was_shown(theatre: Theatre):
    shown = await clip_for(theatre, theatre.audience, instrument="full")
    form = await theatre.audience.click(shown, label="Rate this clip")
    asked = list(fields(form))
    assert len(asked) == 5
    assert list(fields(await theatre.audience.click(shown, label="Rate this clip"))) == asked
    given = dict.fromkeys(asked, "1") | {"emotion": ["joy"], "sounds": ["laugh"], "secondary_emotion": ["other"]}
    await theatre.audience.submit_modal(form, {key: given[key] for key in asked})
    answered = await theatre.database.fetch_all("SELECT item FROM answers ORDER BY answer_id")
    assert [row["item"] for row in answered] == asked
    turn = await theatre.database.fetch_value("SELECT turn_id FROM trials WHERE answered_at IS NOT NULL")
    others: set[str] = set()
    for performer in theatre.performers:
        message = (await theatre.press(performer, "Rate")).response
        assert message is not None
        own = await performer.click(message, label="Say what I felt")
        await performer.submit_modal(own, FORM)
        items = (
            "SELECT value FROM trials JOIN json_each(items) WHERE turn_id = ? AND kind = 'turn' AND answered_at IS NULL"
        )
        others |= {row["value"] for row in await theatre.database.fetch_all(items, turn)}
    assert not others or others - set(asked), "the next raters are asked what the first one was not"
