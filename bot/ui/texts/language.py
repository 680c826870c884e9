"""The language of what people read and hear: English phrases in the code, said in the language that is in force.

English is in the modules beside this one, as the first argument of `say`, `say_count` and `phrase`. Words of another
language come from its `screens.po` (gettext); what is missing there is said in English.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from bot.services.facts.phrases import IN_ENGLISH, Phrases

_in_force: ContextVar[Phrases] = ContextVar("language", default=IN_ENGLISH)


@contextmanager
def speaking(phrases: Phrases) -> Generator[None]:
    """Everything that is said within is said with these phrases, also in tasks that begin within."""
    before = _in_force.set(phrases)
    try:
        yield
    finally:
        _in_force.reset(before)


def speak_on(phrases: Phrases) -> None:
    """Say everything with these phrases from here on, until the end of the task or of an enclosing `speaking`."""
    _in_force.set(phrases)


def language_in_force() -> str:
    """The tag of the language that is spoken now."""
    return _in_force.get().language


def phrase(english: str) -> str:
    """Mark a phrase that is said later, with `say(CONSTANT)`: nothing is translated when a module is imported."""
    return english


def say(english: str, /, **fields: object) -> str:
    """A phrase in the language that is in force. `fields` take the places in braces, as in `str.format`."""
    said = _in_force.get().one(english)
    return said.format(**fields) if fields else said


def say_count(one: str, many: str, number: int, /, **fields: object) -> str:
    """A phrase with a `{number}` in the language that is in force, in the plural form that it has there."""
    return _in_force.get().counted(one, many, number).format(number=number, **fields)


def say_all(things: Sequence[str]) -> str:
    """Several things in one phrase: "a, b and c"."""
    if len(things) < 2:
        return "".join(things)
    return say("{others} and {last}", others=", ".join(things[:-1]), last=things[-1])
