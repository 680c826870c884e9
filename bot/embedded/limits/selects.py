"""Limits of select menus, and of the options of menus and groups. Pure functions.

Numbers: Discord's documentation, "Components" > "Component Reference" (the five selects, Radio Group, Checkbox Group).
"""

from __future__ import annotations

from typing import Any, Final

from bot.embedded.errors import Form, Path
from bot.embedded.limits.kinds import CUSTOM_ID_LENGTH, Kind

OPTION_LENGTH: Final = 100
SELECT_OPTIONS: Final = 25
PLACEHOLDER_LENGTH: Final = 150
_DEFAULT_TYPES: Final = {
    Kind.USER_SELECT: ("user",),
    Kind.ROLE_SELECT: ("role",),
    Kind.MENTIONABLE_SELECT: ("user", "role"),
    Kind.CHANNEL_SELECT: ("channel",),
}


def check_select(form: Form, at: Path, select: dict[str, Any]) -> None:
    """Record every broken rule of a select menu, in a message or a modal."""
    form.text((*at, "custom_id"), select.get("custom_id"), 1, CUSTOM_ID_LENGTH)
    form.text((*at, "placeholder"), select.get("placeholder"), 0, PLACEHOLDER_LENGTH)
    highest = select.get("max_values") or 1
    if select.get("type") == Kind.STRING_SELECT:
        options = select.get("options") or ()
        check_options(form, (*at, "options"), select.get("options"), 1, SELECT_OPTIONS)
        check_range(form, at, select, len(options))
        form.amount((*at, "options"), [each for each in options if each.get("default")], 0, highest)
    else:
        check_range(form, at, select, SELECT_OPTIONS)
        _check_default_values(form, at, select, highest)


def _check_default_values(form: Form, at: Path, select: dict[str, Any], highest: int) -> None:
    """Check the defaults of a menu that Discord fills: their number, and that the menu offers their types."""
    defaults = select.get("default_values")
    if not defaults:
        return
    lowest = select.get("min_values")
    form.amount((*at, "default_values"), defaults, 1 if lowest is None else lowest, highest)
    allowed = _DEFAULT_TYPES[Kind(select["type"])]
    for index, default in enumerate(defaults):
        if default.get("type") not in allowed:
            form.choices((*at, "default_values", index, "type"), allowed)


def check_range(form: Form, at: Path, component: dict[str, Any], available: int) -> None:
    """Record a `min_values` or `max_values` that the options cannot meet."""
    lowest, highest = component.get("min_values"), component.get("max_values")
    if highest is not None and not 1 <= highest <= available:
        form.refuse((*at, "max_values"), "NUMBER_TYPE_MAX", f"Must be between 1 and {available}.")
    if lowest is not None and not 0 <= lowest <= (available if highest is None else highest):
        form.refuse((*at, "min_values"), "NUMBER_TYPE_MAX", "Must not be more than the maximum number of values.")


def check_options(form: Form, at: Path, options: Any, low: int, high: int) -> None:
    """Record every broken rule of the options of a select, a radio group or a checkbox group."""
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
