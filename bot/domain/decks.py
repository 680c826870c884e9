"""Prompts, and the decks that they are dealt from."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import DataFileInvalid
from bot.domain.tables import MOST_PROBLEMS, Table, noting, parse_table
from bot.domain.topics import Topics

SMALLEST_CAST = 2
LARGEST_CAST = 4
LONGEST_TEXT = 400
LONGEST_ROLE = 120
"""A card holds text, role, character, emotion and arc, and a Discord message has at most 2,000 characters."""
LONGEST_NAME = 60
"""For decks, prompts and places, which are shown in lists."""

_LONGEST_RELATIONSHIP = 100
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One scene to improvise: the text that everyone on stage knows, and a role for each performer.

    `tags` are the topics that it touches: a performer's line against one of them keeps it from being dealt.
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
        """The number of performers that it has roles for."""
        return len(self.roles)


@dataclass(frozen=True, slots=True)
class Deck:
    """A named set of prompts with distinct ids."""

    name: str
    title: str
    prompts: tuple[Prompt, ...]

    @property
    def fewest_performers(self) -> int:
        """The smallest cast that can play any of its prompts."""
        return min(prompt.fewest_performers for prompt in self.prompts)

    @property
    def most_performers(self) -> int:
        """The largest cast that any of its prompts has roles for."""
        return max(prompt.most_performers for prompt in self.prompts)

    def topic_counts(self) -> Counter[str]:
        """Return how many of its prompts touch each topic, by the topic's key."""
        return Counter(tag for prompt in self.prompts for tag in prompt.tags)


def parse_deck(name: str, file: str, text: str, topics: Topics) -> Deck:
    """Read a deck whose tags are among the topics. Raises DataFileInvalid with the line of the first problem."""
    deck, problems = _read(name, file, text, topics)
    if deck is None or problems:
        raise min(problems, key=lambda problem: problem.line)
    return deck


def deck_problems(file: str, text: str, topics: Topics) -> Sequence[DataFileInvalid]:
    """Return every problem that keeps a deck from being used, by line: at most one per field."""
    return sorted(_read("", file, text, topics)[1], key=lambda problem: problem.line)


def deck_name(filename: str) -> str:
    """Return a deck's name, made from its file's name: lower-case words joined by hyphens.

    Raises DataFileInvalid if the file's name yields none.
    """
    stem = filename.lower().removesuffix(".toml")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not filename.lower().endswith(".toml") or not name or len(name) > LONGEST_NAME:
        problem = f"name the file with at most {LONGEST_NAME} Latin letters and digits, and '.toml' at the end"
        raise DataFileInvalid(filename, 1, problem)
    return name


def _read(name: str, file: str, text: str, topics: Topics) -> tuple[Deck | None, list[DataFileInvalid]]:
    problems: list[DataFileInvalid] = []
    title, prompts = "", dict[str, Prompt]()
    with noting(problems):
        table = parse_table(file, text)
        with noting(problems):
            table.only("title", "prompts")
        with noting(problems):
            title = table.string("title", longest=LONGEST_NAME)
        for entry in table.tables("prompts"):
            if len(problems) >= MOST_PROBLEMS:
                break
            prompt = _parse_prompt(entry, topics, problems)
            if prompt is not None:
                with noting(problems):
                    if prompt.prompt_id in prompts:
                        raise entry.invalid("id", f"the id '{prompt.prompt_id}' is used twice")
                    prompts[prompt.prompt_id] = prompt
    return (Deck(name, title, tuple(prompts.values())) if prompts else None), problems


def _parse_prompt(table: Table, topics: Topics, problems: list[DataFileInvalid]) -> Prompt | None:
    """Return a prompt if every field is valid. If not, return None and note the problem of each field."""
    readers: Mapping[str, Callable[[], Any]] = {
        "prompt_id": lambda: _parse_id(table),
        "title": lambda: table.string("title", longest=LONGEST_NAME),
        "text": lambda: table.string("text", longest=LONGEST_TEXT),
        "roles": lambda: _parse_roles(table),
        "fewest_performers": lambda: _parse_fewest(table, len(read.get("roles", ())) or LARGEST_CAST),
        "place": lambda: table.string("place", "", longest=LONGEST_NAME),
        "relationship": lambda: table.string("relationship", "", longest=_LONGEST_RELATIONSHIP),
        "tags": lambda: _parse_tags(table, topics),
    }
    read, earlier = dict[str, Any](), len(problems)
    with noting(problems):
        table.only("id", "title", "text", "place", "relationship", "roles", "fewest_performers", "tags")
    for name, reader in readers.items():
        with noting(problems):
            read[name] = reader()
    return Prompt(**read) if len(problems) == earlier else None


def _parse_id(table: Table) -> str:
    prompt_id = table.string("id", longest=LONGEST_NAME)
    if not _ID.fullmatch(prompt_id):
        raise table.invalid("id", "'id' must consist of lower-case letters, digits and single hyphens")
    return prompt_id


def _parse_roles(table: Table) -> tuple[str, ...]:
    roles = table.strings("roles", longest=LONGEST_ROLE)
    if not SMALLEST_CAST <= len(roles) <= LARGEST_CAST or len(set(roles)) < len(roles):
        raise table.invalid("roles", f"'roles' must name {SMALLEST_CAST} to {LARGEST_CAST} different roles")
    return roles


def _parse_fewest(table: Table, most: int) -> int:
    return table.integer("fewest_performers", SMALLEST_CAST, most, most)


def _parse_tags(table: Table, topics: Topics) -> frozenset[str]:
    tags = table.strings("tags", ())
    for tag in tags:
        if tag not in topics:
            problem = f"the tag '{tag}' is not a topic; the topics are {', '.join(topics.keys)}"
            raise table.invalid("tags", problem, item=tag)
    return frozenset(tags)
