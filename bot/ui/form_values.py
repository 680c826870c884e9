"""What a person entered in a form, read from the interaction alone, so that a form works after any restart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import discord


@dataclass(frozen=True, slots=True)
class FormValues:
    """Answers by the custom id of their field."""

    given: Mapping[str, Any]

    def one(self, field: str) -> str:
        """A single choice or text; empty if nothing was chosen."""
        value = self.given.get(field)
        if isinstance(value, list):
            items = cast(list[Any], value)
            return str(items[0]) if items else ""
        return "" if value is None else str(value)

    def many(self, field: str) -> Sequence[str]:
        """The ticked options of a group."""
        value = self.given.get(field)
        return [str(item) for item in cast(list[Any], value)] if isinstance(value, list) else []

    def all(self) -> Mapping[str, Sequence[str]]:
        """Every field with what was entered in it: one text, the chosen options, or nothing."""
        return {field: self.many(field) or [text for text in [self.one(field)] if text] for field in self.given}

    def ticked(self, field: str) -> bool:
        """Whether a single box is ticked."""
        return self.given.get(field) is True


def values_of(interaction: discord.Interaction) -> FormValues:
    """Read a submitted form (Discord's component reference: labels hold one component with `value` or `values`)."""
    data = cast(Mapping[str, Any], interaction.data or {})
    given: dict[str, Any] = {}
    for component in cast(Sequence[Mapping[str, Any]], data.get("components") or []):
        field = cast(Mapping[str, Any], component.get("component") or {})
        if "custom_id" in field:
            given[str(field["custom_id"])] = field["values"] if "values" in field else field.get("value")
    return FormValues(given)
