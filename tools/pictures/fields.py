"""What people choose or type in: menus, text inputs, checkboxes, as they look before anyone has used them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tools.pictures.names import Names, NotInPicture

Component = Mapping[str, Any]

_PARAGRAPH = 2


def _string_select(component: Component, _: Names) -> Markup:
    chosen = [str(option["label"]) for option in component["options"] if option.get("default")]
    return _menu(component, chosen)


def _entity_select(component: Component, names: Names) -> Markup:
    return _menu(component, [_entity(value, names) for value in component.get("default_values") or []])


def _entity(value: Mapping[str, Any], names: Names) -> str:
    discord_id = int(value["id"])
    match value["type"]:
        case "user":
            return f"@{names.account(discord_id)}"
        case "role":
            return f"@{names.role(discord_id)}"
        case "channel":
            return f"#{names.channel(discord_id)}"
        case other:
            raise NotInPicture(f"No rule for a menu's choice of type {other!r}.")


def _menu(component: Component, chosen: Sequence[str]) -> Markup:
    disabled = " disabled" if component.get("disabled") else ""
    several = (component.get("max_values") or 1) > 1
    if chosen and several:
        shown = Markup("").join(Markup('<span class="chip">{}</span>').format(one) for one in chosen)
    elif chosen:
        shown = Markup("<span>{}</span>").format(chosen[0])
    else:
        placeholder = component.get("placeholder") or "Make a selection"
        shown = Markup('<span class="placeholder">{}</span>').format(placeholder)
    return Markup('<div class="menu{}"><div>{}</div><span class="chevron"></span></div>').format(disabled, shown)


def _text_input(component: Component, _: Names) -> Markup:
    shape = "paragraph" if component["style"] == _PARAGRAPH else "short"
    value = component.get("value")
    shown = value or component.get("placeholder") or ""
    return Markup('<div class="input {}{}">{}</div>').format(shape, "" if value else " placeholder", shown)


def _file_upload(_: Component, __: Names) -> Markup:
    return Markup('<div class="upload">Add a file</div>')


def _options(shape: str) -> Callable[[Component, Names], Markup]:
    def render(component: Component, _: Names) -> Markup:
        options = Markup("").join(_option(option, shape) for option in component["options"])
        return Markup('<div class="options">{}</div>').format(options)

    return render


def _option(option: Mapping[str, Any], shape: str) -> Markup:
    description = option.get("description")
    hint = Markup('<div class="hint">{}</div>').format(description) if description else ""
    return Markup('<div class="option"><div>{}{}</div>{}</div>').format(
        option["label"], hint, _tick(shape, is_on=bool(option.get("default")))
    )


def _checkbox(component: Component, _: Names) -> Markup:
    return _tick("box", is_on=bool(component.get("default")))


def _tick(shape: str, *, is_on: bool) -> Markup:
    return Markup('<span class="tick {}{}"></span>').format(shape, " on" if is_on else "")


FIELDS: Mapping[int, Callable[[Component, Names], Markup]] = {
    3: _string_select,
    4: _text_input,
    **dict.fromkeys((5, 6, 7, 8), _entity_select),
    19: _file_upload,
    21: _options("circle"),
    22: _options("box"),
    23: _checkbox,
}
"""By component type."""
