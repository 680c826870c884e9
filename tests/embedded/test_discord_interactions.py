"""Discord's rules of interactions: deadlines, acknowledgements, ephemeral messages, modals. One test per rule."""

from __future__ import annotations

import asyncio

import pytest

from bot.embedded.client.person import Refused
from tests.embedded.raw_bot import EPHEMERAL, House

MODAL = {
    "custom_id": "form",
    "title": "Form",
    "components": [
        {"type": 18, "label": "Name", "component": {"type": 4, "custom_id": "name", "style": 1, "max_length": 9}}
    ],
}
BUTTON = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Press", "custom_id": "press"}]}


async def test_an_answer_after_3_seconds_is_unknown_interaction(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    house.clock.ahead_s = 3.01
    late = await house.bot.callback(interaction, 4, {"content": "late"})
    assert late.refusal == (404, 10062)
    reply.cancel()


async def test_the_person_is_told_after_3_seconds_of_silence(house: House) -> None:
    person = await house.person()
    _, reply = await house.interaction(person)
    answer = await reply
    assert answer.failure == "The application did not respond."
    assert 2.9 < answer.answered_at - answer.asked_at < 3.6
    assert len(house.journal("interaction_failed")) == 1


async def test_a_second_acknowledgement_is_refused(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    first = await house.bot.callback(interaction, 4, {"content": "once"})
    assert first.status == 200
    assert first.data["interaction"]["type"] == 2
    assert first.data["resource"]["message"]["content"] == "once"
    assert (await house.bot.callback(interaction, 4, {"content": "twice"})).refusal == (400, 40060)
    assert (await reply).text == "once"


async def test_of_two_acknowledgements_at_the_same_time_one_is_accepted(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    both = [house.bot.callback(interaction, 4, {"content": f"{number}"}) for number in range(2)]
    assert sorted(answer.status for answer in await asyncio.gather(*both)) == [200, 400]
    await reply


async def test_a_wrong_interaction_token_is_unknown(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    forged = interaction | {"token": "wrong"}
    assert (await house.bot.callback(forged, 4, {"content": "x"})).refusal == (404, 10062)
    assert (await house.bot.request("POST", house.bot.webhook(forged), {"content": "x"})).refusal == (404, 10015)
    reply.cancel()


async def test_a_follow_up_before_any_answer_is_refused(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    refused = await house.bot.request("POST", house.bot.webhook(interaction), {"content": "early"})
    assert refused.refusal == (404, 10015)
    reply.cancel()


async def test_the_token_ends_after_15_minutes(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 4, {"content": "card", "flags": EPHEMERAL})
    await reply
    house.clock.ahead_s = 899
    follow_up = house.bot.webhook(interaction)
    assert (await house.bot.request("POST", f"{follow_up}?wait=1", {"content": "in time"})).status == 200
    house.clock.ahead_s = 901
    assert (await house.bot.request("POST", follow_up, {"content": "late"})).refusal == (401, 50027)
    original = house.bot.webhook(interaction, "/messages/@original")
    assert (await house.bot.request("PATCH", original, {"content": "late"})).refusal == (401, 50027)


async def test_an_ephemeral_answer_is_seen_by_its_person_alone(house: House) -> None:
    one, other = await house.person(0), await house.person(1)
    interaction, reply = await house.interaction(one)
    await house.bot.callback(interaction, 4, {"content": "secret", "flags": EPHEMERAL, "components": [BUTTON]})
    message = (await reply).message
    assert message.is_ephemeral
    assert message.text == "secret"
    await house.post({"content": "public"})
    await other.wait_for_message(lambda each: each.text == "public")
    assert message.message_id not in other.messages
    with pytest.raises(Refused, match="does not see that message"):
        await other.click(message, "press")
    press = asyncio.create_task(one.click(message, "press"))
    pressed = await house.bot.event("INTERACTION_CREATE")
    assert pressed["message"]["id"] == str(message.message_id)
    await house.bot.callback(pressed, 7, {"content": "seen", "components": []})
    assert (await press).text == "seen"


async def test_a_person_who_comes_later_sees_no_ephemeral_message_of_others(house: House) -> None:
    one = await house.person(0)
    interaction, reply = await house.interaction(one)
    await house.bot.callback(interaction, 4, {"content": "secret", "flags": EPHEMERAL})
    await reply
    await house.post({"content": "public"})
    late = await house.person(2)
    assert [each.text for each in late.messages.values()] == ["public"]


async def test_an_ephemeral_message_is_not_reached_through_its_channel(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 4, {"content": "secret", "flags": EPHEMERAL})
    path = f"/channels/{house.text_channel}/messages/{(await reply).message.message_id}"
    assert (await house.bot.request("PATCH", path, {"content": "x"})).refusal == (404, 10008)
    assert (await house.bot.request("GET", path)).refusal == (404, 10008)
    assert (await house.bot.request("DELETE", path)).refusal == (404, 10008)
    listed = await house.bot.request("GET", f"/channels/{house.text_channel}/messages")
    assert listed.data == []


async def test_no_one_is_sent_an_ephemeral_message_unasked(house: House) -> None:
    person = await house.person()
    sent = await house.post({"content": "hidden?", "flags": EPHEMERAL})
    assert sent.data["flags"] == 0
    assert not (await person.wait_for_message(lambda each: each.text == "hidden?")).is_ephemeral


async def test_a_modal_is_a_first_answer_only(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 5)
    assert (await house.bot.callback(interaction, 9, MODAL)).refusal == (400, 40060)
    reply.cancel()


async def test_no_modal_answers_a_modal_submit(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 9, MODAL)
    submit = asyncio.create_task(person.submit((await reply).modal, {"Name": "Ada"}))
    submitted = await house.bot.event("INTERACTION_CREATE")
    refused = await house.bot.callback(submitted, 9, MODAL)
    assert refused.refusal == (400, 50035)
    assert refused.fault_at("type") == "BASE_TYPE_CHOICES"
    await house.bot.callback(submitted, 4, {"content": "thanks"})
    assert (await submit).text == "thanks"


async def test_a_command_cannot_be_answered_by_updating_a_message(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    assert (await house.bot.callback(interaction, 7, {"content": "x"})).refusal == (400, 50035)
    reply.cancel()


async def test_a_submitted_form_carries_what_was_typed(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 9, MODAL)
    submit = asyncio.create_task(person.submit((await reply).modal, {"name": "Ada"}))
    submitted = await house.bot.event("INTERACTION_CREATE")
    assert submitted["data"]["components"][0]["component"]["value"] == "Ada"
    await house.bot.callback(submitted, 4, {"content": "thanks"})
    await submit


@pytest.mark.parametrize(("typed", "sentence"), [({}, "must be filled in"), ({"name": "x" * 10}, "characters")])
async def test_a_client_does_not_submit_a_form_that_does_not_fit(
    house: House, typed: dict[str, str], sentence: str
) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 9, MODAL)
    with pytest.raises(Refused, match=sentence):
        await person.submit((await reply).modal, typed)


async def test_a_form_that_was_closed_is_lost(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 9, MODAL)
    modal = (await reply).modal
    await person.close_modal()
    with pytest.raises(Refused, match="does not have that form"):
        await person.submit(modal, {"name": "Ada"})


async def test_the_first_follow_up_fills_in_a_deferred_answer(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    deferred = await house.bot.callback(interaction, 5, {"flags": EPHEMERAL})
    assert deferred.data["interaction"]["response_message_loading"] is True
    # The follow-up asks for a public message, but a deferred private answer stays private.
    sent = await house.bot.request("POST", house.bot.webhook(interaction, "?wait=1"), {"content": "done"})
    assert sent.data["id"] == deferred.data["interaction"]["response_message_id"]
    answer = await reply
    assert (answer.text, answer.message.is_ephemeral) == ("done", True)


async def test_a_dismissed_message_cannot_be_pressed_on(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 4, {"content": "x", "flags": EPHEMERAL, "components": [BUTTON]})
    message = (await reply).message
    await person.dismiss(message)
    with pytest.raises(Refused, match="does not see that message"):
        await person.click(message, "press")


async def test_a_disabled_button_cannot_be_pressed(house: House) -> None:
    person = await house.person()
    off = {"type": 1, "components": [BUTTON["components"][0] | {"disabled": True}]}
    await house.post({"content": "x", "components": [off]})
    message = await person.wait_for_message(lambda each: bool(each.buttons))
    with pytest.raises(Refused, match="disabled"):
        await person.click(message, "press")


async def test_the_source_message_of_a_press_is_the_original(house: House) -> None:
    person = await house.person()
    await house.post({"content": "panel", "components": [BUTTON]})
    message = await person.wait_for_message(lambda each: bool(each.buttons))
    press = asyncio.create_task(person.click(message, "Press"))
    pressed = await house.bot.event("INTERACTION_CREATE")
    await house.bot.callback(pressed, 6)
    assert (await press).answer == "deferred_update"
    original = house.bot.webhook(pressed, "/messages/@original")
    assert (await house.bot.request("PATCH", original, {"content": "changed"})).status == 200
    await person.wait_for_message(lambda each: each.text == "changed")
    private = {"content": "for you", "flags": EPHEMERAL}
    await house.bot.request("POST", house.bot.webhook(pressed), private)
    follow_up = await person.wait_for_message(lambda each: each.text == "for you")
    assert follow_up.is_ephemeral
    assert follow_up.interaction_id == int(pressed["id"])


async def test_a_menu_is_chosen_from_by_label(house: House) -> None:
    person = await house.person()
    options = [{"label": "Joy", "value": "1"}, {"label": "Fear", "value": "2"}]
    menu = {"type": 3, "custom_id": "emotion", "options": options}
    await house.post({"content": "x", "components": [{"type": 1, "components": [menu]}]})
    message = await person.wait_for_message(lambda each: bool(each.selects))
    choose = asyncio.create_task(person.select(message, "emotion", "Fear"))
    chosen = await house.bot.event("INTERACTION_CREATE")
    assert chosen["data"]["values"] == ["2"]
    await house.bot.callback(chosen, 6)
    await choose
    with pytest.raises(Refused, match="offers"):
        await person.select(message, "emotion", "Awe")
    with pytest.raises(Refused, match="takes 1 to 1"):
        await person.select(message, "emotion", "Joy", "Fear")


async def test_completion_is_answered_with_choices_only(house: House) -> None:
    deck = {"name": "deck", "description": "which", "type": 3, "required": True, "autocomplete": True}
    await house.bot.register({"name": "deal", "options": [deck]})
    person = await house.person()
    typing = asyncio.create_task(person.autocomplete(house.text_channel, "deal", "deck", deck="ev"))
    asked = await house.bot.event("INTERACTION_CREATE")
    assert (asked["type"], asked["data"]["options"][0]["focused"]) == (4, True)
    assert (await house.bot.callback(asked, 4, {"content": "x"})).refusal == (400, 50035)
    too_many = [{"name": f"{number}", "value": f"{number}"} for number in range(26)]
    assert (await house.bot.callback(asked, 8, {"choices": too_many})).refusal == (400, 50035)
    choices = [{"name": "Everyday", "value": "everyday"}]
    assert (await house.bot.callback(asked, 8, {"choices": choices})).status == 200
    assert await typing == choices


async def test_a_command_for_managers_is_not_offered_to_others(house: House) -> None:
    await house.bot.register({"name": "hello", "default_member_permissions": "32"})
    person = await house.person()
    with pytest.raises(Refused, match="no command /hello"):
        await person.slash(house.text_channel, "hello")


async def test_a_guild_command_is_not_offered_in_a_dm(house: House) -> None:
    await house.bot.register({"name": "hello", "contexts": [0]})
    person = await house.person()
    with pytest.raises(Refused, match="no command /hello"):
        await person.slash(await person.open_dm(), "hello")
