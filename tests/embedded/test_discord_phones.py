"""People at a phone: what is on its screen, what makes it sound, and what they can press."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.embedded.client.person import Person, Refused
from bot.embedded.client.phone import Phone
from tests.embedded.raw_bot import EPHEMERAL, House

BUTTON = {"type": 2, "style": 4, "label": "Stop", "custom_id": "stop"}
PANEL = {"content": "panel", "components": [{"type": 1, "components": [BUTTON]}]}
SILENT = 1 << 12


async def at_phone(house: House, number: int = 0, phone: Phone | None = None) -> Person:
    person = await house.person(number)
    person.phone = phone or Phone()
    return person


async def posted(house: House, *people: Person, body: dict[str, Any] | None = None) -> int:
    message_id = int((await house.post(body or {"content": "chat"})).data["id"])
    for person in people:
        await person.wait_until(lambda: message_id in person.messages)  # noqa: B023
    return message_id


async def test_six_messages_fit_and_what_is_out_of_sight_cannot_be_pressed(house: House) -> None:
    person, at_desk = await at_phone(house), await house.person(1)
    panel = await posted(house, person, at_desk, body=PANEL)
    for _ in range(4):
        await at_desk.say(house.text_channel, "chat")
    last = await at_desk.say(house.text_channel, "chat")
    await person.wait_until(lambda: last in person.messages)
    assert panel in {one.message_id for one in person.on_screen()}
    one_more = await at_desk.say(house.text_channel, "chat")
    await person.wait_until(lambda: one_more in person.messages)
    assert len(person.on_screen()) == 6
    with pytest.raises(Refused, match="not on this phone's screen"):
        await person.click(person.messages[panel], "Stop")
    await at_desk.wait_until(lambda: one_more in at_desk.messages)
    pressing = asyncio.create_task(at_desk.click(at_desk.messages[panel], "Stop"))
    await house.bot.callback(await house.bot.event("INTERACTION_CREATE"), 6)
    assert (await pressing).answer == "deferred_update"


async def test_an_ephemeral_answer_takes_up_room_until_it_is_deleted(house: House) -> None:
    person = await at_phone(house)
    panel = await posted(house, person, body=PANEL)
    for _ in range(5):
        interaction, reply = await house.interaction(person)
        await house.bot.callback(interaction, 4, {"content": "done", "flags": EPHEMERAL})
        await reply
    assert panel in {one.message_id for one in person.on_screen()}
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 4, {"content": "done", "flags": EPHEMERAL})
    await reply
    assert panel not in {one.message_id for one in person.on_screen()}
    await house.bot.request("DELETE", house.bot.webhook(interaction, "/messages/@original"))
    await person.wait_until(lambda: panel in {one.message_id for one in person.on_screen()})


async def test_only_direct_messages_make_a_sound_and_the_call_can_hide_the_chat(house: House) -> None:
    person = await at_phone(house, phone=Phone(is_chat_open=False))
    await posted(house, person)
    assert person.on_screen() == []
    opened = await house.bot.request("POST", "/users/@me/channels", {"recipient_id": str(person.user_id)})
    direct = int(opened.data["id"])
    for body in ({"content": "now"}, {"content": "silent", "flags": SILENT}):
        await house.post(body, direct)
    await person.wait_until(lambda: len(person.on_screen()) == 2)
    assert [one.text for one in person.rung] == ["now"]


async def test_who_leaves_the_server_keeps_the_direct_messages_and_the_commands_there(house: House) -> None:
    about_oneself, of_guild = {"name": "consent", "contexts": [0, 1]}, {"name": "session", "contexts": [0]}
    await house.bot.register(about_oneself, of_guild)
    person = await house.person()
    direct = await person.open_dm()
    await person.leave_guild()
    path = f"/guilds/{house.world.guild_id}/members/{person.user_id}"
    assert (await house.bot.request("GET", path)).refusal == (404, 10007)
    with pytest.raises(Refused, match="sees no channel"):
        await person.slash(house.text_channel, "consent")
    with pytest.raises(Refused):
        await person.slash(direct, "session")
    asking = asyncio.create_task(person.slash(direct, "consent"))
    interaction = await house.bot.event("INTERACTION_CREATE")
    assert (interaction["context"], "guild_id" in interaction) == (1, False)
    await house.bot.callback(interaction, 4, {"content": "yours", "flags": EPHEMERAL})
    assert (await asking).text == "yours"
