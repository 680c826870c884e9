"""Limits of the components of a message, classic and V2. Pure functions.

Numbers and nesting: Discord's documentation, "Components" > "Component Reference", and Discord's OpenAPI description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, Final

from bot.rehearsal.embedded.errors import Form, Path


class Kind(IntEnum):
    """Component types."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS: Final = frozenset({3, 5, 6, 7, 8})
TOTAL_COMPONENTS: Final = 40
TOTAL_TEXT_LENGTH: Final = 4_000
CLASSIC_ROWS: Final = 5
ROW_BUTTONS: Final = 5
CUSTOM_ID_LENGTH: Final = 100
BUTTON_LABEL_LENGTH: Final = 80
OPTION_LENGTH: Final = 100
SELECT_OPTIONS: Final = 25
PLACEHOLDER_LENGTH: Final = 150
SECTION_TEXTS: Final = 3
LINK_STYLE: Final = 5
_TOP_LEVEL_V2: Final = (1, 9, 10, 12, 13, 14, 17)
_IN_CONTAINER: Final = (1, 9, 10, 12, 13, 14)
_ATTACHMENT_URL = re.compile(r"attachment://(.+)")


def walk(components: Any) -> Iterator[dict[str, Any]]:
    """Every component of a tree, outer ones first; also those of modals (labels)."""
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            yield component
            yield from walk(component.get("components"))
            yield from walk([component.get("component")])
            yield from walk([component.get("accessory")])


def assign_ids(components: list[dict[str, Any]]) -> None:
    """Number the components that came without an id, from 1 in the order of the tree, as Discord does."""
    taken = {each["id"] for each in walk(components) if each.get("id")}
    numbers = (number for number in range(1, 1_000) if number not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(numbers)


def check_components(form: Form, at: Path, components: Any, is_v2: bool, uploads: set[str]) -> None:
    """Note what breaks a rule in a message's components; `uploads` are the names that attachment:// may name."""
    highest = TOTAL_COMPONENTS if is_v2 else CLASSIC_ROWS
    if not form.amount(at, components, 0, highest):
        return
    everything = list(walk(components))
    if is_v2 and len(everything) > TOTAL_COMPONENTS:
        form.refuse(
            at,
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {TOTAL_COMPONENTS}",
        )
    shown = sum(len(str(each.get("content", ""))) for each in everything if each.get("type") == 10)
    if shown > TOTAL_TEXT_LENGTH:
        form.refuse(
            at,
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size cannot exceed {TOTAL_TEXT_LENGTH} characters",
        )
    check_unique_ids(form, at, components)
    for index, component in enumerate(components):
        _check(form, (*at, index), component, _TOP_LEVEL_V2 if is_v2 else (1,), uploads)


def check_unique_ids(form: Form, at: Path, components: Any) -> None:
    """Note custom ids that occur twice in one tree."""
    seen: set[str] = set()
    for component in walk(components):
        custom_id = component.get("custom_id")
        if isinstance(custom_id, str) and custom_id in seen:
            form.refuse(at, "COMPONENT_CUSTOM_ID_DUPLICATED", f"Component custom id cannot be duplicated: {custom_id}")
        seen.add(str(custom_id))


def _check(form: Form, at: Path, component: Any, allowed: tuple[int, ...], uploads: set[str]) -> None:
    kind = component.get("type") if isinstance(component, dict) else None
    if kind not in allowed:
        form.choices((*at, "type"), allowed)
        return
    inside = (*at, "components")
    if kind == Kind.ACTION_ROW:
        _check_row(form, inside, component.get("components"))
    elif kind == Kind.CONTAINER:
        if form.amount(inside, component.get("components"), 1, TOTAL_COMPONENTS):
            for index, child in enumerate(component["components"]):
                _check(form, (*inside, index), child, _IN_CONTAINER, uploads)
    elif kind == Kind.SECTION:
        _check_section(form, at, component, uploads)
    elif kind == Kind.TEXT_DISPLAY:
        form.text((*at, "content"), component.get("content"), 1, TOTAL_TEXT_LENGTH)
    elif kind == Kind.MEDIA_GALLERY:
        if form.amount((*at, "items"), component.get("items"), 1, 10):
            for index, item in enumerate(component["items"]):
                _check_media(form, (*at, "items", index, "media"), item.get("media"), uploads)
    elif kind == Kind.FILE:
        _check_media(form, (*at, "file"), component.get("file"), uploads)


def _check_section(form: Form, at: Path, component: dict[str, Any], uploads: set[str]) -> None:
    if form.amount((*at, "components"), component.get("components"), 1, SECTION_TEXTS):
        for index, child in enumerate(component["components"]):
            _check(form, (*at, "components", index), child, (Kind.TEXT_DISPLAY,), uploads)
    accessory: dict[str, Any] = component.get("accessory") or {}
    kind = accessory.get("type")
    if kind == Kind.BUTTON:
        check_button(form, (*at, "accessory"), accessory)
    elif kind == Kind.THUMBNAIL:
        _check_media(form, (*at, "accessory", "media"), accessory.get("media"), uploads)
    elif not accessory:
        form.required((*at, "accessory"))
    else:
        form.choices((*at, "accessory", "type"), (2, 11))


def _check_row(form: Form, at: Path, children: Any) -> None:
    if not form.amount(at, children, 1, ROW_BUTTONS):
        return
    # A select takes a whole row, a button a fifth of it.
    width = sum(5 if child.get("type") in SELECTS else 1 for child in children)
    if width > ROW_BUTTONS:
        form.refuse(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Components in the row exceed the maximum width of 5")
    for index, child in enumerate(children):
        if child.get("type") == Kind.BUTTON:
            check_button(form, (*at, index), child)
        elif child.get("type") in SELECTS:
            check_select(form, (*at, index), child)
        else:
            form.choices((*at, index, "type"), (2, *sorted(SELECTS)))


def check_button(form: Form, at: Path, button: dict[str, Any]) -> None:
    """Note what breaks a rule in a button."""
    style = button.get("style")
    if style not in (1, 2, 3, 4, 5):
        form.choices((*at, "style"), (1, 2, 3, 4, 5))
    if style == LINK_STYLE:
        form.text((*at, "url"), button.get("url"), 1, 512)
    else:
        form.text((*at, "custom_id"), button.get("custom_id"), 1, CUSTOM_ID_LENGTH)
    form.text((*at, "label"), button.get("label"), 0, BUTTON_LABEL_LENGTH)
    if not button.get("label") and not button.get("emoji"):
        form.refuse(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required")


def check_select(form: Form, at: Path, select: dict[str, Any]) -> None:
    """Note what breaks a rule in a select menu, in a message or a modal."""
    form.text((*at, "custom_id"), select.get("custom_id"), 1, CUSTOM_ID_LENGTH)
    form.text((*at, "placeholder"), select.get("placeholder"), 0, PLACEHOLDER_LENGTH)
    if select.get("type") == Kind.STRING_SELECT:
        check_options(form, (*at, "options"), select.get("options"), 1, SELECT_OPTIONS)
        check_range(form, at, select, len(select.get("options") or ()))
    else:
        check_range(form, at, select, SELECT_OPTIONS)


def check_range(form: Form, at: Path, component: dict[str, Any], available: int) -> None:
    """Note a `min_values` or `max_values` that the options cannot meet."""
    lowest, highest = component.get("min_values"), component.get("max_values")
    if highest is not None and not 1 <= highest <= available:
        form.refuse((*at, "max_values"), "NUMBER_TYPE_MAX", f"Must be between 1 and {available}.")
    if lowest is not None and not 0 <= lowest <= (available if highest is None else highest):
        form.refuse((*at, "min_values"), "NUMBER_TYPE_MAX", "Must not be more than the values to choose.")


def check_options(form: Form, at: Path, options: Any, low: int, high: int) -> None:
    """Note what breaks a rule in the options of a select, a radio group or a checkbox group."""
    if not form.amount(at, options, low, high):
        return
    values: set[object] = set()
    for index, option in enumerate(options):
        form.text((*at, index, "label"), option.get("label"), 1, OPTION_LENGTH)
        form.text((*at, index, "value"), option.get("value"), 1, OPTION_LENGTH)
        form.text((*at, index, "description"), option.get("description"), 0, OPTION_LENGTH)
        if option.get("value") in values:
            form.refuse(
                (*at, index, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        values.add(option.get("value"))


def _check_media(form: Form, at: Path, media: Any, uploads: set[str]) -> None:
    url = media.get("url") if isinstance(media, dict) else None
    form.text((*at, "url"), url, 1, 2_048)
    named = _ATTACHMENT_URL.fullmatch(url) if isinstance(url, str) else None
    if named and named[1] not in uploads:
        form.refuse(
            (*at, "url"),
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
            "The referenced attachment was not found",
        )
