"""Discord no longer knows a press when the bot acknowledges it: the request is carried out all the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord

from tests.evening import GOOD_ANSWERS
from tests.theatre import Theatre, said

UNKNOWN_INTERACTION = 10062


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """From here on Discord answers each acknowledgement with 404."""

    async def refuse(*_: object, **__: object) -> None:
        response: Any = SimpleNamespace(status=404, reason="Not Found")
        raise discord.NotFound(response, {"code": UNKNOWN_INTERACTION, "message": "Unknown interaction"})

    monkeypatch.setattr(discord.InteractionResponse, "defer", refuse)
    return monkeypatch


async def clip_for(theatre: Theatre, person: simcord.MemberActor) -> simcord.InteractionResult:
    """A session with a take and a person who got a clip of it."""
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    return await person.slash(theatre.stage, "rate")


@pytest.mark.parametrize("is_own", [False, True])
async def test_a_rating_is_kept(theatre: Theatre, request: pytest.FixtureRequest, *, is_own: bool):
    person = theatre.performers[0] if is_own else theatre.audience
    shown = await clip_for(theatre, person)
    assert shown.response is not None
    button = shown.response.components[0]["components"][0]
    form = await person.click(shown.response, custom_id=button["custom_id"])
    request.getfixturevalue("unknown")
    answers = {key: value if key != "emotion" else [value] for key, value in GOOD_ANSWERS.items()}
    await person.submit_modal(form, answers)
    table = "self_ratings" if is_own else "ratings"
    assert await theatre.database.fetch_value(f"SELECT count(*) FROM {table}") == 1


async def test_a_note_is_kept(theatre: Theatre, request: pytest.FixtureRequest):
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    unknown: pytest.MonkeyPatch = request.getfixturevalue("unknown")
    form = await theatre.press(theatre.coordinator, "Note")
    await theatre.coordinator.submit_modal(form, {"text": "The silence was good."})
    await theatre.coordinator.slash(theatre.stage, "session note", text="So was the ending.")
    notes = await theatre.database.fetch_all("SELECT text FROM notes ORDER BY note_id")
    assert [row["text"] for row in notes] == ["The silence was good.", "So was the ending."]
    unknown.undo()
    assert "So was the ending." in said(await theatre.coordinator.slash(theatre.stage, "session notes"))
