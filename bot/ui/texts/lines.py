"""Lines as a form and its answer: topics that a performer will not play."""

from __future__ import annotations

from bot.ui.texts.words import count

FORM_TITLE = "Your lines"
QUESTION = "I will not play scenes about"
EXPLAINED = "Nobody else sees this. Such scenes are not dealt while you are in the channel."
NONE_CHOSEN = "No lines: I play everything"


def kept_text(lines: int) -> str:
    """For whoever sent the form: how many lines they have now."""
    if not lines:
        return "Kept: you have no lines. Draw some whenever you like, with **Lines** or `/lines`."
    return f"Kept: {count(lines, 'line')}, for you alone to see. They count from the next deal on."
