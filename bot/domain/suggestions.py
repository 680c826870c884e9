"""Scenes from a suggestion: what a coordinator types on the spot, put into a frame of roles that fit any situation."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.plain_text import problem_of
from bot.domain.prompts import LONGEST_NAME, LONGEST_RELATIONSHIP, LONGEST_TEXT, Prompt
from bot.domain.states import PromptSource

_DISCORD_ID: Final = re.compile(r"<[@#][!&]?\d+>|\d{15,}")
"""A mention, or the bare number of an account or a channel: nothing that is exported may contain one."""

_KEY_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A situation, and where and between whom if that was suggested. `topics` are the keys of what it touches."""

    text: str
    place: str = ""
    relationship: str = ""
    topics: frozenset[str] = frozenset()


def tidy(suggestion: Suggestion) -> Suggestion:
    """Return a suggestion in single lines, without the full stops that screens put after places and relationships."""
    text, place, between = (
        " ".join(one.split()) for one in (suggestion.text, suggestion.place, suggestion.relationship)
    )
    return replace(suggestion, text=text, place=place.rstrip("."), relationship=between.rstrip("."))


def suggestion_problem(suggestion: Suggestion) -> str | None:
    """Return why a tidy suggestion cannot be dealt, as the end of a sentence; None if it can."""
    fields = (
        ("situation", suggestion.text, LONGEST_TEXT),
        ("place", suggestion.place, LONGEST_NAME),
        ("relationship", suggestion.relationship, LONGEST_RELATIONSHIP),
    )
    if not suggestion.text:
        return "the situation is empty; write at least one sentence"
    for name, text, longest in fields:
        if len(text) > longest:
            return f"the {name} has more than {longest} characters; shorten it"
        if problem := problem_of(text):
            return f"look at the {name}: {problem}"
        if _DISCORD_ID.search(text):
            return f"look at the {name}: it mentions an account or a channel; prompts are exported, so leave it out"
    return None


def suggested_prompt(frame: Prompt, suggestion: Suggestion) -> Prompt:
    """Return the prompt of a tidy suggestion in a frame. The same suggestion has the same id, which says what it is."""
    words = "\n".join((suggestion.text, suggestion.place, suggestion.relationship))
    return replace(
        frame,
        prompt_id=f"suggestion-{hashlib.sha256(words.encode()).hexdigest()[:_KEY_DIGITS]}",
        text=suggestion.text,
        place=suggestion.place,
        relationship=suggestion.relationship,
        tags=suggestion.topics,
        source=PromptSource.SUGGESTION,
    )
