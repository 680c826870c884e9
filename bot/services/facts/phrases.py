"""The screens' phrases in one language, read from its `screens.po`."""

from __future__ import annotations

import gettext
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.domain.errors import DataFileInvalid
from bot.domain.languages import ENGLISH

_FIELD = re.compile(r"\{(\w*)[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the screens say in one language. A phrase that is missing is said in English."""

    language: str
    _translated: gettext.NullTranslations = field(default_factory=gettext.NullTranslations, compare=False)

    def one(self, english: str) -> str:
        """A phrase in this language."""
        return self._translated.gettext(english)

    def counted(self, one: str, many: str, number: int) -> str:
        """A phrase with a number in this language, whose plural forms the file itself describes."""
        return self._translated.ngettext(one, many, number)


IN_ENGLISH = Phrases(ENGLISH)
"""English is in the code: every phrase is itself."""


def read_phrases(language: str, file: str, path: Path) -> Phrases:
    """The phrases of a `screens.po`, each file version parsed once. `file` is its name in errors.

    A translation whose fields are not those of its English phrase is left out, because it could not be filled in.
    Raises DataFileInvalid.
    """
    try:
        changed = path.stat()
        return _phrases(language, file, path, changed.st_mtime_ns, changed.st_size)
    except OSError as error:
        raise DataFileInvalid(file, 1, f"the file cannot be read: {error.strerror}") from error


@lru_cache(maxsize=32)
def _phrases(language: str, file: str, path: Path, _changed_ns: int, _size: int) -> Phrases:
    compiled = BytesIO()
    write_mo(compiled, usable(read_catalogue(file, path)))
    compiled.seek(0)
    return Phrases(language, gettext.GNUTranslations(compiled))


def read_catalogue(file: str, path: Path) -> Catalog:
    """All entries of a `screens.po`. Raises DataFileInvalid with the line of the first mistake."""
    try:
        return read_po(BytesIO(path.read_bytes()), abort_invalid=True)
    except PoFileError as error:
        raise DataFileInvalid(file, error.lineno + 1, "this line is not in the format of .po files") from error
    except (ValueError, LookupError) as error:
        raise DataFileInvalid(file, 1, f"the file cannot be read as a .po file in UTF-8: {error}") from error


def usable(read: Catalog) -> Catalog:
    """The catalogue with only what can be said: translated, not fuzzy, and with the fields of the English phrase."""
    for message in list(read):
        if message.id and (not is_translated(message) or has_other_fields(message)):
            read.delete(message.id)
    return read


def is_translated(message: Message) -> bool:
    """Whether an entry says something in every form, and no one has to look at it again."""
    forms = said_by(message)
    return not message.fuzzy and bool(forms) and all(forms)


def has_other_fields(message: Message) -> bool:
    """Whether a translated entry has other fields in braces than its English phrase.

    The number of a plural can be left out: languages write "one take" and "no takes".
    """
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    wanted = fields_of(english[-1])
    optional = {"number"} if message.pluralizable else set[str]()
    return any(fields_of(form) | optional != wanted | optional for form in said_by(message))


def said_by(message: Message) -> Sequence[str]:
    """What an entry says in its language: one form, or one per plural form."""
    said = message.string
    return [said] if isinstance(said, str) else list(said or ())


def fields_of(phrase: str) -> set[str]:
    """The names of the fields in braces."""
    return set(_FIELD.findall(phrase))
