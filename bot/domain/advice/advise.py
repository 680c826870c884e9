"""Reads a deck that can be used, and says what would make it better."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.domain.advice.balance import about_balance
from bot.domain.advice.prompt_rules import about_desire, about_excluded, about_eyes, about_pull, about_tags
from bot.domain.advice.role_rules import about_likeness, about_required, about_secrets, about_wants
from bot.domain.advice.written import Advice, Written, written
from bot.domain.decks import parse_deck
from bot.domain.tables import parse_table
from bot.domain.topics import Topics

_RULES = (about_pull, about_wants, about_likeness, about_secrets, about_required, about_eyes, about_desire)


def advise(file: str, text: str, topics: Topics, emotions: Collection[str]) -> Sequence[Advice]:
    """Return every piece of advice about a deck, by line. `emotions` are the keys of every emotion set.

    Raises DataFileInvalid if the deck cannot be used.
    """
    deck = parse_deck("", file, text, topics)
    tables = parse_table(file, text).tables("prompts")
    prompts = [written(prompt, table) for prompt, table in zip(deck.prompts, tables, strict=True)]
    found = [advice for one in prompts for advice in _about(one, topics, emotions)]
    return sorted([*about_balance(prompts), *found], key=lambda advice: advice.line)


def _about(one: Written, topics: Topics, emotions: Collection[str]) -> Iterator[Advice]:
    for rule in _RULES:
        yield from rule(one)
    yield from about_excluded(one, emotions)
    yield from about_tags(one, topics)
