"""Interludes: what people do in the channel while nothing is recorded at all. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.states import Interlude
from bot.domain.tables import Table, parse_table

_LONGEST_TITLE = 60
_LONGEST_TEXT = 500
_LONGEST_PROMPT = 160


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the warm-up."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class InterludeTexts:
    """What people read in interludes. `prompts` are for one person at a time; no one is asked for an answer."""

    exercises: tuple[Exercise, ...]
    try_out: str
    de_role: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterludeShown:
    """The interlude that a session is in, and what everyone reads. Only a warm-up has numbered exercises."""

    kind: Interlude
    text: str
    title: str | None = None
    number: int = 1
    of: int = 1


def first_shown(kind: Interlude, texts: InterludeTexts) -> InterludeShown:
    """Return what an interlude begins with."""
    if kind is Interlude.WARM_UP:
        return _exercise(texts, 0)
    return InterludeShown(kind, texts.try_out if kind is Interlude.VOICES else texts.de_role)


def next_exercise(shown: InterludeShown, texts: InterludeTexts) -> InterludeShown:
    """Return the warm-up with the exercise after this one; after the last one, the first one again."""
    return _exercise(texts, shown.number % len(texts.exercises))


def parse_interludes(file: str, text: str) -> InterludeTexts:
    """Read the texts of a language. Raises DataFileInvalid with the line of the first problem."""
    table = parse_table(file, text)
    table.only("exercises", "try_out", "de_role", "prompts")
    prompts = table.strings("prompts", longest=_LONGEST_PROMPT)
    if not prompts:
        raise table.invalid("prompts", "'prompts' must have at least one text")
    return InterludeTexts(
        tuple(map(_parse_exercise, table.tables("exercises"))),
        table.string("try_out", longest=_LONGEST_TEXT),
        table.string("de_role", longest=_LONGEST_TEXT),
        prompts,
    )


def _parse_exercise(entry: Table) -> Exercise:
    entry.only("title", "text")
    return Exercise(entry.string("title", longest=_LONGEST_TITLE), entry.string("text", longest=_LONGEST_TEXT))


def _exercise(texts: InterludeTexts, place: int) -> InterludeShown:
    one = texts.exercises[place]
    return InterludeShown(Interlude.WARM_UP, one.text, one.title, place + 1, len(texts.exercises))
