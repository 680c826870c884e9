"""Decks that prompts are dealt from."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import DataFileInvalid
from bot.domain.prompts import LONGEST_NAME, Prompt, parse_prompt
from bot.domain.tables import MOST_PROBLEMS, noting, parse_table
from bot.domain.topics import Topics

__all__ = ["Deck", "Prompt", "deck_name", "deck_problems", "parse_deck"]


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
            prompt = parse_prompt(entry, topics, problems)
            if prompt is not None:
                with noting(problems):
                    if prompt.prompt_id in prompts:
                        raise entry.invalid("id", f"the id '{prompt.prompt_id}' is used twice")
                    prompts[prompt.prompt_id] = prompt
    return (Deck(name, title, tuple(prompts.values())) if prompts else None), problems
