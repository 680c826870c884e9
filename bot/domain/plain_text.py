"""Texts that say what they seem to say: no invisible characters, no change of direction, no link under other words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MASKED_LINK: Final = re.compile(r"\]\(\s*<?\s*[A-Za-z][A-Za-z0-9+.-]*:")
"""The end of `[words](address)`, which Discord shows as the words alone."""

_JOINERS: Final = "\u200c\u200d"
"""ZERO WIDTH NON-JOINER and JOINER: Persian and Indic words need them between letters, emoji between their parts."""

_CONTROLS: Final = frozenset({"Cc", "Cf", "Cs"})
"""Unicode's categories of control and format characters, which direction marks are among, and halves of characters."""

_WHITE: Final = "\t\n\r"


def problem_of(text: str, *, may_link: bool = False) -> str | None:
    """Return what in a text would deceive its readers, as a sentence; None if nothing would."""
    for place, character in enumerate(text):
        if _is_hidden(text, place):
            name = unicodedata.name(character, "control character")
            return f"it contains an invisible character, {name} (U+{ord(character):04X}); remove it"
    if not may_link and _MASKED_LINK.search(text):
        return "it hides a link behind other words; write the address itself, without [ ]( )"
    return None


def visible(text: str) -> str:
    """Return a text without invisible characters."""
    return "".join(character for place, character in enumerate(text) if not _is_hidden(text, place))


def _is_hidden(text: str, place: int) -> bool:
    character = text[place]
    if character.isascii():
        return not character.isprintable() and character not in _WHITE
    if unicodedata.category(character) not in _CONTROLS:
        return False
    return not (character in _JOINERS and 0 < place < len(text) - 1 and _joins(text[place - 1], text[place + 1]))


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between two characters does something: both are letters beyond Latin, or parts of an emoji."""
    kinds = {unicodedata.category(one)[0] for one in (before, after)}
    return (kinds <= {"L", "M"} and min(before, after) > "\u0590") or kinds <= {"S", "M"}
