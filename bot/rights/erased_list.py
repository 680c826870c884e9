"""The list of people who were erased, beside the database: a line of JSON per person, named by pseudonym alone.

A pseudonym is drawn at random, and after the erasure nothing says whose it was. In a backup from before the erasure, it
finds the person who must be erased again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Listed:
    """Someone who was erased: what was asked for, and when."""

    pseudonym: str
    asked_at: str
    keeps_ratings: bool


def add_to_list(path: Path, listed: Listed) -> None:
    """Add someone who is not on the list yet, and put that on disk. Raises OSError if it cannot be written."""
    if any(one.pseudonym == listed.pseudonym for one in read_list(path)):
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600), "ab") as file:
        # A line that a power cut has torn must not swallow this one.
        start = b"\n" if file.tell() else b""
        file.write(start + json.dumps(asdict(listed)).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_list(path: Path) -> list[Listed]:
    """Return everyone on the list, in the order of the requests; no one if it does not exist."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    return list(_listed(lines))


def _listed(lines: list[str]) -> Iterator[Listed]:
    for line in lines:
        try:
            yield Listed(**json.loads(line))
        except (ValueError, TypeError):
            continue
