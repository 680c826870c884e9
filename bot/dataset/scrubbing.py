"""Keeping out of an export whatever would tell who somebody is: an allow-list for event details, and a last look."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final, cast

from bot.dataset.errors import IdentityFound

PUBLIC_DETAILS: Final = frozenset(
    {
        # counts and numbers
        "clips", "number", "performers", "present", "ratings", "recorded", "not_recorded", "scene", "scenes",
        "seed", "self_ratings", "take", "takes", "tracks", "turn", "turns", "concealed_frames", "received_frames",
        # times and lengths
        "countdown_s", "duration_ms", "hole_ms", "duration_s", "duration_samples", "limit_s", "position_samples",
        # words from closed lists
        "action", "cause", "character_was", "cut_reason", "deck", "emotion_set", "instrument", "is_partner", "locale",
        "prompt_chosen", "prompt_id", "prompt_was", "reason", "scope", "scopes", "second_emotion_was", "state",
        "target_emotion_was", "target_intensity_was", "text_version",
    }
)  # fmt: skip
"""Keys of an event's detail that may leave the house. What is not listed stays, however harmless it looks."""

_WORD = re.compile(r"[a-z0-9]+([_.-][a-z0-9]+)*", re.ASCII)
_LONGEST_WORD = 64

_SNOWFLAKE_DIGITS = 15
"""Discord's ids have 17 to 19 digits; a shorter number could be any count."""

_LARGEST_NUMBER = 10**12
_DIGITS = re.compile(rb"[0-9]{%d,}" % _SNOWFLAKE_DIGITS)


def public_detail(detail: str) -> dict[str, Any]:
    """The part of an event's detail (a JSON object) that strangers may read: known keys with numbers or key words."""
    values: object = json.loads(detail)
    if not isinstance(values, dict):
        return {}
    entries = cast(dict[str, object], values)
    return {key: value for key, value in entries.items() if key in PUBLIC_DETAILS and _is_public(value)}


def refuse_identities(folder: Path, private_ids: Collection[int]) -> None:
    """Look through all names and all text below a folder for Discord's ids; IdentityFound at the first.

    Sound is not looked through: it is encoded here from samples, and carries no text.
    """
    private = {str(number).encode() for number in private_ids if len(str(number)) >= _SNOWFLAKE_DIGITS}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        texts = [place.encode()]
        if path.is_file() and path.suffix != ".flac":
            texts.append(path.read_bytes())
        if any(_contains(text, private) for text in texts):
            raise IdentityFound(place if path.is_dir() else f"the file {path.name}")


def _contains(text: bytes, private: Collection[bytes]) -> bool:
    return any(number in run for run in _DIGITS.findall(text) for number in private)


def _is_public(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_public(item) for item in cast(list[object], value))
    if isinstance(value, str):
        return len(value) <= _LONGEST_WORD and bool(_WORD.fullmatch(value)) and not _DIGITS.search(value.encode())
    return value is None or (isinstance(value, bool | int | float) and abs(value) < _LARGEST_NUMBER)
