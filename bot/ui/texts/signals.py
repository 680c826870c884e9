"""What performers read on stage besides their cue: short enough for a glance, and the same for everyone."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import as_typed

KEEP_IT_LIGHTER = phrase("## 🪶 Keep it lighter from here\nThe scene goes on. No one needs to say why.")
"""For everyone on stage, the person who pressed Ease off among them."""

EASED = phrase(
    "Everyone on stage has been asked to keep it lighter. No one is told who pressed, and no one will ask why."
)
"""For the person who pressed Ease off, whether or not someone else had just done so."""


def ends_soon_text(seconds: int) -> str:
    """For a performer: their take's time is nearly up."""
    return say(
        "## ⏳ {seconds} seconds left\nFind your ending. If the scene ends earlier, that is fine.", seconds=seconds
    )


def coaching_text(text: str) -> str:
    """For one performer's eyes only, in the middle of the scene."""
    return say("## 🎬 A word from the director\n> {text}", text=as_typed(text))


def coached_text(performer: UserId) -> str:
    """For the coordinator, once a performer was told something."""
    return say(
        "{performer} was told so in private. The dataset says that they were, and when, without your words.",
        performer=f"<@{performer}>",
    )
