"""Kinds of emotions that are dealt only where a server's coordinators and each performer on stage opted in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.domain.tables import Table, parse_table

MOST_KINDS = 10
"""Performers and coordinators choose from one menu each."""

_KEY = re.compile(r"[a-z]+(-[a-z]+)*")
_LONGEST_LABEL = 40
_LONGEST_DESCRIPTION = 100
"""Discord's limit for the description of a menu's option."""


@dataclass(frozen=True, slots=True)
class OptInKind:
    """One kind: its key in data, its words on screens, and the keys of its emotions in all sets."""

    key: str
    label: str
    description: str
    emotions: frozenset[str]


@dataclass(frozen=True, slots=True)
class OptIns:
    """All kinds, in the order in which they are shown."""

    kinds: tuple[OptInKind, ...]

    def __iter__(self) -> Iterator[OptInKind]:
        return iter(self.kinds)

    def closed(self, opened: Collection[str]) -> frozenset[str]:
        """Return the keys of the emotions that are not dealt if only these kinds are opened."""
        return frozenset[str]().union(*(kind.emotions for kind in self.kinds if kind.key not in opened))


def parse_opt_ins(file: str, text: str) -> OptIns:
    """Read the kinds. Raises DataFileInvalid with the line of the first problem."""
    table = parse_table(file, text)
    table.only("kinds")
    found: dict[str, OptInKind] = {}
    for entry in table.tables("kinds"):
        kind = _parse_kind(entry)
        if kind.key in found:
            raise entry.invalid("key", f"the key '{kind.key}' is used twice")
        if len(found) == MOST_KINDS:
            raise entry.invalid("key", f"at most {MOST_KINDS} kinds can be offered; remove the others")
        found[kind.key] = kind
    return OptIns(tuple(found.values()))


def _parse_kind(table: Table) -> OptInKind:
    table.only("key", "label", "description", "emotions")
    key = table.string("key", longest=_LONGEST_LABEL)
    if not _KEY.fullmatch(key):
        raise table.invalid("key", "'key' must consist of lower-case words joined by single hyphens")
    label = table.string("label", longest=_LONGEST_LABEL)
    description = table.string("description", longest=_LONGEST_DESCRIPTION)
    return OptInKind(key, label, description, frozenset(table.strings("emotions")))
