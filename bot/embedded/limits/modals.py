"""Limits of a modal. Pure functions.

Numbers: Discord's documentation, "Components" > "Component Reference" (Label, Text Input, Radio Group, Checkbox
Group) and "Interactions" > "Responding" > "Modal".
"""

from __future__ import annotations

from typing import Any, Final

from bot.embedded.errors import Form, Path
from bot.embedded.limits import components, selects
from bot.embedded.limits.kinds import CUSTOM_ID_LENGTH, SELECTS, Kind

TITLE_LENGTH: Final = 45
LABEL_LENGTH: Final = 45
DESCRIPTION_LENGTH: Final = 100
FIELDS: Final = 5
INPUT_LENGTH: Final = 4_000
_INNER: Final = (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)


def check_modal(data: Any, at: Path = ("data",)) -> None:
    """Refuse a modal that breaks a limit (50035)."""
    form = Form()
    data = data if isinstance(data, dict) else {}
    form.text((*at, "custom_id"), data.get("custom_id"), 1, CUSTOM_ID_LENGTH)
    form.text((*at, "title"), data.get("title"), 1, TITLE_LENGTH)
    inside = (*at, "components")
    if form.amount(inside, data.get("components"), 1, FIELDS):
        components.check_unique_ids(form, inside, data["components"])
        for index, component in enumerate(data["components"]):
            _check_top(form, (*inside, index), component)
    form.settle()


def _check_top(form: Form, at: Path, component: dict[str, Any]) -> None:
    kind = component.get("type")
    if kind == Kind.LABEL:
        form.text((*at, "label"), component.get("label"), 1, LABEL_LENGTH)
        form.text((*at, "description"), component.get("description"), 0, DESCRIPTION_LENGTH)
        _check_field(form, (*at, "component"), component.get("component"), is_labelled=True)
    elif kind == Kind.TEXT_DISPLAY:
        form.text((*at, "content"), component.get("content"), 1, components.TOTAL_TEXT_LENGTH)
    elif kind == Kind.ACTION_ROW:
        if form.amount((*at, "components"), component.get("components"), 1, 1):
            _check_field(form, (*at, "components", 0), component["components"][0], is_labelled=False)
    else:
        form.choices((*at, "type"), (1, 10, 18))


def _check_field(form: Form, at: Path, field: Any, *, is_labelled: bool) -> None:
    kind = field.get("type") if isinstance(field, dict) else None
    allowed = _INNER if is_labelled else (4,)
    if kind not in allowed:
        form.choices((*at, "type"), allowed)
        return
    form.text((*at, "custom_id"), field.get("custom_id"), 1, CUSTOM_ID_LENGTH)
    if kind == Kind.TEXT_INPUT:
        _check_input(form, at, field, is_labelled)
    elif kind in SELECTS:
        selects.check_select(form, at, field)
        if field.get("disabled"):
            form.refuse((*at, "disabled"), "MODAL_COMPONENT_DISABLED", "A component of a modal cannot be disabled")
    elif kind == Kind.RADIO_GROUP:
        selects.check_options(form, (*at, "options"), field.get("options"), 2, 10)
    elif kind == Kind.CHECKBOX_GROUP:
        selects.check_options(form, (*at, "options"), field.get("options"), 1, 10)
        selects.check_range(form, at, field, len(field.get("options") or ()))


def _check_input(form: Form, at: Path, field: dict[str, Any], is_labelled: bool) -> None:
    if field.get("style") not in (1, 2):
        form.choices((*at, "style"), (1, 2))
    if is_labelled and field.get("label"):
        form.refuse(
            (*at, "label"),
            "TEXT_INPUT_LABEL_IN_LABEL_COMPONENT",
            "A text input within a label cannot have a label of its own",
        )
    elif not is_labelled:
        form.text((*at, "label"), field.get("label"), 1, LABEL_LENGTH)
    form.text((*at, "placeholder"), field.get("placeholder"), 0, 100)
    form.text((*at, "value"), field.get("value"), 0, INPUT_LENGTH)
    for bound, low in (("min_length", 0), ("max_length", 1)):
        value = field.get(bound)
        if value is not None and not low <= value <= INPUT_LENGTH:
            form.refuse((*at, bound), "NUMBER_TYPE_MAX", f"Must be between {low} and {INPUT_LENGTH}.")
    if (field.get("min_length") or 0) > (field.get("max_length") or INPUT_LENGTH):
        form.refuse((*at, "min_length"), "NUMBER_TYPE_MAX", "Must not be more than the maximum length.")
