"""The form for lines and its answer: topics that a performer will not play."""

from __future__ import annotations

from bot.ui.texts.words import count

FORM_TITLE = "Your lines"
QUESTION = "I will not play scenes about"
EXPLAINED = "No one else sees this. Such scenes are not dealt while you are in the channel."
NONE_CHOSEN = "No lines: I play everything"


def kept_text(lines: int) -> str:
    """For the person who sent the form: how many lines they have now."""
    if not lines:
        return "Saved: you have no lines. You can draw some at any time with **Lines** or `/lines`."
    return f"Saved: {count(lines, 'line')}, visible only to you. They apply from the next deal."
