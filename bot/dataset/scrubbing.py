"""Keeps identities out of an export: only public details of events are written, and the result is searched."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

from bot.dataset.errors import IdentityFound
from bot.domain.events.catalogue import CATALOGUE

_WORD = re.compile(r"[a-z0-9]+([_.-][a-z0-9]+)*", re.ASCII)
_LONGEST_WORD = 64

_SNOWFLAKE_DIGITS = 15
"""Discord's ids have 17 to 19 digits. A shorter number could be an ordinary count."""

_LARGEST_NUMBER = 10**12
_DIGITS = re.compile(rb"[0-9]{%d,}" % _SNOWFLAKE_DIGITS)


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


def refuse_identities(folder: Path, private_ids: Collection[int]) -> None:
    """Search all names and all text below a folder for Discord's ids. Raises IdentityFound for the first one.

    Sound is not searched: it was encoded here from samples, and contains no text.
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
