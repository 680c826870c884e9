"""Select menus: what they offer, what the bot is told about a choice, and forms that open from them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.embedded.client.person import Person, Refused
from bot.embedded.guild.world import Overwrite, Permission, World
from tests.embedded.raw_bot import V2, House, open_house

Body = dict[str, Any]
USERS, ROLES, MENTIONABLES, CHANNELS = 5, 6, 7, 8
MODAL = {
    "custom_id": "note",
    "title": "Note",
    "components": [{"type": 18, "label": "Text", "component": {"type": 4, "custom_id": "text", "style": 2}}],
}


def menu(kind: int, **more: Any) -> Body:
    return {"type": kind, "custom_id": "menu"} | more


def row(component: Body) -> Body:
    return {"type": 1, "components": [component]}


async def choose(house: House, person: Person, component: Body, *values: str) -> Body:
    """Post a menu, let a person choose, and acknowledge; returns the interaction as the bot got it."""
    await house.post({"flags": V2, "components": [row(component)]})
    message = await person.wait_for_message(lambda each: bool(each.selects))
    choosing = asyncio.create_task(person.select(message, "menu", *values))
    chosen = asyncio.create_task(house.bot.event("INTERACTION_CREATE"))
    await asyncio.wait({choosing, chosen}, return_when=asyncio.FIRST_COMPLETED)
    if choosing.done():
        chosen.cancel()
        await choosing
    interaction = await chosen
    await house.bot.callback(interaction, 6)
    await choosing
    return interaction


async def test_a_chosen_role_comes_with_what_it_is(house: House) -> None:
    [role] = house.world.roles
    data = (await choose(house, await house.person(), menu(ROLES), str(role.role_id)))["data"]
    assert (data["component_type"], data["values"]) == (ROLES, [str(role.role_id)])
    assert data["resolved"]["roles"][str(role.role_id)]["name"] == "Coordinator"


async def test_a_chosen_channel_comes_with_what_the_bot_may_do_there(house: House) -> None:
    stage = str(house.voice_channel)
    data = (await choose(house, await house.person(), menu(CHANNELS, channel_types=[2]), stage))["data"]
    channel = data["resolved"]["channels"][stage]
    assert (channel["name"], channel["type"]) == ("Stage", 2)
    assert int(channel["permissions"]) & Permission.CONNECT


async def test_chosen_people_and_roles_are_told_apart(house: House) -> None:
    role, somebody = str(house.world.roles[0].role_id), str(house.world.people[1].user_id)
    both = menu(MENTIONABLES, max_values=2)
    resolved = (await choose(house, await house.person(), both, role, somebody))["data"]["resolved"]
    assert list(resolved["roles"]) == [role]
    assert list(resolved["users"]) == list(resolved["members"]) == [somebody]


async def test_a_channel_of_another_type_is_not_offered(house: House) -> None:
    with pytest.raises(Refused, match="does not offer the channel"):
        await choose(house, await house.person(), menu(CHANNELS, channel_types=[2]), str(house.text_channel))


async def test_a_channel_that_a_person_cannot_see_is_not_offered(world: World, tmp_path: Path) -> None:
    hidden = Overwrite(world.guild_id, "role", deny=int(Permission.VIEW_CHANNEL))
    seen, unseen = world.channels
    async with open_house(replace(world, channels=(seen, replace(unseen, overwrites=(hidden,)))), tmp_path) as house:
        await house.bot.connect()
        with pytest.raises(Refused, match="does not offer the channel"):
            await choose(house, await house.person(), menu(CHANNELS), str(house.voice_channel))


async def test_a_menu_shows_its_defaults_and_a_choice_replaces_them(house: House) -> None:
    options = [{"label": name, "value": name.lower(), "default": name == "Time"} for name in ("None", "Time")]
    chosen = await choose(house, await house.person(), menu(3, options=options), "None")
    assert chosen["data"]["values"] == ["none"]
    shown = chosen["message"]["components"][0]["components"][0]["options"]
    assert [option["default"] for option in shown] == [False, True]


DEFAULTS: list[tuple[str, Body, tuple[str | int, ...], str]] = [
    (
        "more defaults than can be chosen",
        menu(3, options=[{"label": f"{n}", "value": f"{n}", "default": True} for n in range(2)]),
        ("options",),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "more default roles than can be chosen",
        menu(ROLES, default_values=[{"id": f"{n}", "type": "role"} for n in range(2)]),
        ("default_values",),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a default of another type",
        menu(ROLES, default_values=[{"id": "1", "type": "user"}]),
        ("default_values", 0, "type"),
        "BASE_TYPE_CHOICES",
    ),
]


@pytest.mark.parametrize(("component", "path", "code"), [each[1:] for each in DEFAULTS], ids=[d[0] for d in DEFAULTS])
async def test_defaults_that_cannot_be_are_refused(
    house: House, component: Body, path: tuple[str | int, ...], code: str
) -> None:
    refused = await house.post({"flags": V2, "components": [row(component)]})
    assert refused.refusal == (400, 50035)
    assert refused.fault_at("components", 0, "components", 0, *path) == code


async def test_a_form_opens_from_a_menu_and_its_answer_updates_the_menus_message(house: House) -> None:
    person, other = await house.person(0), await house.person(1)
    options = [{"label": "Add", "value": "add"}]
    await house.post({"flags": V2, "components": [row(menu(3, options=options))]})
    message = await person.wait_for_message(lambda each: bool(each.selects))
    choosing = asyncio.create_task(person.select(message, "menu", "Add"))
    await house.bot.callback(await house.bot.event("INTERACTION_CREATE"), 9, MODAL)
    submitting = asyncio.create_task(person.submit((await choosing).modal, {"Text": "louder"}))
    submitted = await house.bot.event("INTERACTION_CREATE")
    assert submitted["message"]["id"] == str(message.message_id)
    updated = {"components": [{"type": 10, "content": "noted"}]}
    assert (await house.bot.callback(submitted, 7, updated)).status == 200
    assert (await submitting).text == "noted"
    await other.wait_for_message(lambda each: each.message_id == message.message_id and each.text == "noted")


async def test_menus_of_a_form_come_with_what_was_chosen(house: House) -> None:
    person, role = await house.person(), str(house.world.roles[0].role_id)
    fields = [
        {"type": 18, "label": "Role", "component": menu(ROLES, default_values=[{"id": role, "type": "role"}])},
        {"type": 18, "label": "Channel", "component": menu(CHANNELS, custom_id="channel")},
    ]
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 9, {"custom_id": "settings", "title": "Settings", "components": fields})
    submitting = asyncio.create_task(person.submit((await reply).modal, {"channel": str(house.voice_channel)}))
    submitted = await house.bot.event("INTERACTION_CREATE")
    assert [part["component"]["values"] for part in submitted["data"]["components"]] == [
        [role],
        [str(house.voice_channel)],
    ]
    assert submitted["data"]["resolved"].keys() == {"roles", "channels"}
    await house.bot.callback(submitted, 4, {"content": "thanks"})
    await submitting


async def test_a_disabled_menu_in_a_form_is_refused(house: House) -> None:
    interaction, reply = await house.interaction(await house.person())
    field = {"type": 18, "label": "Role", "component": menu(ROLES, disabled=True)}
    refused = await house.bot.callback(
        interaction, 9, {"custom_id": "settings", "title": "Settings", "components": [field]}
    )
    assert refused.refusal == (400, 50035)
    assert "disabled" in refused.data["errors"]["data"]["components"]["0"]["component"]
    reply.cancel()


async def test_a_file_field_of_a_form_is_refused_by_the_cast(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    field = {"type": 18, "label": "Deck", "component": {"type": 19, "custom_id": "deck"}}
    await house.bot.callback(interaction, 9, {"custom_id": "import", "title": "Import", "components": [field]})
    with pytest.raises(Refused, match="cannot put a file into a form"):
        await person.submit((await reply).modal, {"deck": "everyday.toml"})
