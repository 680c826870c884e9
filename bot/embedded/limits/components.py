"""Limits of the components of a message, classic and V2. Pure functions.

Numbers and nesting: Discord's documentation, "Components" > "Component Reference", and Discord's OpenAPI description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.embedded.errors import Form, Path
from bot.embedded.limits.kinds import CUSTOM_ID_LENGTH, SELECTS, Kind
from bot.embedded.limits.selects import check_select

TOTAL_COMPONENTS: Final = 40
TOTAL_TEXT_LENGTH: Final = 4_000
CLASSIC_ROWS: Final = 5
ROW_BUTTONS: Final = 5
BUTTON_LABEL_LENGTH: Final = 80
SECTION_TEXTS: Final = 3
LINK_STYLE: Final = 5
_TOP_LEVEL_V2: Final = (1, 9, 10, 12, 13, 14, 17)
_IN_CONTAINER: Final = (1, 9, 10, 12, 13, 14)
_ATTACHMENT_URL = re.compile(r"attachment://(.+)")


def walk(components: Any) -> Iterator[dict[str, Any]]:
    """Yield every component of a tree, outer ones first, including those of modals (labels)."""
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            yield component
            yield from walk(component.get("components"))
            yield from walk([component.get("component")])
            yield from walk([component.get("accessory")])


def assign_ids(components: list[dict[str, Any]]) -> None:
    """Number the components without an id, from 1 in the order of the tree, as Discord does."""
    taken = {each["id"] for each in walk(components) if each.get("id")}
    numbers = (number for number in range(1, 1_000) if number not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(numbers)


def check_components(form: Form, at: Path, components: Any, is_v2: bool, uploads: set[str]) -> None:
    """Record every broken rule of a message's components; `uploads` are the names that attachment:// may refer to."""
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
    """Record custom ids that occur twice in one tree."""
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
    """Record every broken rule of a button."""
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
