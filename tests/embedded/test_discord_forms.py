"""Discord's limits for messages, components, forms and commands. A body that breaks one is refused with 50035."""

from __future__ import annotations

from typing import Any

import pytest

from tests.embedded.raw_bot import V2, House

Body = dict[str, Any]


def button(custom_id: str = "press", **more: Any) -> Body:
    return {"type": 2, "style": 1, "label": "Press", "custom_id": custom_id} | more


def row(*children: Body) -> Body:
    return {"type": 1, "components": list(children)}


def text(content: str = "text") -> Body:
    return {"type": 10, "content": content}


def menu(count: int, **more: Any) -> Body:
    return {"type": 3, "custom_id": "menu", "options": options(count)} | more


def v2(*components: Body, **more: Any) -> Body:
    return {"flags": V2, "components": list(components)} | more


def label(component: Body, text: str = "Label", **more: Any) -> Body:
    return {"type": 18, "label": text, "component": component} | more


def typed(custom_id: str = "typed", **more: Any) -> Body:
    return {"type": 4, "custom_id": custom_id, "style": 1} | more


def modal(*components: Body, **more: Any) -> Body:
    return {"custom_id": "form", "title": "Form", "components": list(components or (label(typed()),))} | more


def options(count: int) -> list[Body]:
    return [{"label": f"{number}", "value": f"{number}"} for number in range(count)]


async def test_a_message_may_use_its_limits_to_the_full(house: House) -> None:
    full = [row(*(button(f"{column}-{number}") for column in range(5))) for number in range(5)]
    assert (await house.post({"content": "x" * 2000, "components": full})).status == 200
    assert (await house.post(v2(*(text("x" * 100) for _ in range(40))))).status == 200
    largest = row(menu(25, placeholder="x" * 150))
    assert (await house.post({"content": "x", "components": [largest]})).status == 200


MESSAGES: list[tuple[str, Body, tuple[str | int, ...], str]] = [
    ("content over 2,000", {"content": "x" * 2001}, ("content",), "BASE_TYPE_MAX_LENGTH"),
    ("6 rows", {"components": [row(button(f"{n}")) for n in range(6)]}, ("components",), "BASE_TYPE_BAD_LENGTH"),
    (
        "6 buttons in a row",
        {"components": [row(*(button(f"{n}") for n in range(6)))]},
        ("components", 0, "components"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a menu beside a button",
        {"components": [row(menu(2), button())]},
        ("components", 0, "components"),
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    ("an empty row", {"components": [row()]}, ("components", 0, "components"), "BASE_TYPE_BAD_LENGTH"),
    (
        "a custom id over 100",
        {"components": [row(button("x" * 101))]},
        ("components", 0, "components", 0, "custom_id"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "an empty custom id",
        {"components": [row(button(""))]},
        ("components", 0, "components", 0, "custom_id"),
        "BASE_TYPE_REQUIRED",
    ),
    (
        "the same custom id twice",
        {"components": [row(button("same")), row(button("same"))]},
        ("components",),
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    (
        "a button's label over 80",
        {"components": [row(button(label="x" * 81))]},
        ("components", 0, "components", 0, "label"),
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "a button without label and emoji",
        {"components": [row(button(label=None))]},
        ("components", 0, "components", 0),
        "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
    ),
    (
        "26 options",
        {"components": [row(menu(26))]},
        ("components", 0, "components", 0, "options"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "the same option twice",
        {"components": [row(menu(0, options=options(1) * 2))]},
        ("components", 0, "components", 0, "options", 1, "value"),
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    (
        "an option's description over 100",
        {"components": [row(menu(0, options=[options(1)[0] | {"description": "x" * 101}]))]},
        ("components", 0, "components", 0, "options", 0, "description"),
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "more values than options",
        {"components": [row(menu(2, max_values=3))]},
        ("components", 0, "components", 0, "max_values"),
        "NUMBER_TYPE_MAX",
    ),
    ("a text display without V2", {"components": [text()]}, ("components", 0, "type"), "BASE_TYPE_CHOICES"),
    (
        "content beside V2",
        v2(text(), content="beside"),
        ("content",),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        "embeds beside V2",
        v2(text(), embeds=[{"title": "beside"}]),
        ("embeds",),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        "41 components in a tree",
        v2({"type": 17, "components": [text(f"{n}") for n in range(40)]}),
        ("components",),
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    (
        "over 4,000 characters in all text displays",
        v2(text("x" * 2000), {"type": 17, "components": [text("x" * 2001)]}),
        ("components",),
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    (
        "a container in a container",
        v2({"type": 17, "components": [{"type": 17, "components": [text()]}]}),
        ("components", 0, "components", 0, "type"),
        "BASE_TYPE_CHOICES",
    ),
    (
        "a section of 4 texts",
        v2({"type": 9, "components": [text()] * 4, "accessory": button()}),
        ("components", 0, "components"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a section without accessory",
        v2({"type": 9, "components": [text()]}),
        ("components", 0, "accessory"),
        "BASE_TYPE_REQUIRED",
    ),
    (
        "a file that was not sent along",
        v2({"type": 13, "file": {"url": "attachment://missing.txt"}}),
        ("components", 0, "file", "url"),
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    (
        "an embed over 6,000",
        {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
        ("embeds",),
        "MAX_EMBED_SIZE_EXCEEDED",
    ),
    ("11 embeds", {"embeds": [{"title": "x"}] * 11}, ("embeds",), "BASE_TYPE_BAD_LENGTH"),
]


@pytest.mark.parametrize(("body", "path", "code"), [case[1:] for case in MESSAGES], ids=[c[0] for c in MESSAGES])
async def test_a_message_that_breaks_a_limit_is_refused(
    house: House, body: Body, path: tuple[str | int, ...], code: str
) -> None:
    refused = await house.post(body)
    assert refused.refusal == (400, 50035)
    assert refused.data["message"] == "Invalid Form Body"
    assert refused.fault_at(*path) == code


MODALS: list[tuple[str, Body, tuple[str | int, ...], str]] = [
    (
        "6 fields",
        modal(*(label(typed(f"{n}")) for n in range(6))),
        ("components",),
        "BASE_TYPE_BAD_LENGTH",
    ),
    ("a title over 45", modal(title="x" * 46), ("title",), "BASE_TYPE_BAD_LENGTH"),
    ("no title", modal(title=""), ("title",), "BASE_TYPE_REQUIRED"),
    ("a custom id over 100", modal(custom_id="x" * 101), ("custom_id",), "BASE_TYPE_BAD_LENGTH"),
    (
        "a label over 45",
        modal(label(typed(), "x" * 46)),
        ("components", 0, "label"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a description over 100",
        modal(label(typed(), description="x" * 101)),
        ("components", 0, "description"),
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "a placeholder over 100",
        modal(label(typed(placeholder="x" * 101))),
        ("components", 0, "component", "placeholder"),
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        "the same custom id twice",
        modal(label(typed()), label(typed())),
        ("components",),
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    (
        "a button in a form",
        modal(label(button())),
        ("components", 0, "component", "type"),
        "BASE_TYPE_CHOICES",
    ),
    ("a bare text input", modal(typed()), ("components", 0, "type"), "BASE_TYPE_CHOICES"),
    (
        "a radio group of one",
        modal(label({"type": 21, "custom_id": "r", "options": options(1)})),
        ("components", 0, "component", "options"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a radio group of 11",
        modal(label({"type": 21, "custom_id": "r", "options": options(11)})),
        ("components", 0, "component", "options"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a checkbox group of 11",
        modal(label({"type": 22, "custom_id": "c", "options": options(11)})),
        ("components", 0, "component", "options"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a menu of 26",
        modal(label(menu(26))),
        ("components", 0, "component", "options"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a length over 4,000",
        modal(label(typed(max_length=4001))),
        ("components", 0, "component", "max_length"),
        "NUMBER_TYPE_MAX",
    ),
    (
        "more characters wanted than fit",
        modal(label(typed(min_length=10, max_length=9))),
        ("components", 0, "component", "min_length"),
        "NUMBER_TYPE_MAX",
    ),
]


@pytest.mark.parametrize(("body", "path", "code"), [case[1:] for case in MODALS], ids=[c[0] for c in MODALS])
async def test_a_form_that_breaks_a_limit_is_refused(
    house: House, body: Body, path: tuple[str | int, ...], code: str
) -> None:
    interaction, reply = await house.interaction(await house.person())
    refused = await house.bot.callback(interaction, 9, body)
    assert refused.refusal == (400, 50035)
    assert refused.fault_at("data", *path) == code
    assert (await house.bot.callback(interaction, 9, modal())).status == 200
    await reply


def option(name: str = "option", kind: int = 3, **more: Any) -> Body:
    return {"name": name, "type": kind, "description": "what it is"} | more


COMMANDS: list[tuple[str, Body, tuple[str | int, ...], str]] = [
    ("upper case", {"name": "Hello"}, (0, "name"), "APPLICATION_COMMAND_INVALID_NAME"),
    ("a blank", {"name": "say hello"}, (0, "name"), "APPLICATION_COMMAND_INVALID_NAME"),
    ("a name over 32", {"name": "x" * 33}, (0, "name"), "BASE_TYPE_BAD_LENGTH"),
    ("no description", {"name": "hello", "description": ""}, (0, "description"), "BASE_TYPE_REQUIRED"),
    (
        "a description over 100",
        {"name": "hello", "description": "x" * 101},
        (0, "description"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "a required option after an optional one",
        {"name": "hello", "options": [option("one"), option("two", required=True)]},
        (0, "options", 1),
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    (
        "26 options",
        {"name": "hello", "options": [option(f"o{number}") for number in range(26)]},
        (0, "options"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "26 choices",
        {"name": "hello", "options": [option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)])]},
        (0, "options", 0, "choices"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    (
        "the same option twice",
        {"name": "hello", "options": [option("one"), option("one")]},
        (0, "options", 1, "name"),
        "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    ),
    (
        "a bad name in a subcommand",
        {"name": "hello", "options": [option("start", 1, options=[option("Bad")])]},
        (0, "options", 0, "options", 0, "name"),
        "APPLICATION_COMMAND_INVALID_NAME",
    ),
]


@pytest.mark.parametrize(("command", "path", "code"), [case[1:] for case in COMMANDS], ids=[c[0] for c in COMMANDS])
async def test_a_command_that_breaks_a_rule_is_refused(
    house: House, command: Body, path: tuple[str | int, ...], code: str
) -> None:
    refused = await house.bot.register(command)
    assert refused.refusal == (400, 50035)
    assert refused.fault_at(*path) == code


async def test_two_commands_of_one_name_are_refused(house: House) -> None:
    assert (await house.bot.register({"name": "hello"}, {"name": "hello"})).refusal == (400, 50035)


async def test_a_form_may_use_its_limits_to_the_full(house: House) -> None:
    fields = (
        label(typed("a", max_length=4000, placeholder="x" * 100), "x" * 45, description="x" * 100),
        label(menu(25)),
        label({"type": 21, "custom_id": "r", "options": options(10)}),
        label({"type": 22, "custom_id": "c", "options": options(10)}),
        label({"type": 23, "custom_id": "b"}),
    )
    interaction, reply = await house.interaction(await house.person())
    accepted = await house.bot.callback(interaction, 9, modal(*fields, title="x" * 45))
    assert accepted.status == 200
    assert len((await reply).modal.fields) == 5
