"""Cards and cues as their performers read them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

_FEELING = re.compile(r"\*\*You feel\*\* ([^,.:]+)[,.:]")
_ROLE = re.compile(r"\*\*You are\*\* (.+)\.")
_VOICE = re.compile(r"\*\*Your voice is ([^*]+)\*\*")
_CUE = re.compile(r"\*\*Now:\*\* ([^,:\n]+)")


@dataclass(frozen=True, slots=True)
class CardRead:
    """A performer's part in the words that they were shown; `character` is None without a voice of their own.

    No emotion is on the card of a calibration.
    """

    emotion: str | None
    role: str
    character: str | None

    def as_fields(self) -> dict[str, str | None]:
        """Return the fields for the journal."""
        return asdict(self)


def is_card(text: str) -> bool:
    """Whether a text says what its reader feels on stage."""
    return _FEELING.search(text) is not None


def read_card(text: str) -> CardRead:
    """Read a card. Raises ValueError if it is not one."""
    feeling, role, voice = _FEELING.search(text), _ROLE.search(text), _VOICE.search(text)
    if feeling is None or role is None:
        raise ValueError(f"This is not a card: {text[:200]!r}.")
    return CardRead(feeling[1], role[1], voice[1] if voice else None)


def read_cue(text: str) -> str | None:
    """Return the emotion that a cue asks for, or None if the text is not a cue."""
    found = _CUE.search(text)
    return found[1] if found else None
