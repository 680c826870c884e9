"""What the bot can still say after its first answer: to whom, how it can be changed, and until when."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.embedded.client.person import Person
from tests.embedded.raw_bot import EPHEMERAL, V2, House

CARD = {"type": 1, "components": [{"type": 2, "style": 1, "label": "My card", "custom_id": "card"}]}


async def card_pressed(house: House, person: Person) -> dict[str, Any]:
    """Let a person press My card and get a private answer; returns the interaction."""
    await house.post({"content": "panel", "components": [CARD]})
    panel = await person.wait_for_message(lambda each: bool(each.buttons))
    pressing = asyncio.create_task(person.click(panel, "My card"))
    interaction = await house.bot.event("INTERACTION_CREATE")
    await house.bot.callback(interaction, 5, {"flags": EPHEMERAL})
    await house.bot.request("PATCH", house.bot.webhook(interaction, "/messages/@original"), {"content": "your card"})
    assert (await pressing).text == "your card"
    return interaction


async def test_a_cue_minutes_later_is_seen_by_its_performer_alone(house: House) -> None:
    performer, other = await house.person(0), await house.person(1)
    interaction = await card_pressed(house, performer)
    house.clock.ahead_s = 890
    private = {"content": "**Now:** anger", "flags": EPHEMERAL}
    assert (await house.bot.request("POST", house.bot.webhook(interaction), private)).status == 204
    cue = await performer.wait_for_message(lambda each: "**Now:**" in each.text)
    assert (cue.is_ephemeral, cue.interaction_id) == (True, int(interaction["id"]))
    await house.post({"content": "afterwards"})
    await other.wait_for_message(lambda each: each.text == "afterwards")
    assert all("Now" not in message.text for message in other.messages.values())
    created = {entry["message_id"]: entry["viewer_id"] for entry in house.journal("message_created")}
    assert created[cue.message_id] == performer.user_id


async def test_after_15_minutes_the_card_takes_no_cue_any_more(house: House) -> None:
    interaction = await card_pressed(house, await house.person())
    house.clock.ahead_s = 901
    late = await house.bot.request("POST", house.bot.webhook(interaction), {"content": "x", "flags": EPHEMERAL})
    assert late.refusal == (401, 50027)


async def test_a_follow_up_is_changed_and_deleted_by_its_own_id(house: House) -> None:
    performer = await house.person()
    interaction = await card_pressed(house, performer)
    sent = await house.bot.request(
        "POST", house.bot.webhook(interaction, "?wait=1"), {"content": "1", "flags": EPHEMERAL}
    )
    path = house.bot.webhook(interaction, f"/messages/{sent.data['id']}")
    assert (await house.bot.request("PATCH", path, {"content": "2"})).status == 200
    await performer.wait_for_message(lambda each: each.text == "2")
    assert (await house.bot.request("DELETE", path)).status == 204
    await performer.wait_until(lambda: int(sent.data["id"]) not in performer.messages)
    assert any(message.text == "your card" for message in performer.messages.values())
    assert (await house.bot.request("PATCH", path, {"content": "3"})).refusal == (404, 10008)


async def test_another_interactions_token_does_not_reach_a_card(house: House) -> None:
    interaction = await card_pressed(house, await house.person(0))
    card = (await house.bot.request("GET", house.bot.webhook(interaction, "/messages/@original"))).data
    other, reply = await house.interaction(await house.person(1))
    await house.bot.callback(other, 4, {"content": "x"})
    await reply
    path = house.bot.webhook(other, f"/messages/{card['id']}")
    assert (await house.bot.request("PATCH", path, {"content": "seen"})).refusal == (404, 10008)


async def test_an_update_changes_the_panel_for_everyone_and_keeps_what_it_is(house: House) -> None:
    presser, other = await house.person(0), await house.person(1)
    panel = {"flags": V2, "components": [{"type": 10, "content": "revision 1"}, CARD]}
    posted = (await house.post(panel, house.voice_channel)).data
    message = await presser.wait_for_message(lambda each: bool(each.buttons))
    pressing = asyncio.create_task(presser.click(message, "My card"))
    pressed = await house.bot.event("INTERACTION_CREATE")
    await house.bot.callback(pressed, 7, {"components": [{"type": 10, "content": "revision 2"}]})
    answer = await pressing
    assert (answer.answer, answer.text) == ("update", "revision 2")
    seen = await other.wait_for_message(lambda each: each.text == "revision 2")
    assert (seen.message_id, seen.is_ephemeral) == (int(posted["id"]), False)


async def test_a_deferred_update_shows_nothing_and_later_answers_are_private_only_when_asked(house: House) -> None:
    presser, other = await house.person(0), await house.person(1)
    await house.post({"content": "panel", "components": [CARD]})
    panel = await presser.wait_for_message(lambda each: bool(each.buttons))
    pressing = asyncio.create_task(presser.click(panel, "My card"))
    pressed = await house.bot.event("INTERACTION_CREATE")
    await house.bot.callback(pressed, 6)
    assert (await pressing).message is None
    assert [message.text for message in presser.messages.values()] == ["panel"]
    await house.bot.request("POST", house.bot.webhook(pressed), {"content": "for all"})
    assert not (await other.wait_for_message(lambda each: each.text == "for all")).is_ephemeral


async def test_a_deferred_answer_that_is_deleted_leaves_nothing(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 5, {"flags": EPHEMERAL})
    assert (await house.bot.request("DELETE", house.bot.webhook(interaction, "/messages/@original"))).status == 204
    assert (await reply).message is None
    assert person.messages == {}


async def test_a_button_in_a_direct_message_can_be_pressed(house: House) -> None:
    person = await house.person()
    opened = await house.bot.request("POST", "/users/@me/channels", {"recipient_id": str(person.user_id)})
    dm = int(opened.data["id"])
    await house.post({"content": "**Now:** anger", "components": [CARD]}, dm)
    message = await person.wait_for_message(lambda each: each.channel_id == dm)
    pressing = asyncio.create_task(person.click(message, "My card"))
    pressed = await house.bot.event("INTERACTION_CREATE")
    assert (pressed["user"]["id"], "member" in pressed, "guild_id" in pressed) == (str(person.user_id), False, False)
    await house.bot.callback(pressed, 7, {"content": "told"})
    assert (await pressing).text == "told"


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"components": []}), ("DELETE", None)])
async def test_after_a_deferred_update_the_buttons_own_message_is_the_original(
    house: House, method: str, body: dict[str, Any] | None
) -> None:
    person = await house.person()
    opened = await house.bot.request("POST", "/users/@me/channels", {"recipient_id": str(person.user_id)})
    await house.post({"content": "**Now:** anger", "components": [CARD]}, int(opened.data["id"]))
    message = await person.wait_for_message(lambda each: bool(each.buttons))
    pressing = asyncio.create_task(person.click(message, "My card"))
    pressed = await house.bot.event("INTERACTION_CREATE")
    await house.bot.callback(pressed, 6)
    await pressing
    await house.bot.request(method, house.bot.webhook(pressed, "/messages/@original"), body)
    shown = person.messages
    if body is None:
        await person.wait_until(lambda: message.message_id not in shown)
    else:
        await person.wait_until(lambda: not shown[message.message_id].buttons)
        assert shown[message.message_id].text == "**Now:** anger"
