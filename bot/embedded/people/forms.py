"""Forms as people fill them in: what a client accepts, and what the bot then gets. Pure functions.

Rules: Discord's documentation, "Components" > "Component Reference", each component's interaction response.
"""

from __future__ import annotations

from typing import Any

from bot.embedded.limits.kinds import Kind
from bot.embedded.limits.modals import INPUT_LENGTH


class NotSubmittable(Exception):
    """A client would not send this form: a field is missing, too long or not among its options."""


def fill_in(modal: dict[str, Any], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the components of a modal submit for `values` by custom id, as Discord sends them to the bot.

    Fields left out keep what the modal shows by default. Raises NotSubmittable if a client would not send it.
    """
    left = dict(values)
    filled: list[dict[str, Any]] = []
    for component in modal["components"]:
        kind = component["type"]
        if kind == Kind.LABEL:
            answer = _answer(component["component"], left)
            filled.append({"type": kind, "id": component["id"], "component": answer})
        elif kind == Kind.ACTION_ROW:
            answers = [_answer(field, left) for field in component["components"]]
            filled.append({"type": kind, "id": component["id"], "components": answers})
        else:
            filled.append({"type": kind, "id": component["id"]})
    if left:
        raise NotSubmittable(f"The form {modal['title']!r} has no field {sorted(left)}.")
    return filled


def _answer(field: dict[str, Any], left: dict[str, Any]) -> dict[str, Any]:
    kind, custom_id = field["type"], field["custom_id"]
    given = left.pop(custom_id, None)
    head = {"type": kind, "id": field["id"], "custom_id": custom_id}
    if kind == Kind.TEXT_INPUT:
        return head | {"value": _written(field, given)}
    if kind == Kind.CHECKBOX:
        return head | {"value": bool(field.get("default")) if given is None else bool(given)}
    if kind == Kind.FILE_UPLOAD:
        raise NotSubmittable(f"The cast cannot put a file into a form ({custom_id!r}).")
    chosen = chosen_in(field, given)
    if kind == Kind.RADIO_GROUP:
        if len(chosen) > 1:
            raise NotSubmittable(f"{custom_id!r} takes only one choice.")
        return head | {"value": chosen[0] if chosen else None}
    return head | {"values": chosen}


def _written(field: dict[str, Any], given: Any) -> str:
    text = (field.get("value") or "") if given is None else str(given)
    low, high = field.get("min_length") or 0, field.get("max_length") or INPUT_LENGTH
    if field.get("required", True) is not False and not text:
        raise NotSubmittable(f"The field {field['custom_id']!r} must be filled in.")
    if len(text) > high or (text and len(text) < low):
        raise NotSubmittable(f"The field {field['custom_id']!r} takes {low} to {high} characters.")
    return text


def chosen_in(field: dict[str, Any], given: Any) -> list[str]:
    """Return the chosen values of a select or a group, or its defaults for None.

    Raises NotSubmittable if a value is not offered.
    """
    options = field.get("options")
    if given is None:
        preset = [each["value"] for each in options or () if each.get("default")]
        return _permitted(field, preset + [each["id"] for each in field.get("default_values") or ()])
    chosen = [str(each) for each in given] if isinstance(given, list) else [str(given)]
    offered = {option["value"] for option in options or ()}
    if options is not None and not set(chosen) <= offered:
        raise NotSubmittable(f"{field['custom_id']!r} offers {sorted(offered)}, not {chosen}.")
    return _permitted(field, chosen)


def _permitted(field: dict[str, Any], chosen: list[str]) -> list[str]:
    is_required = field.get("required", True) is not False
    is_group = field["type"] == Kind.CHECKBOX_GROUP
    default_high = len(field.get("options") or ()) if is_group else 1
    low = field.get("min_values")
    low = (1 if is_required else 0) if low is None else low
    high = field.get("max_values") or default_high
    if is_required and not chosen and low:
        raise NotSubmittable(f"The field {field['custom_id']!r} needs a choice.")
    if chosen and not low <= len(chosen) <= high:
        raise NotSubmittable(f"{field['custom_id']!r} takes {low} to {high} choices, not {len(chosen)}.")
    return chosen
