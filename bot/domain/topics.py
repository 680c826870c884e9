"""Topics: what prompts can touch, and what performers can draw lines against. A closed list, so that both match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.tables import Table, parse_table

MOST_TOPICS = 25
"""Performers choose from a menu, and Discord's menus have at most 25 options."""

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_LABEL = 40
_LONGEST_DESCRIPTION = 100
"""Discord's limit for the description of a menu's option."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its key in decks and data, its label on screens, and a description of what it covers."""

    key: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics, in the order in which they are shown."""

    topics: tuple[Topic, ...]

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics)

    def __contains__(self, key: object) -> bool:
        return any(topic.key == key for topic in self.topics)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all topics."""
        return tuple(topic.key for topic in self.topics)

    def labels(self, keys: Iterable[str]) -> list[str]:
        """Return the labels of some topics, in the order of the file. An unknown key stands for itself, at the end."""
        wanted = set(keys)
        known = [topic.label for topic in self.topics if topic.key in wanted]
        return known + sorted(wanted.difference(self.keys))


def parse_topics(file: str, text: str) -> Topics:
    """Read the topics. Raises DataFileInvalid with the line of the first problem."""
    table = parse_table(file, text)
    table.only("topics")
    found: dict[str, Topic] = {}
    for entry in table.tables("topics"):
        topic = _parse_topic(entry)
        if topic.key in found:
            raise entry.invalid("key", f"the key '{topic.key}' is used twice")
        if len(found) == MOST_TOPICS:
            raise entry.invalid("key", f"at most {MOST_TOPICS} topics fit into a menu; remove the others")
        found[topic.key] = topic
    return Topics(tuple(found.values()))


def _parse_topic(table: Table) -> Topic:
    table.only("key", "label", "description")
    key = table.string("key", longest=_LONGEST_LABEL)
    if not _KEY.fullmatch(key):
        raise table.invalid("key", "'key' must consist of lower-case letters, digits and single hyphens")
    label = table.string("label", longest=_LONGEST_LABEL)
    return Topic(key, label, table.string("description", longest=_LONGEST_DESCRIPTION))
