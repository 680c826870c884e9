"""Discord's components as HTML, by the numbers in Discord's component reference. Unknown ones are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tools.pictures.fields import FIELDS
from tools.pictures.markdown import render_markdown
from tools.pictures.names import Names, NotInPicture

Component = Mapping[str, Any]

_BUTTON_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary"}
LINK_STYLE = 5


def render_components(components: Sequence[Component], names: Names) -> Markup:
    """Return components one below the other. Raises NotInPicture for a type, style or emoji without a rule."""
    return Markup("").join(_render(component, names) for component in components)


def _render(component: Component, names: Names) -> Markup:
    render = _RENDERERS.get(component["type"])
    if render is not None:
        return render(component, names)
    if component["type"] in FIELDS:
        return FIELDS[component["type"]](component, names)
    raise NotInPicture(f"No rule for components of type {component['type']}.")


def _row(component: Component, names: Names) -> Markup:
    return Markup('<div class="row">{}</div>').format(render_components(component["components"], names))


def _button(component: Component, names: Names) -> Markup:
    style = _BUTTON_STYLES.get(component["style"])
    if style is None:
        raise NotInPicture(f"No rule for buttons of style {component['style']}.")
    disabled = " disabled" if component.get("disabled") else ""
    arrow = " ↗" if component["style"] == LINK_STYLE else ""
    label = " ".join(part for part in (_emoji(component.get("emoji")), component.get("label")) if part)
    return Markup('<span class="button {}{}">{}{}</span>').format(style, disabled, label, arrow)


def _emoji(emoji: Mapping[str, Any] | None) -> str:
    if emoji is None:
        return ""
    if emoji.get("id"):
        raise NotInPicture(f"No rule for the server's own emoji {emoji['name']!r}.")
    return str(emoji["name"])


def _section(component: Component, names: Names) -> Markup:
    texts = render_components(component["components"], names)
    accessory = _render(component["accessory"], names)
    return Markup('<div class="section"><div>{}</div>{}</div>').format(texts, accessory)


def _text(component: Component, names: Names) -> Markup:
    return Markup('<div class="text">{}</div>').format(render_markdown(component["content"], names))


def _separator(component: Component, _: Names) -> Markup:
    line = " line" if component.get("divider", True) else ""
    return Markup('<div class="separator{} spacing-{}"></div>').format(line, component.get("spacing") or 1)


def _container(component: Component, names: Names) -> Markup:
    colour = component.get("accent_color")
    style = "" if colour is None else Markup(' style="border-left-color:#{}"').format(f"{colour:06x}")
    inside = render_components(component["components"], names)
    return Markup('<div class="container"{}>{}</div>').format(style, inside)


def _label(component: Component, names: Names) -> Markup:
    field = component["component"]
    star = Markup(' <span class="star">*</span>') if field.get("required", True) and field["type"] != 23 else ""
    description = component.get("description")
    hint = Markup('<div class="hint">{}</div>').format(description) if description else ""
    return Markup('<div class="label"><div class="name">{}{}</div>{}{}</div>').format(
        component["label"], star, hint, _render(field, names)
    )


_RENDERERS: Mapping[int, Callable[[Component, Names], Markup]] = {
    1: _row,
    2: _button,
    9: _section,
    10: _text,
    14: _separator,
    17: _container,
    18: _label,
}
