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
    """One scene to improvise: what everybody on stage knows, and a character for each performer."""

    prompt_id: str
    title: str
    text: str
    characters: tuple[str, ...]
    fewest_performers: int

    @property
    def most_performers(self) -> int:
        """How many performers it has characters for."""
        return len(self.characters)


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
    table.only("id", "title", "text", "characters", "fewest_performers")
    prompt_id = table.string("id")
    if not _ID.fullmatch(prompt_id):
        raise table.invalid("id", "'id' must be lower-case letters, digits and single hyphens")
    characters = table.strings("characters")
    if not SMALLEST_CAST <= len(characters) <= LARGEST_CAST or len(set(characters)) < len(characters):
        raise table.invalid(
            "characters", f"'characters' must name {SMALLEST_CAST} to {LARGEST_CAST} different characters"
        )
    fewest = table.integer("fewest_performers", SMALLEST_CAST, len(characters), len(characters))
    return Prompt(prompt_id, table.string("title"), table.string("text"), characters, fewest)
