"""Calibration cards, and what people read in interludes, as they see it."""

from __future__ import annotations

import re

from bot.rehearsal.cast.cards import CardRead

_HEAD = re.compile(r"^## Calibration: ", re.MULTILINE)
_VOICE = re.compile(r"\*\*Your voice is ([^*]+)\*\*")
_READING = "read this aloud"
_UNKEPT = "Only you see this. No one asks for an answer"


def read_calibration(text: str) -> CardRead | None:
    """Return a part of a calibration as its performer reads it; None if the text is not one. No emotion is on it."""
    if not _HEAD.search(text):
        return None
    voice = _VOICE.search(text)
    return CardRead(None, "reader" if _READING in text else "speaker", voice[1] if voice else None)


def is_debrief_prompt(text: str) -> bool:
    """Whether a text is for one person to think about in a debrief."""
    return _UNKEPT in text
