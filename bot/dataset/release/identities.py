"""Keeps identities out of an export: before it is published, it is searched for them."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from bot.dataset.errors import IdentityFound
from bot.dataset.model.details import SNOWFLAKE_DIGITS

_DIGITS = re.compile(rb"[0-9]{%d,}" % SNOWFLAKE_DIGITS)


def refuse_identities(folder: Path, private_ids: Collection[int]) -> None:
    """Search all names and all text below a folder for Discord's ids. Raises IdentityFound for the first one.

    Sound is not searched: it was encoded here from samples, and contains no text.
    """
    private = {str(number).encode() for number in private_ids if len(str(number)) >= SNOWFLAKE_DIGITS}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        texts = [place.encode()]
        if path.is_file() and path.suffix != ".flac":
            texts.append(path.read_bytes())
        if any(_contains(text, private) for text in texts):
            raise IdentityFound(place if path.is_dir() else f"the file {path.name}")


def _contains(text: bytes, private: Collection[bytes]) -> bool:
    return any(number in run for run in _DIGITS.findall(text) for number in private)
