"""The log of a history: what people asked for and what was sent, in order, in a file that survives a kill.

It is written beside the bot, by the process that plays the history, one line of JSON per deed. A deed's number is its
place in the log; the bot knows nothing of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Deed:
    """One line: its number, what was done, the time of the history's clock (as the store writes it), and the rest."""

    number: int
    what: str
    at: str
    facts: Mapping[str, Any]


class Deeds:
    """The log, for the process that adds to it. A deed that `add` has returned for survives a kill."""

    def __init__(self, path: Path) -> None:
        self._count = len(read_deeds(path))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    @property
    def next_number(self) -> int:
        """The number of the next deed."""
        return self._count

    def add(self, what: str, at: str, **facts: Any) -> int:
        """Add a deed and return its number."""
        line = json.dumps({"what": what, "at": at, **facts}) + "\n"
        os.write(self._file, line.encode())
        self._count += 1
        return self._count - 1

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read_deeds(path: Path) -> list[Deed]:
    """Return all deeds of a history, in order; none if it has not begun."""
    if not path.exists():
        return []
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        Deed(number, row["what"], row["at"], {key: value for key, value in row.items() if key not in ("what", "at")})
        for number, row in enumerate(rows)
    ]
