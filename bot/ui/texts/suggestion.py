"""The form for a scene from a suggestion."""

from __future__ import annotations

from bot.ui.texts.language import phrase

FORM_TITLE = phrase("A scene from a suggestion")
SITUATION = phrase("The situation")
SITUATION_EXPLAINED = phrase("Everyone on stage reads it, and it is exported. Name no one who is here.")
PLACE = phrase("Where? (optional)")
PLACE_EXPLAINED = phrase("For example: a launderette at night")
BETWEEN = phrase("What are they to each other? (optional)")
BETWEEN_EXPLAINED = phrase("For example: neighbours who have never spoken")
TOPICS = phrase("What does it touch?")
TOPICS_EXPLAINED = phrase("It is not dealt if someone here has drawn a line at one of these.")
NO_TOPICS = phrase("Nothing in this list")
