"""`/privacy`: the operator's privacy notice."""

from __future__ import annotations

from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import as_typed

NO_NOTICE = phrase(
    "The operator of this bot has not given a privacy notice here. Ask a coordinator: they set its address or text "
    "with `/privacy notice:`. What the bot holds about you is in `/held`."
)
SAVED = phrase("Saved. `/privacy` shows this to everyone here.")


def notice_text(notice: str) -> str:
    """The notice as the operator gave it."""
    return f"**{say('Privacy notice of the operator')}**\n{notice}"


def notice_of(server: str, notice: str) -> str:
    """The notice of one of several servers."""
    return f"**{as_typed(server)}**\n{notice}"
