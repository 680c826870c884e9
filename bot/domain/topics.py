"""Topics that scenes touch: prompts are tagged with them, performers draw lines at them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.tables import parse_table


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its key in tags and lines, its label and a few words on what belongs to it."""

    key: str
    label: str
    description: str


def parse_topics(file: str, text: str) -> tuple[Topic, ...]:
    """Read the list of topics; DataFileInvalid names the line of the first thing that is wrong."""
    table = parse_table(file, text)
    table.only("topics")
    return tuple(
        Topic(entry.string("key"), entry.string("label"), entry.string("description"))
        for entry in table.tables("topics")
    )
