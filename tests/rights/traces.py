"""Looks for a person in every file of a home folder, as bytes: their account in each form, their words and frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.home.places import Home


def account_bytes(user_id: int) -> list[bytes]:
    """An account as text, and as SQLite stores a whole number of its size: eight bytes, the highest first."""
    return [str(user_id).encode(), user_id.to_bytes(8, "big")]


def found_below(home: Home, wanted: Iterable[bytes]) -> Iterator[str]:
    """Each file that has one of these, with what it has."""
    wanted = list(wanted)
    for path in sorted(home.folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield from (f"{path.relative_to(home.folder)}: {one[:40]!r}" for one in wanted if one in content)


def files_with(home: Home, name: str) -> dict[Path, bytes]:
    """The files in whose names a pseudonym is, with their content."""
    return {path: path.read_bytes() for path in home.folder.rglob("*") if path.is_file() and name in path.name}
