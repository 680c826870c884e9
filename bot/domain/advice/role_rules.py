"""Rules about the roles of a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from bot.domain.advice.words import DEED, SECRET, words
from bot.domain.advice.written import Advice, Passage, Rule, Written

MOST_SHARED = 0.6
"""The share of the shorter role's words that two roles can have in common without being alike."""
FEWEST_SHARED = 3

_WORD = re.compile(r"[a-z']{4,}")
_EMPTY = words(
    r"does|everything|from|have|here|nobody|only|said|somebody|someone|than|that|their|them|there|they|this|those|what",
    r"when|where|which|whose|with|would|your",
)
_HEAD = re.compile(
    r"(?:the|an?|his|her|their|your) ((?:[\w'-]+ )*?)([\w'-]+)(?=,| who\b| whose\b| with\b| of\b| in\b| at\b|$)"
)
_CLAUSE = re.compile(r"the one (who [^,]+)")
_ANYONE = frozenset(
    {"one", "friend", "neighbour", "partner", "colleague", "person", "guest", "half", "brother", "sister"}
)


def about_wants(one: Written) -> Iterator[Advice]:
    """Every role wants something from the others."""
    without = [role for role, want in zip(one.roles, one.wants, strict=True) if not want.text]
    if len(without) == len(one.roles):
        line = without[0].line
        yield Advice(line, Rule.WANT, "no role has a 'want': say what each wants from the others, now")
        return
    for role in without:
        yield Advice(role.line, Rule.WANT, "this role has no 'want': say what it wants from the others, now")


def about_likeness(one: Written) -> Iterator[Advice]:
    """No two roles are alike, or want the same."""
    for first, second in combinations(range(len(one.roles)), 2):
        want = one.wants[second].text.casefold()
        if want and want == one.wants[first].text.casefold():
            yield Advice(one.wants[second].line, Rule.ALIKE, "two roles want the same: let them disagree")
        if _are_alike(one.roles[first], one.roles[second]):
            yield Advice(one.roles[second].line, Rule.ALIKE, "two roles are alike: make them different people")


def about_secrets(one: Written) -> Iterator[Advice]:
    """At most one role has a secret, and it is marked."""
    marked = [role.has_secret for role in one.prompt.roles]
    told = [SECRET.search(role.text) for role in one.roles]
    hidden = [role for role, is_marked, found in zip(one.roles, marked, told, strict=True) if is_marked or found]
    if len(hidden) > 1:
        problem = f"{len(hidden)} roles keep something from the others: leave one secret, and tell the rest to everyone"
        yield Advice(hidden[1].line, Rule.SECRET, problem)
        return
    for role, is_marked, found in zip(one.roles, marked, told, strict=True):
        if found and not is_marked:
            yield Advice(role.line, Rule.SECRET, f"“{found[0]}” sounds like a secret: mark it with 'secret = true'")


def about_required(one: Written) -> Iterator[Advice]:
    """A role that something else speaks of does not stay home."""
    prompt = one.prompt
    if prompt.fewest_performers == prompt.most_performers:
        return
    for number, role in enumerate(one.roles):
        if not prompt.roles[number].is_required and (spoken := _mentioned(one, number)):
            problem = f"“{spoken}” speaks of this role, which may stay home: mark it with 'required = true'"
            yield Advice(role.line, Rule.REQUIRED, problem)


def _are_alike(one: Passage, other: Passage) -> bool:
    first, second = (set(_WORD.findall(_EMPTY.sub("", role.text.lower()))) for role in (one, other))
    shared = len(first & second)
    return shared >= FEWEST_SHARED and shared >= MOST_SHARED * min(len(first), len(second))


def _mentioned(one: Written, number: int) -> str | None:
    """Return the words elsewhere in a prompt that speak of a role; None if none do."""
    role = one.roles[number].text
    if found := DEED.search(role):
        return found[0]
    elsewhere = [one.text, *(text for at, text in enumerate(one.roles) if at != number)]
    elsewhere += [text for at, text in enumerate(one.wants) if at != number]
    if found := _CLAUSE.match(role):
        return _first(rf"\b{re.escape(found[1])}\b", elsewhere)
    found = None if role.startswith("the one ") else _HEAD.match(role)
    if found is None or found[2].lower() in _ANYONE:
        return None
    noun, own = re.escape(found[2]), re.escape(found[1])
    within = _first(rf"\b(?:the|this|that|one) (?:{own})?{noun}\b", elsewhere)
    return within or _first(rf"\b(?:the|an?) (?:{own})?{noun}\b", [one.relationship])


def _first(pattern: str, passages: list[Passage]) -> str | None:
    matches = (re.search(pattern, passage.text, re.IGNORECASE) for passage in passages)
    return next((found[0] for found in matches if found), None)
