"""All English phrases of the screens, as a gettext catalogue: what a translation has to say."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.services.facts.phrases import has_other_fields, is_translated
from bot.voice.connection.close_codes import CLAUSES

_HEAD: Final = "# The phrases of Promptbook's screens. Leave the fields in braces, and `/commands`, as they are."


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is wrong with a translation: phrases that it lacks, that have other fields, and that no screen says."""

    phrases: int
    missing: Sequence[str]
    other_fields: Sequence[str]
    unknown: Sequence[str]


def english_catalogue() -> Catalog:
    """Every phrase that the modules beside this one say, in the order of their files, and why connections end."""
    catalogue = Catalog(project="Promptbook", header_comment=_HEAD, fuzzy=False)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        for message in _said_in(path.read_text("utf-8")):
            catalogue.add(message)
    for clause in CLAUSES:
        catalogue.add(clause)
    return catalogue


def _said_in(source: str) -> Iterator[str | tuple[str, str]]:
    """The phrases of one module, a pair if they have a plural.

    Babel's own extraction takes fields that are f-strings for phrases, and warns of each.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(ast.Name("say" | "phrase"), [ast.Constant(str(english))]):
                yield english
            case ast.Call(ast.Name("say_count"), [ast.Constant(str(one)), ast.Constant(str(many)), _]):
                yield one, many
            case _:
                pass


def gaps_in(translation: Catalog) -> Gaps:
    """Compare a translation with the phrases that the screens say."""
    english = {first_form(message.id) for message in english_catalogue() if message.id}
    there = {first_form(message.id): message for message in translation if message.id}
    said = {one for one, message in there.items() if is_translated(message)}
    return Gaps(
        len(english),
        sorted(english - said),
        sorted(one for one in said & english if has_other_fields(there[one])),
        sorted(there.keys() - english),
    )


def updated(translation: Catalog | None, language: str) -> bytes:
    """A `screens.po` with every phrase: what `translation` says stays, and what is new is empty."""
    template = english_catalogue()
    if translation is None:
        translation = Catalog(language, project="Promptbook", header_comment=_HEAD, fuzzy=False)
    translation.update(template, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(written, translation, width=0, omit_header=False, ignore_obsolete=True)
    return written.getvalue()


def first_form(message_id: str | Collection[str]) -> str:
    """The English phrase by which a message is found: the singular, if it has a plural."""
    return message_id if isinstance(message_id, str) else next(iter(message_id))
