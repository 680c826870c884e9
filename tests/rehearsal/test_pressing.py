"""How the cast presses buttons on the panel: once they are enabled, and again if the panel had been out of date."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.rehearsal.cast.cards import is_card, read_card, read_cue
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.panel import TRIES, panel_with, press
from tests.embedded.raw_bot import EPHEMERAL, V2, House

OVERTAKEN = "The take was cut in the meantime, so your press changed nothing. Look at the panel."


def panel(seen: int, *labels: str, disabled: tuple[str, ...] = ()) -> dict[str, Any]:
    buttons = [
        {"type": 2, "style": 1, "label": label, "custom_id": f"{label}:{seen}", "disabled": label in disabled}
        for label in (*labels, "My card")
    ]
    return {"flags": V2, "components": [{"type": 1, "components": buttons}]}


async def answer_press(house: House, text: str) -> str:
    """Answer the next press in private; returns its custom id."""
    interaction = await house.bot.event("INTERACTION_CREATE")
    await house.bot.callback(interaction, 4, {"content": text, "flags": EPHEMERAL})
    return interaction["data"]["custom_id"]


async def edit(house: House, message_id: str, body: dict[str, Any]) -> None:
    await house.bot.request("PATCH", f"/channels/{house.text_channel}/messages/{message_id}", body)


async def test_a_disabled_button_is_waited_for(house: House) -> None:
    person = await house.person()
    message_id = (await house.post(panel(1, "Cue", disabled=("Cue",)))).data["id"]
    pressing = asyncio.create_task(press(person, "Cue"))
    await asyncio.sleep(0.1)
    assert not pressing.done()
    await edit(house, message_id, panel(2, "Cue"))
    assert await answer_press(house, "The cue is given.") == "Cue:2"
    pressed = await pressing
    assert (pressed.label, pressed.reply.text) == ("Cue", "The cue is given.")


async def test_a_press_on_an_overtaken_panel_is_done_again_on_the_new_one(house: House) -> None:
    person = await house.person()
    message_id = (await house.post(panel(1, "Cut"))).data["id"]
    pressing = asyncio.create_task(press(person, "Cut", "Play again"))
    assert await answer_press(house, OVERTAKEN) == "Cut:1"
    await asyncio.sleep(0.1)
    assert not pressing.done()
    await edit(house, message_id, panel(2, "Play again"))
    assert await answer_press(house, "Take 2 starts.") == "Play again:2"
    assert (await pressing).label == "Play again"


async def test_a_press_that_is_overtaken_again_and_again_is_given_up(house: House) -> None:
    person = await house.person()
    pressing = asyncio.create_task(press(person, "Cut"))
    for seen in range(TRIES):
        await house.post(panel(seen, "Cut"))
        await answer_press(house, OVERTAKEN)
    with pytest.raises(RehearsalFailed, match="outdated 5 times"):
        await pressing


async def test_a_button_that_never_comes_is_named(house: House) -> None:
    person = await house.person()
    await house.post(panel(1, "Cut"))
    with pytest.raises(RehearsalFailed, match="never had an enabled button Play again or Discard"):
        await panel_with(person, "Play again", "Discard", within=0.1)


async def test_what_is_private_is_not_taken_for_the_panel(house: House) -> None:
    person = await house.person()
    await house.post(panel(1, "Cut"))
    interaction, reply = await house.interaction(person)
    private = panel(2, "End now")
    await house.bot.callback(interaction, 4, private | {"flags": V2 | EPHEMERAL})
    await reply
    assert (await panel_with(person)).button("Cut").custom_id == "Cut:1"


def test_a_card_and_a_cue_are_read() -> None:
    card = "**You are** the baker.\n**Your voice is Mara**, who waits.\n**You feel** joy, clearly. Share it.\n"
    read = read_card(card)
    assert (read.emotion, read.role, read.character) == ("joy", "the baker", "Mara")
    assert read_card("**You are** a guest.\n**You feel** neutral. Move on.").character is None
    assert read_cue("## ➡️ **Now:** anger: it steers you\nMake them stop.") == "anger"
    assert read_cue("## ➡️ **Now:** neutral\nMove on.") == "neutral"
    assert not is_card("You are not on stage in this scene.")
    assert read_cue(card) is None
    with pytest.raises(ValueError, match="not a card"):
        read_card("Take 1 starts.")
