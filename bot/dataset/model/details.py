"""Which parts of an event strangers may read."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from bot.domain.events.catalogue import CATALOGUE

_WORD = re.compile(r"[a-z0-9]+([_.-][a-z0-9]+)*", re.ASCII)
_LONGEST_WORD = 64

SNOWFLAKE_DIGITS = 15
"""Discord's ids have 17 to 19 digits. A shorter number could be an ordinary count."""

_LARGEST_NUMBER = 10**12
_DIGITS = re.compile(rf"[0-9]{{{SNOWFLAKE_DIGITS},}}")
_DISCORD_ID = re.compile(rf"<[@#][!&]?\d+>|\d{{{SNOWFLAKE_DIGITS},}}")
"""A mention, as Discord puts it into the text of a command, or the bare number."""


def without_ids(text: str) -> str:
    """Return a text that a person wrote, without Discord's ids."""
    return _DISCORD_ID.sub("…", text)


def public_detail(kind: str, detail: str) -> dict[str, Any]:
    """Return the part of an event's detail (a JSON object) that strangers may read.

    These are the entries that the catalogue makes public for this kind, if they are numbers or keywords. A kind that
    the catalogue does not know has none.
    """
    event = CATALOGUE.get(kind)
    values: object = json.loads(detail)
    if event is None or not isinstance(values, dict):
        return {}
    entries = cast(dict[str, object], values)
    public = event.public_details()
    return {key: value for key, value in entries.items() if key in public and _is_public(value)}


def _is_public(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_public(item) for item in cast(list[object], value))
    if isinstance(value, str):
        return len(value) <= _LONGEST_WORD and bool(_WORD.fullmatch(value)) and not _DIGITS.search(value)
    return value is None or (isinstance(value, bool | int | float) and abs(value) < _LARGEST_NUMBER)
