"""Keeps identities out of an export: before it is published, it is searched for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from bot.dataset.errors import IdentityFound
from bot.dataset.formats.parquet import text_in
from bot.dataset.model.details import SNOWFLAKE_DIGITS
from bot.dataset.release.manifest import paths_in

SOUND: Final = frozenset({".flac", ".opus", ".wav"})
"""The suffixes of sound files."""

_DIGITS = re.compile(rb"[0-9]{%d,}" % SNOWFLAKE_DIGITS)


def refuse_identities(folder: Path, private_ids: Collection[int], names: Collection[str] | None = None) -> None:
    """Search all names and all text below a folder, or only some files in it, for Discord's ids.

    Raises IdentityFound for the first one.

    Sound is not searched: it was encoded here from samples, and contains no text.
    """
    private = {str(number).encode() for number in private_ids if len(str(number)) >= SNOWFLAKE_DIGITS}
    for path in paths_in(folder) if names is None else map(folder.joinpath, names):
        place = path.relative_to(folder).as_posix()
        if any(_contains(text, private) for text in _texts(path, place)):
            raise IdentityFound(place if path.is_dir() else f"the file {path.name}")


def _texts(path: Path, place: str) -> Iterator[bytes]:
    yield place.encode()
    if path.is_file() and path.suffix not in SOUND:
        yield from text_in(path) if path.suffix == ".parquet" else [path.read_bytes()]


def _contains(text: bytes, private: Collection[bytes]) -> bool:
    return any(number in run for run in _DIGITS.findall(text) for number in private)
