"""Prompts and the decks they are dealt from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.tables import Table, parse_table

SMALLEST_CAST = 2
LARGEST_CAST = 4
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One scene to improvise: what everybody on stage knows, and a role for each performer.

    `tags` are the topics it touches, so that performers' lines can keep it from being dealt.
    """

    prompt_id: str
    title: str
    text: str
    roles: tuple[str, ...]
    fewest_performers: int
    place: str = ""
    relationship: str = ""
    tags: frozenset[str] = frozenset()

    @property
    def most_performers(self) -> int:
        """How many performers it has roles for."""
        return len(self.roles)


@dataclass(frozen=True, slots=True)
class Deck:
    """A named set of prompts with distinct ids."""

    name: str
    title: str
    prompts: tuple[Prompt, ...]

    @property
    def fewest_performers(self) -> int:
        """The smallest cast any of its prompts can be played with."""
        return min(prompt.fewest_performers for prompt in self.prompts)


def parse_deck(name: str, file: str, text: str) -> Deck:
    """Read a deck; DataFileInvalid names the line of the first thing that is wrong."""
    table = parse_table(file, text)
    table.only("title", "prompts")
    prompts: dict[str, Prompt] = {}
    for entry in table.tables("prompts"):
        prompt = _parse_prompt(entry)
        if prompt.prompt_id in prompts:
            raise entry.invalid("id", f"the id '{prompt.prompt_id}' is used twice")
        prompts[prompt.prompt_id] = prompt
    return Deck(name, table.string("title"), tuple(prompts.values()))


def _parse_prompt(table: Table) -> Prompt:
    table.only("id", "title", "text", "place", "relationship", "roles", "fewest_performers", "tags")
    prompt_id = table.string("id")
    if not _ID.fullmatch(prompt_id):
        raise table.invalid("id", "'id' must be lower-case letters, digits and single hyphens")
    roles = table.strings("roles")
    if not SMALLEST_CAST <= len(roles) <= LARGEST_CAST or len(set(roles)) < len(roles):
        raise table.invalid("roles", f"'roles' must name {SMALLEST_CAST} to {LARGEST_CAST} different roles")
    return Prompt(
        prompt_id,
        table.string("title"),
        table.string("text"),
        roles,
        table.integer("fewest_performers", SMALLEST_CAST, len(roles), len(roles)),
        table.string("place", ""),
        table.string("relationship", ""),
        frozenset(table.strings("tags", ())),
    )
