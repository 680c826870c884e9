"""The form for a scene from a suggestion."""

from __future__ import annotations

FORM_TITLE = "A scene from a suggestion"
SITUATION = "The situation"
SITUATION_EXPLAINED = "Everyone on stage reads it, and it is exported. Name no one who is here."
PLACE = "Where? (optional)"
PLACE_EXPLAINED = "For example: a launderette at night"
BETWEEN = "What are they to each other? (optional)"
BETWEEN_EXPLAINED = "For example: neighbours who have never spoken"
TOPICS = "What does it touch?"
TOPICS_EXPLAINED = "It is not dealt if someone here has drawn a line at one of these."
NO_TOPICS = "Nothing in this list"
