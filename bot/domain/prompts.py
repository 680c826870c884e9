"""Prompts: one scene to improvise each, and how one is written in a deck."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.emotions import Emotion
from bot.domain.errors import DataFileInvalid
from bot.domain.families import Family
from bot.domain.roles import LARGEST_CAST, SMALLEST_CAST, Role, parse_roles
from bot.domain.states import PromptSource
from bot.domain.tables import Table, noting
from bot.domain.topics import Topics

LONGEST_TEXT = 400
"""A card holds text, role, want, character, emotion and arc, and a Discord message has at most 2,000 characters."""
LONGEST_NAME = 60
"""For decks, prompts and places, which are shown in lists."""

MOST_FAMILIES = 3
"""A situation that favours more families than these favours none."""

LONGEST_RELATIONSHIP = 100
_FAMILIES = ", ".join(Family)
_FIELDS = (
    *("id", "title", "text", "place", "relationship", "roles"),
    *("fewest_performers", "tags", "pull", "not_emotions"),
)
_EMOTION = re.compile(r"[a-z]+(_[a-z]+)*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One scene to improvise: the text that everyone on stage knows, and a role for each performer.

    `tags` are the topics that it touches: a performer's line against one of them keeps it from being dealt. `pull` are
    the families of emotions that the situation itself favours; decks of earlier versions do not say. `not_emotions` are
    families, and keys of single emotions, that must not be dealt into it.
    """

    prompt_id: str
    title: str
    text: str
    roles: tuple[Role, ...]
    fewest_performers: int
    place: str = ""
    relationship: str = ""
    tags: frozenset[str] = frozenset()
    pull: frozenset[Family] = frozenset()
    not_emotions: frozenset[str] = frozenset()
    source: PromptSource = PromptSource.DECK

    @property
    def most_performers(self) -> int:
        """The number of performers that it has roles for."""
        return len(self.roles)

    def excludes(self, emotion: Emotion) -> bool:
        """Whether an emotion must not be dealt into it, as a target or as a second emotion."""
        return emotion.is_among(self.not_emotions)


def parse_prompt(table: Table, topics: Topics, problems: list[DataFileInvalid]) -> Prompt | None:
    """Return a prompt if every field is valid. If not, return None and note the problem of each field."""
    readers: Mapping[str, Callable[[], Any]] = {
        "prompt_id": lambda: _parse_id(table),
        "title": lambda: table.string("title", longest=LONGEST_NAME),
        "text": lambda: table.string("text", longest=LONGEST_TEXT),
        "roles": lambda: parse_roles(table),
        "fewest_performers": lambda: _parse_fewest(table, read.get("roles", ())),
        "place": lambda: table.string("place", "", longest=LONGEST_NAME),
        "relationship": lambda: table.string("relationship", "", longest=LONGEST_RELATIONSHIP),
        "tags": lambda: _parse_tags(table, topics),
        "pull": lambda: _parse_pull(table),
        "not_emotions": lambda: _parse_not_emotions(table),
    }
    read, earlier = dict[str, Any](), len(problems)
    with noting(problems):
        table.only(*_FIELDS)
    for name, reader in readers.items():
        with noting(problems):
            read[name] = reader()
    return Prompt(**read) if len(problems) == earlier else None


def _parse_id(table: Table) -> str:
    prompt_id = table.string("id", longest=LONGEST_NAME)
    if not _ID.fullmatch(prompt_id):
        raise table.invalid("id", "'id' must consist of lower-case letters, digits and single hyphens")
    return prompt_id


def _parse_fewest(table: Table, roles: Sequence[Role]) -> int:
    most = len(roles) or LARGEST_CAST
    fewest = table.integer("fewest_performers", SMALLEST_CAST, most, most)
    required = sum(role.is_required for role in roles)
    if required > fewest:
        problem = f"{required} roles are 'required', so 'fewest_performers' must be at least {required}"
        raise table.invalid("fewest_performers", problem)
    return fewest


def _parse_tags(table: Table, topics: Topics) -> frozenset[str]:
    tags = table.strings("tags", ())
    for tag in tags:
        if tag not in topics:
            problem = f"the tag '{tag}' is not a topic; the topics are {', '.join(topics.keys)}"
            raise table.invalid("tags", problem, item=tag)
    return frozenset(tags)


def _parse_pull(table: Table) -> frozenset[Family]:
    families = table.strings("pull", ())
    for family in families:
        if family not in tuple(Family):
            problem = f"'{family}' is not a family of emotions; the families are {_FAMILIES}"
            raise table.invalid("pull", problem, item=family)
    if len(set(families)) > MOST_FAMILIES:
        raise table.invalid("pull", f"'pull' must name at most {MOST_FAMILIES} families: those that are favoured most")
    return frozenset(map(Family, families))


def _parse_not_emotions(table: Table) -> frozenset[str]:
    excluded = table.strings("not_emotions", ())
    for key in excluded:
        if not _EMOTION.fullmatch(key):
            problem = f"'{key}' is neither a family of emotions ({_FAMILIES}) nor the key of an emotion"
            raise table.invalid("not_emotions", problem, item=key)
    return frozenset(excluded)
